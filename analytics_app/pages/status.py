"""Status: whether the numbers are fresh, complete and checked, and how to send a first tag."""

from datetime import date

import streamlit as st

from analytics_app import cards, frame, frames, texts
from analytics_app.first_tag import first_tag
from analytics_app.frames import Answer
from analytics_app.session import Viewer


def show(viewer: Viewer) -> None:
    """Lay out what ``GET /status`` says."""
    answer = viewer.ask.status()
    frame.title("Status", texts.CAPTIONS["status"])
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.html(cards.heading("What is shown", "The newest numbers that passed every check."))
        st.html(cards.facts(snapshot_facts(viewer, answer)))
    with right, st.container(border=True, height="stretch"):
        _last_run(viewer, answer)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.html(cards.heading("Ledger", "Every tag that was sent is accounted for."))
        st.html(cards.facts(ledger_facts(answer)))
    with right, st.container(border=True, height="stretch"):
        st.html(cards.heading("Your first tag", texts.FIRST_TAG))
        st.code(first_tag(viewer), language="bash", wrap_lines=True)


def snapshot_facts(viewer: Viewer, answer: Answer) -> list[tuple[str, str]]:
    """Which snapshot the pages draw from."""
    snapshot = answer.get("snapshot")
    if not snapshot:
        return [("Snapshot", "none yet")]
    return [
        ("As of", frames.spoken(date.fromisoformat(snapshot["asOfDay"]))),
        ("Built", viewer.clock(snapshot["builtAt"])),
        ("Snapshot", snapshot["id"]),
    ]


def _last_run(viewer: Viewer, answer: Answer) -> None:
    st.html(cards.heading("Last refresh", "A failed check keeps the older numbers in place."))
    run = frame.last_run_of(answer)
    if run is None:
        st.html(cards.note("No refresh has run yet."))
        return
    words = {
        "published": "Every check passed; new numbers were published.",
        "audit_failed": "A check failed; nothing was published.",
        "failed": "The refresh did not finish; nothing was published.",
    }
    finished = run.get("finishedAt")
    st.html(
        cards.note(
            f"Finished {viewer.clock(finished)}." if finished else "",
            tone="" if run["outcome"] == "published" else "warn",
            strong=words.get(str(run["outcome"]), str(run["outcome"])),
        )
    )
    failed = [
        (check["name"], check.get("message") or "") for check in run.get("failedChecks") or []
    ]
    if failed:
        st.html(cards.facts(failed))


def ledger_facts(answer: Answer) -> list[tuple[str, str]]:
    """The ledger's sums, as far as this viewer may see them."""
    ledger = answer.get("ledger") or {}
    words = {
        "received": "Tags received",
        "stored": "Stored",
        "duplicates": "Seen before",
        "conflicts": "Same id, other content",
        "rejected": "Rejected, with a reason",
        "residual": "Unaccounted for",
    }
    return [(words[k], f"{ledger[k]:,}") for k in words if k in ledger] or [("Ledger", "not told")]
