"""The frame around every page: style, top row, banner, range filter, "show data", polling."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from analytics_app import cards, sign_in, texts
from analytics_app.api import NoAnswer, Questions
from analytics_app.frames import Answer, spoken
from analytics_app.period import CUSTOM, RANGES, Period, custom, last_days
from analytics_app.session import Viewer, demo_switch, offer_sign_in
from analytics_app.theme import Palette, palette_for
from heat.settings import Settings

POLL_SECONDS = 5


def palette() -> Palette:
    """Colours of the theme that the viewer's browser shows."""
    return palette_for(st.context.theme.type)


def top_row(viewer: Viewer, settings: Settings) -> None:
    """Who looks, and how to be somebody else (demo) or to leave."""
    with st.container(
        key="who", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        if settings.app_sign_in == "demo":
            demo_switch(settings, viewer.user_id)
        else:
            st.html(cards.signed_in(viewer.name, sign_in.OUT_PATH), width="content")


def banner(status: Answer) -> None:
    """Say it when the newest data is not what is shown."""
    snapshot = status.get("snapshot")
    last_run = last_run_of(status)
    if snapshot is None:
        st.html(cards.note(texts.NO_SNAPSHOT, tone="warn"))
    if last_run is None or last_run["outcome"] == "published":
        return
    as_of = spoken(date.fromisoformat(snapshot["asOfDay"])) if snapshot else "no day yet"
    failed = ", ".join(check["name"] for check in last_run.get("failedChecks") or [])
    sentence = texts.STALE if last_run["outcome"] == "audit_failed" else texts.STALE_RUN
    more = f" ({failed})" if failed else ""
    st.html(cards.note(sentence.format(as_of=as_of) + more, tone="warn"))


def last_run_of(status: Answer) -> Answer | None:
    """The last run, which stands beside the snapshot or, before the first one, alone."""
    return (status.get("snapshot") or {}).get("lastRun") or status.get("lastRun")


def title(text: str, caption: str) -> None:
    """Title of the page and its one line."""
    st.html(cards.title(text, caption))


def state(no: NoAnswer) -> None:
    """A page that has no answer says so, and shows nothing else."""
    hint = texts.API_AWAY_HINT if no.kind == "away" else ""
    tone = "bad" if no.kind == "away" else "warn"
    st.html(cards.note(hint or no.sentence, tone=tone, strong=no.sentence if hint else ""))
    if no.kind == "signed_out":
        offer_sign_in()


def choose_range(page: str, default: str, ranges: Mapping[str, int] = RANGES) -> int | Period:
    """The range filter; it lives in the address (``range``, or ``from`` and ``to``).

    :returns: a number of days that end today, or the period of a custom range.
    """
    options = [*ranges, CUSTOM]
    asked = custom(st.query_params.get("from"), st.query_params.get("to"))
    proposed = CUSTOM if asked else st.query_params.get("range", default)
    key = f"range_{page}"
    if key not in st.session_state:
        st.session_state[key] = proposed if proposed in options else default
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "Range", options, required=True, key=key, label_visibility="collapsed"
        )
        if chosen != CUSTOM:
            forget("from", "to")
            st.query_params["range"] = chosen or default
            return ranges[chosen or default]
        shown = asked or last_days(30, date.today())
        picked = st.date_input(
            "From and to",
            (shown.first, shown.last),
            key=f"days_{page}",
            label_visibility="collapsed",
            width=240,
        )
    if isinstance(picked, tuple) and len(picked) == 2:
        shown = Period(*picked)
    forget("range")
    st.query_params.update(shown.params)
    return shown


def forget(*params: str) -> None:
    """Take parameters out of the address."""
    for param in params:
        if param in st.query_params:
            del st.query_params[param]


def period_of(
    chosen: int | Period, default_days: int, ask: Callable[[Period | None], Answer]
) -> Answer:
    """Ask for a range that ends on the subject's own today, which the API knows.

    :param default_days: what the API answers for without a range.
    """
    if isinstance(chosen, Period):
        return ask(chosen)
    answer = ask(None)
    if chosen == default_days:
        return answer
    return ask(last_days(chosen, date.fromisoformat(answer["to"])))


def show_data(frame: pl.DataFrame, columns: Mapping[str, str], *, key: str) -> None:
    """The table behind a chart, for those who do not read charts.

    :param columns: column → heading, in order.
    """
    shown = [name for name in columns if name in frame.columns]
    with st.popover("Show data", type="tertiary", icon=":material/table:", key=f"data_{key}"):
        st.dataframe(
            frame.select(shown).rename({name: columns[name] for name in shown}), hide_index=True
        )


def draw(chart: alt.LayerChart, *, alt_text: str, key: str | None = None) -> None:
    """A chart nobody clicks on."""
    st.altair_chart(chart, theme=None, width="stretch", alt=alt_text, key=key)


def draw_selectable(
    chart: alt.LayerChart,
    *,
    alt_text: str,
    key: str,
    selection: str,
    on_pick: Callable[[Mapping[str, str]], None],
) -> None:
    """A chart whose cells can be picked; ``on_pick`` gets the fields of the one picked."""

    def picked() -> None:
        points = st.session_state[key].get("selection", {}).get(selection) or []
        # an empty selection comes whenever the chart is drawn anew
        if points and isinstance(points[0], dict):
            on_pick(points[0])

    st.altair_chart(
        chart,
        theme=None,
        width="content" if isinstance(chart.width, int) else "stretch",
        alt=alt_text,
        key=key,
        on_select=picked,
        selection_mode=selection,
    )


def choose(
    label: str, options: Sequence[str], names: Mapping[str, str], *, param: str, width: int = 240
) -> str:
    """One of several, by id in the address (``param``); names never get into it."""
    key = f"choose_{param}"
    asked = st.query_params.get(param)
    if st.session_state.get(key) not in options:
        # the first look, or somebody else looks now
        st.session_state[key] = asked if asked in options else options[0]
    picked = st.selectbox(
        label,
        options,
        format_func=lambda option: names.get(option, option),
        label_visibility="collapsed",
        width=width,
        key=key,
    )
    st.query_params[param] = picked
    return picked


def choose_day(page: str, proposed: date, first: date, last: date) -> date:
    """The day to look into: a date box, the keyboard's way to what a click on a cell does."""
    key = day_key(page)
    day = st.session_state.get(key)
    if day is None:
        day = day_of_address() or proposed
    st.session_state[key] = min(max(day, first), last)
    picked = st.date_input(
        "Day", min_value=first, max_value=last, key=key, format="YYYY-MM-DD", width=170
    )
    st.query_params["day"] = picked.isoformat()
    return picked


def day_key(page: str) -> str:
    """Where a page keeps the day that is looked into."""
    return f"day_{page}"


def day_of_address() -> date | None:
    """The day that the address names, if it is one."""
    try:
        return date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return None


def looked_at(page: str) -> date | None:
    """The day that was picked before the date box is drawn: by a click, or in the address."""
    day = st.session_state.get(day_key(page)) or day_of_address()
    return day if isinstance(day, date) else None


def watch(ask: Questions | None, seen: object) -> None:
    """Run the page again once the API says something new: a snapshot, a run, or anything at all.

    :param seen: :func:`mark` of what this run was drawn from.
    """

    drawn = False

    @st.fragment(run_every=POLL_SECONDS)
    def poll() -> None:
        nonlocal drawn
        # the page's own run comes through here as well: it has only just asked
        if drawn and mark(ask) != seen:
            st.rerun()
        drawn = True

    poll()


def mark(ask: Questions | None, status: Answer | None = None) -> object:
    """What makes one state of HEAT different from the next, for :func:`watch`."""
    if status is None:
        try:
            if ask is None:
                return None
            status = ask.status()
        except NoAnswer as no:
            return no.kind
    snapshot = status.get("snapshot") or {}
    last_run = last_run_of(status) or {}
    return (snapshot.get("id"), last_run.get("finishedAt"), last_run.get("outcome"))
