"""My heat: one person's days. Their own first; a manager's look at a member is the same page."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from analytics_app import cards, frame, frames, texts
from analytics_app.charts import heat, mix
from analytics_app.first_tag import first_tag
from analytics_app.frames import Answer
from analytics_app.session import Viewer
from analytics_app.theme import MARKS
from heat.vocabulary import Level

PAGE = "my_heat"
SHOWN_STREAKS = 3
DEFAULT_DAYS = 90
"""What the API answers for without a range."""


def show(viewer: Viewer) -> None:
    """Lay out one person's page (``person`` in the address, else the viewer's own)."""
    user_id = st.query_params.get("person") or viewer.user_id
    own = user_id == viewer.user_id
    top = st.container()
    chosen = frame.choose_range(PAGE, "90 days")
    answer = frame.period_of(chosen, DEFAULT_DAYS, lambda p: viewer.ask.developer(user_id, p))
    with top:
        name = answer["displayName"] or user_id
        caption = texts.CAPTIONS["my_heat" if own else "colleague"].format(name=name)
        frame.title("My heat" if own else name, caption)
    st.html(cards.kpis(kpis(answer)))
    if not answer["days"]:
        _nothing_yet(viewer, own=own)
    _calendar_and_streaks(answer)
    _sentence(answer, own=own)
    _mix(answer)
    _day(viewer, user_id, answer)


def kpis(answer: Answer) -> list[tuple[str, str, str]]:
    """The four cards: sums and counts of the days shown."""
    days = answer["days"]
    today = date.fromisoformat(answer["today"])
    cards_ = []
    if days:
        last = max(days, key=lambda d: str(d["date"]))
        when = frames.spoken_short(date.fromisoformat(last["date"]))
        value = f"{MARKS[last['color']]} {last['color'].capitalize()}"
        cards_.append(("Last active day", value, f"{last['totalIntensity']} on {when}"))
    else:
        cards_.append(("Last active day", f"{MARKS['not tagged']} None", "no tags in these days"))
    cards_.append(_last_week(answer, today))
    active = [s for s in answer["streaks"] if s["isActive"]]
    serious = [s for s in active if s["level"] in (Level.WARNING, Level.CRITICAL)]
    cards_.append(("Active streaks", str(len(active)), _serious(len(serious))))
    critical = sum(d["color"] == "critical" for d in days)
    cards_.append(("Critical days", str(critical), f"of {texts.plural(len(days), 'tagged day')}"))
    return cards_


def _last_week(answer: Answer, today: date) -> tuple[str, str, str]:
    first, end = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    end = min(end, today)
    week = heat_of(answer["days"], end - timedelta(days=6), end)
    label = "Last 7 days" if end == today else f"7 days to {end.day} {end:%b}"
    if first > end - timedelta(days=13):
        return label, str(week), "total intensity"
    change = week - heat_of(answer["days"], end - timedelta(days=13), end - timedelta(days=7))
    return label, str(week), f"{change:+d} against the 7 days before" if change else "as before"


def _serious(n: int) -> str:
    return "none of them a warning" if n == 0 else f"{n} at warning or critical"


def heat_of(days: list[Answer], first: date, last: date) -> int:
    """Sum of the totals of the days from ``first`` to ``last``."""
    wanted = {d.isoformat() for d in frames.days_between(first, last)}
    return sum(int(d["totalIntensity"]) for d in days if d["date"] in wanted)


def _nothing_yet(viewer: Viewer, *, own: bool) -> None:
    if own:
        st.html(cards.note(texts.FIRST_TAG, strong=texts.NO_TAGS_YET, code=first_tag(viewer)))
    else:
        st.html(cards.note(texts.NO_TAGS_YET))


def _calendar_and_streaks(answer: Answer) -> None:
    palette = frame.palette()
    left, right = st.columns([64, 36])
    with left, st.container(border=True, height="stretch"):
        st.html(
            cards.heading("Calendar", "Total intensity of each day. Click a day to see its tags.")
        )
        st.html(cards.legend(answer["thresholds"], palette))
        days = frames.calendar_days(answer, selected=selected_day(answer))
        with st.container(key="calendar"):
            frame.draw_selectable(
                heat.calendar(days, palette),
                alt_text="Calendar of daily total intensity; its table holds the same numbers",
                key="calendar_chart",
                selection="cell",
                on_pick=_pick,
            )
        _days_table(days)
    with right, st.container(border=True, height="stretch"):
        _streaks(answer)


def _days_table(days: pl.DataFrame) -> None:
    columns = {"day": "Day", "total": "Total intensity", "state": "Level", "tags": "Tags"}
    frame.show_data(days.reverse(), columns, key="calendar")


def _pick(fields: Mapping[str, str]) -> None:
    st.session_state[frame.day_key(PAGE)] = date.fromisoformat(fields["iso"])


def selected_day(answer: Answer) -> date:
    """The day to look into: the picked one, else the last tagged one, else the last shown."""
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    tagged = max((d["date"] for d in answer["days"]), default=answer["to"])
    day = frame.looked_at(PAGE) or date.fromisoformat(tagged)
    return min(max(day, first), last)


def _streaks(answer: Answer) -> None:
    palette = frame.palette()
    st.html(cards.heading("Streaks", "The same task and kind of work, day after day."))
    active = frames.active_streaks(answer["streaks"])
    shown = active[:SHOWN_STREAKS]
    quiet = texts.NO_ACTIVE_STREAK if answer["streaks"] else texts.NO_STREAKS
    st.html(cards.streaks(shown, palette) if shown else cards.note(quiet))
    more_streaks(active[SHOWN_STREAKS:], "more active {}")
    more_streaks([s for s in answer["streaks"] if not s["isActive"]], "{} that ended")


def more_streaks(streaks: list[Answer], label: str) -> None:
    """A quiet table of further streaks, if there are any.

    :param label: with ``{}`` for the word.
    """
    if streaks:
        text = label.format("streak" if len(streaks) == 1 else "streaks")
        with st.popover(f"{len(streaks)} {text}", type="tertiary"):
            st.dataframe(frames.streak_rows(streaks), hide_index=True)


def _sentence(answer: Answer, *, own: bool) -> None:
    palette = frame.palette()
    load, insight = answer["load"], answer["insight"]
    signals = [c for c in answer["conditions"] if c["type"] != "pain_streak"]
    left, right = st.columns([64, 36])
    with left, st.container(border=True, height="stretch"):
        st.html(cards.heading("What stands out"))
        if insight:
            text = insight["recommendation"] or ""
            st.html(cards.note(text, strong=insight["sentence"]))
        else:
            st.html(cards.note(texts.NO_INSIGHT))
        if signals:
            st.html(cards.attention(signals, palette))
    with right, st.container(border=True, height="stretch"):
        st.html(cards.heading("Load", "Against yourself, never against others."))
        st.html(cards.load(load, own=own))
        coverage = answer.get("coverage")
        if own and coverage:
            st.html(cards.own_coverage(coverage))


def _mix(answer: Answer) -> None:
    palette = frame.palette()
    distribution = answer["distribution"]
    kinds = (
        ("Kinds of work", distribution["workTypes"], "workType"),
        ("Labels", distribution["labels"][:8], "label"),
    )
    columns = {"name": "Name", "intensity": "Intensity", "tags": "Tags", "share": "Share"}
    for column, (title, entries, name) in zip(st.columns(2), kinds, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.html(cards.heading(title, "Share of the total intensity of these days."))
            table = frames.mix([e for e in entries if e["intensity"]], name)
            if table.is_empty():
                st.html(cards.note(texts.NO_TAGS_YET))
                continue
            frame.draw(mix.shares(table, palette), alt_text=f"{title}: share of intensity")
            frame.show_data(table, columns, key=name)


def _day(viewer: Viewer, user_id: str, answer: Answer) -> None:
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = frame.choose_day(PAGE, selected_day(answer), first, last)
            entry = next((d for d in answer["days"] if d["date"] == day.isoformat()), None)
            said = f"{entry['color']}, {entry['totalIntensity']}" if entry else "no tags"
            st.html(cards.heading(frames.spoken(day), said), width="stretch")
        day_table(viewer.ask.tags_of_day(user_id, day), answer["timezone"])


def day_table(tags: list[Answer], timezone: str | None) -> None:
    """The tags of a day, as they lie in HEAT at this moment."""
    if not tags:
        st.html(cards.note(texts.NO_TAGS_THAT_DAY))
        return
    st.dataframe(
        tag_rows(tags, timezone),
        hide_index=True,
        column_config={
            "Intensity": st.column_config.ProgressColumn(
                min_value=0, max_value=10, format="%d", color=frame.palette().blue
            ),
            "Labels": st.column_config.ListColumn(),
        },
    )


def tag_rows(tags: list[Answer], timezone: str | None) -> pl.DataFrame:
    """Tags as rows of a table, oldest first, with the clock time of where they were made."""
    rows: list[dict[str, Any]] = []
    for tag in sorted(tags, key=lambda t: int(t["timestamp"])):
        rows.append(
            {
                "Time": clock(tag, timezone),
                "Task": tag["taskId"],
                "Title": tag.get("taskTitle") or "",
                "Kind": tag["workType"],
                "Intensity": tag["intensity"],
                "Labels": list(tag.get("labels") or []),
                "Area": tag.get("area") or "",
            }
        )
    return pl.DataFrame(rows, schema_overrides={"Labels": pl.List(pl.String)})


def clock(tag: Answer, timezone: str | None) -> str:
    """Clock time of a tag where it was made: its own offset, else the person's zone.

    >>> clock({"timestamp": 1764061200000, "tzOffsetMin": 60}, None)
    '10:00'
    """
    moment = datetime.fromtimestamp(tag["timestamp"] / 1000, tz=ZoneInfo("UTC"))
    offset = tag.get("tzOffsetMin")
    if offset is not None:
        return f"{moment + timedelta(minutes=offset):%H:%M}"
    return f"{moment.astimezone(ZoneInfo(timezone or 'UTC')):%H:%M}"
