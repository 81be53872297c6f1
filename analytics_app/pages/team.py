"""Team: where effort piles up, who carries an area alone, what to do about it. For managers."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from analytics_app import cards, frame, frames, texts
from analytics_app import weeks as week_frames
from analytics_app.charts import heat, ownership, trends
from analytics_app.frames import Answer
from analytics_app.pages.my_heat import day_table, more_streaks
from analytics_app.period import Period
from analytics_app.session import Viewer
from heat.vocabulary import Level, Visibility

PAGE = "team"
PERSON_KEY = "team_person"
DEFAULT_DAYS = 30
RANGES = {"14 days": 14, "30 days": 30, "90 days": 90}
SHOWN_ALERTS = 4
SHOWN_AREAS = 8
SHOWN_MEMBERS = 40
SERIOUS = (Level.WARNING, Level.CRITICAL)


def show(viewer: Viewer) -> None:
    """Lay out one managed team (``team`` in the address)."""
    if not viewer.is_manager:
        frame.title("Team", texts.CAPTIONS["team"])
        st.html(cards.note(texts.NOT_A_MANAGER))
        return
    top = st.container()
    team_id, chosen = _filters(viewer)
    answer = frame.period_of(chosen, DEFAULT_DAYS, lambda p: viewer.ask.manager(team_id, p))
    with top:
        frame.title(answer["name"], texts.CAPTIONS["team"])
    grouped = answer["visibility"] == Visibility.AGGREGATE
    if grouped:
        st.html(cards.note(texts.AGGREGATE.format(size=answer["minGroupSize"])))
    st.html(cards.kpis(kpis(answer)))
    _habit(answer["habit"])
    left, right = st.columns([64, 36])
    with left, st.container(border=True, height="stretch"):
        if grouped:
            _group(answer)
        else:
            _map(answer)
    with right, st.container(border=True, height="stretch"):
        _attention(answer)
    if not grouped:
        _person(viewer, answer)
        _areas(answer)
        _streaks(answer)


def _filters(viewer: Viewer) -> tuple[str, int | Period]:
    names = {team["teamId"]: team["name"] for team in viewer.managed}
    with st.container(horizontal=True, vertical_alignment="center"):
        team_id = (
            frame.choose("Team", list(names), names, param="team")
            if len(names) > 1 or st.query_params.get("team", "") not in {"", *names}
            else next(iter(names))
        )
        return team_id, frame.choose_range(PAGE, "30 days", RANGES)


def kpis(answer: Answer) -> list[tuple[str, str, str]]:
    """The four cards: sums and counts of what is shown."""
    habit = answer["habit"]
    tagged, critical = habit["taggedDays"], habit["criticalDays"]
    share = f"{critical / tagged:.0%}" if tagged else "–"
    days = ("Critical days", share, f"{critical} of {texts.plural(tagged, 'tagged day')}")
    coverage = answer["coverage"]
    if coverage:
        who = ("People who tagged", f"{coverage['tagged']} of {coverage['members']}", "coverage")
    else:
        who = ("People who tagged", "–", "not shown for a group this small")
    if answer["visibility"] == Visibility.AGGREGATE:
        weeks = answer["groupDays"]
        below = f"with {answer['minGroupSize']} people or more"
        return [days, ("Whole weeks", str(len(weeks)), below), who]
    serious = [s for s in answer["streaks"] if s["isActive"] and s["level"] in SERIOUS]
    streaks = ("Streaks to look at", str(len(serious)), "active, at warning or critical")
    risky = sum(bool(area["isAtRisk"]) for area in answer["busFactors"])
    areas = ("Areas at risk", str(risky), f"of {texts.plural(len(answer['busFactors']), 'area')}")
    return [days, streaks, areas, who]


def _habit(habit: Answer) -> None:
    critical, tagged = habit["criticalDays"], habit["taggedDays"]
    if tagged and critical * 2 > tagged:
        text = texts.HABIT.format(critical=critical, tagged=tagged)
        st.html(cards.note(text, tone="warn"))


def _map(answer: Answer) -> None:
    palette = frame.palette()
    st.html(
        cards.heading(
            "Members and days",
            f"In the order of what may need attention. {coverage_sentence(answer)}",
        )
    )
    st.html(cards.legend(answer["thresholds"], palette))
    members = answer["members"]
    if not members:
        st.html(cards.note("Nobody belongs to this team in these days."))
        return
    shown = {**answer, "members": members[:SHOWN_MEMBERS]}
    if len(members) > SHOWN_MEMBERS and st.toggle(f"Show all {len(members)} members"):
        shown = answer
    cells = frames.team_cells(shown, selected=picked_cell(answer))
    with st.container(key="team_map"):
        frame.draw_selectable(
            heat.team_map(cells, palette),
            alt_text="Daily total intensity of each member; the table below holds the same numbers",
            key="team_chart",
            selection="cell",
            on_pick=_pick,
        )
    columns = {"member": "Person", "day": "Day", "total": "Total intensity", "state": "Level"}
    frame.show_data(cells.filter(pl.col("total").is_not_null()), columns, key="team_map")


def coverage_sentence(answer: Answer) -> str:
    """Coverage in words, or nothing where the group is too small to say."""
    coverage = answer["coverage"]
    if not coverage:
        return ""
    return f"{coverage['tagged']} of {coverage['members']} people tagged in these days."


def _pick(fields: Mapping[str, str]) -> None:
    st.session_state[PERSON_KEY] = fields["user_id"]
    st.session_state[frame.day_key(PAGE)] = date.fromisoformat(fields["iso"])


def picked_cell(answer: Answer) -> tuple[str, date] | None:
    """The person and day to look into; before a choice the hottest cell of the first member."""
    members = {m["userId"]: m for m in answer["members"]}
    if not members:
        return None
    asked = st.session_state.get(PERSON_KEY) or st.query_params.get("member")
    person = str(asked if asked in members else next(iter(members)))
    days = members[person]["days"]
    hottest = max(days, key=lambda d: (d["totalIntensity"], d["date"]), default=None)
    day = frame.looked_at(PAGE) or date.fromisoformat(hottest["date"] if hottest else answer["to"])
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    return person, min(max(day, first), last)


def _person(viewer: Viewer, answer: Answer) -> None:
    cell = picked_cell(answer)
    if cell is None:
        return
    person, day = cell
    names = frames.unique_names((m["userId"], m["displayName"]) for m in answer["members"])
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.session_state[PERSON_KEY] = person
            person = st.selectbox(
                "Person", list(names), format_func=names.__getitem__, key=PERSON_KEY, width=240
            )
            st.query_params["member"] = person
            day = frame.choose_day(PAGE, day, first, last)
            params = {**st.query_params.to_dict(), "person": person, "day": day.isoformat()}
            for own in ("team", "member", "range"):
                params.pop(own, None)
            st.html(cards.link(f"Open {names[person]}'s days", "my-heat", params), width="content")
        entries = next(m["days"] for m in answer["members"] if m["userId"] == person)
        entry = next((d for d in entries if d["date"] == day.isoformat()), None)
        said = f"{entry['color']}, {entry['totalIntensity']}" if entry else "no tags"
        st.html(cards.heading(frames.spoken(day), said))
        member = next(m for m in answer["members"] if m["userId"] == person)
        day_table(viewer.ask.tags_of_day(person, day), member.get("timezone") or answer["timezone"])


def _group(answer: Answer) -> None:
    weeks = week_frames.group_weeks(answer["groupDays"])
    st.html(cards.heading("The group, week by week", "Total intensity per person who tagged."))
    if weeks.is_empty():
        st.html(cards.note(f"No whole week in which {answer['minGroupSize']} people tagged."))
        return
    frame.draw(
        trends.group_weeks(weeks, frame.palette()), alt_text="Total intensity per person and week"
    )
    columns = {"week": "Week of", "people": "People", "total": "Total", "mean": "Per person"}
    frame.show_data(weeks, columns, key="group")


def _attention(answer: Answer) -> None:
    st.html(cards.heading("Needs attention", "What, on what evidence, and one thing to try."))
    alerts = answer["alerts"]
    if not alerts:
        grouped = answer["visibility"] == Visibility.AGGREGATE
        st.html(cards.note(texts.NO_GROUP_ALERTS if grouped else texts.NO_ALERTS))
        return
    palette = frame.palette()
    st.html(cards.attention(alerts[:SHOWN_ALERTS], palette))
    if len(alerts) > SHOWN_ALERTS:
        rest = alerts[SHOWN_ALERTS:]
        with st.popover(f"{len(rest)} more", type="tertiary"):
            st.html(cards.attention(rest, palette))


def _areas(answer: Answer) -> None:
    with st.container(border=True):
        st.html(
            cards.heading(
                "Who holds what",
                "Share of an area's intensity over the last 90 days. In brackets the bus factor: "
                "how many people hold more than half of it. ⚠ one person alone.",
            )
        )
        areas = frames.areas_to_show(answer["busFactors"])
        if not areas:
            st.html(cards.note(texts.NO_AREAS))
            return
        shown = areas[:SHOWN_AREAS]
        if len(areas) > SHOWN_AREAS and st.toggle(f"Show all {len(areas)} areas"):
            shown = areas
        cells = frames.ownership_cells(shown)
        with st.container(key="ownership"):
            frame.draw(
                ownership.matrix(cells, frame.palette()),
                alt_text="Share of each area held by each person; the table holds the same numbers",
            )
        columns = {"area": "Area (bus factor)", "person": "Person", "share": "Share"}
        frame.show_data(cells.filter(pl.col("share") > 0), columns, key="ownership")


def _streaks(answer: Answer) -> None:
    palette = frame.palette()
    active = frames.active_streaks(answer["streaks"])
    serious = [s for s in active if s["level"] in SERIOUS]
    with st.container(border=True):
        st.html(cards.heading("Streaks", "The same task and kind of work, day after day."))
        if serious:
            halves = [serious[0::2], serious[1::2]]
            for column, half in zip(st.columns(2), halves, strict=True):
                with column:
                    st.html(cards.streaks(half, palette, named=True))
        else:
            st.html(cards.note(texts.NO_SERIOUS_STREAKS))
        with st.container(horizontal=True):
            more_streaks([s for s in active if s not in serious], "{} of two days")
            more_streaks([s for s in answer["streaks"] if not s["isActive"]], "{} that ended")
