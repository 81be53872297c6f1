"""Tag analytics: which kinds of work grow, week by week. No names here."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from analytics_app import cards, frame, frames, texts
from analytics_app import weeks as week_frames
from analytics_app.charts import mix, trends
from analytics_app.frames import Answer
from analytics_app.period import Period, last_days
from analytics_app.session import Viewer
from heat.vocabulary import OTHER_TASKS, WorkType

PAGE = "analytics"
ALL = "all"
RANGES = {"12 weeks": 84, "26 weeks": 182, "1 year": 364}
BEFORE = "before"


def show(viewer: Viewer) -> None:
    """Lay out the kinds of work of one team, or of all (``team`` in the address)."""
    frame.title("Tag analytics", texts.CAPTIONS["analytics"])
    if not viewer.sees_analytics:
        st.html(cards.note(texts.NOT_AN_ANALYST))
        return
    names = team_choices(viewer)
    with st.container(horizontal=True, vertical_alignment="center"):
        team_id = frame.choose("Team", list(names), names, param="team")
        chosen = frame.choose_range(PAGE, "12 weeks", RANGES)
        other = _compare_with(names, team_id)
    period = chosen if isinstance(chosen, Period) else last_days(chosen, _as_of(viewer))
    answer = viewer.ask.analytics(
        team_id,
        period,
        before=period.before() if other == BEFORE else None,
        other_team=None if other == BEFORE else other,
    )
    st.html(cards.kpis(kpis(answer)))
    weeks = week_frames.trend_weeks(answer["trends"])
    if weeks.is_empty():
        st.html(cards.note(texts.NO_TRENDS))
        return
    _panels(weeks, answer)
    _drill_down(weeks, answer)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        _shadow(answer)
    with right, st.container(border=True, height="stretch"):
        _comparison(answer, "the period before" if other == BEFORE else names[other])


def team_choices(viewer: Viewer) -> dict[str, str]:
    """Teams that this viewer may analyse, by id; everything at once for those who may."""
    teams = {t["teamId"]: t["name"] for t in viewer.teams if t["manages"]}
    if not viewer.can_see_all_analytics:
        return teams
    return {ALL: "All teams", **teams}


def _as_of(viewer: Viewer) -> date:
    snapshot = viewer.ask.status().get("snapshot")
    return date.fromisoformat(snapshot["asOfDay"]) if snapshot else date.today()


def _compare_with(names: Mapping[str, str], team_id: str) -> str:
    others = {t: f"against {n}" for t, n in names.items() if t not in {ALL, team_id}}
    options = {BEFORE: "against the period before", **(others if team_id != ALL else {})}
    return frame.choose("Compare", list(options), options, param="against")


def kpis(answer: Answer) -> list[tuple[str, str, str]]:
    """The four cards: sums and counts of what is shown."""
    kinds = answer["distribution"]["workTypes"]
    total = sum(e["intensity"] for e in kinds)
    tags = sum(e["tagCount"] for e in kinds)
    cards_ = [("Total intensity", f"{total:,}", texts.plural(tags, "tag"))]
    if total:
        most = max(kinds, key=lambda e: e["intensity"])
        cards_.append(("Most of it", most["workType"], f"{most['share']:.0%} of the intensity"))
    else:
        cards_.append(("Most of it", "–", ""))
    share = week_frames.shadow_share(answer["distribution"])
    shown = "–" if share is None else f"{share:.0%}"
    cards_.append(("Shadow work", shown, "Support, Config and Blocker"))
    spikes = week_frames.spikes(answer["trends"])
    systemic = sum(bool(s["isSystemic"]) for s in spikes)
    cards_.append(("Spikes", str(len(spikes)), f"{systemic} systemic"))
    return cards_


def _panels(weeks: pl.DataFrame, answer: Answer) -> None:
    palette = frame.palette()
    with st.container(border=True):
        st.html(
            cards.heading(
                "Week by week",
                "Total intensity per kind of work. Dashed: the usual week. Click a point to see "
                "the tasks behind it. The running week counts so far.",
            )
        )
        st.html(cards.spike_legend(palette))
        top = frames.largest(weeks["total"])
        with st.grid(3, min_column_width=300):
            for kind in WorkType:
                rows = weeks.filter(pl.col("work_type") == kind.value)
                with st.container():
                    st.html(
                        cards.panel_title(
                            kind.value, rows.row(-1, named=True) if rows.height else None
                        )
                    )
                    if rows.height:
                        frame.draw_selectable(
                            trends.work_type_panel(rows, palette, top=top),
                            alt_text=f"{kind.value}: total intensity per week",
                            key=f"panel_{kind.value}",
                            selection="point",
                            on_pick=_pick,
                        )
        columns = {
            "week": "Week of",
            "work_type": "Kind",
            "total": "Total intensity",
            "tags": "Tags",
            "people": "People",
            "baseline": "Usual",
            "verdict": "Verdict",
            "mark": "Spike",
        }
        spikes = week_frames.spikes(answer["trends"])
        with st.container(horizontal=True):
            frame.show_data(weeks.sort("week", "work_type", descending=True), columns, key="trends")
            if spikes:
                with st.popover(texts.plural(len(spikes), "spike"), type="tertiary"):
                    st.dataframe(spike_rows(spikes), hide_index=True)


def spike_rows(spikes: list[Answer]) -> pl.DataFrame:
    """Spikes as rows of a table, newest first."""
    rows = [
        {
            "Week of": s["weekStart"],
            "Team": s["teamId"],
            "Kind": s["workType"],
            "Total intensity": s["totalIntensity"],
            "Usual": s["baseline"],
            "People": s["people"],
            "Systemic": s["isSystemic"],
        }
        for s in spikes
    ]
    return pl.DataFrame(rows)


def _pick(fields: Mapping[str, str]) -> None:
    st.session_state["choose_week"] = fields["week"]
    st.session_state["choose_kind"] = fields["work_type"]


def _drill_down(weeks: pl.DataFrame, answer: Answer) -> None:
    with st.container(border=True):
        st.html(
            cards.heading(
                "The tasks behind a week", f"Tasks of few people are pooled as “{OTHER_TASKS}”."
            )
        )
        options = weeks["week"].unique().sort(descending=True).to_list()
        named = {w: f"week of {frames.spoken_short(date.fromisoformat(w))}" for w in options}
        with st.container(horizontal=True):
            first = proposed(weeks)
            _propose("week", first[0])
            _propose("kind", first[1])
            week = frame.choose("Week", options, named, param="week")
            kind = frame.choose("Kind", [w.value for w in WorkType], {}, param="kind", width=160)
        rows = task_rows(answer["tasks"], week, kind)
        if rows.is_empty():
            st.html(cards.note(f"No {kind} tags in that week."))
            return
        most = frames.largest(rows["Total intensity"])
        st.dataframe(
            rows,
            hide_index=True,
            column_config={
                "Total intensity": st.column_config.ProgressColumn(
                    min_value=0,
                    max_value=max(most, 1),
                    format="%d",
                    color=frame.palette().blue,
                )
            },
        )


def proposed(weeks: pl.DataFrame) -> tuple[str, str]:
    """Where to look first: the newest spike, else the largest number of the newest week."""
    spikes = weeks.filter(pl.col("mark") != "")
    rows = spikes if spikes.height else weeks.filter(pl.col("week") == pl.col("week").max())
    row = rows.sort("week", "total").row(-1, named=True)
    return str(row["week"]), str(row["work_type"])


def _propose(param: str, value: str) -> None:
    if param not in st.query_params and f"choose_{param}" not in st.session_state:
        st.session_state[f"choose_{param}"] = value


def task_rows(tasks: list[Answer], week: str, kind: str) -> pl.DataFrame:
    """Tasks of one week and kind of work, largest first."""
    found = [t for t in tasks if t["weekStart"] == week and t["workType"] == kind]
    found.sort(key=lambda t: (-t["totalIntensity"], t["taskId"]))
    rows = [
        {
            "Task": t["taskId"],
            "Title": "" if t["taskTitle"] == t["taskId"] else t["taskTitle"] or "",
            "Where": t["taskScope"] or "",
            "Total intensity": t["totalIntensity"],
            "Tags": t["tagCount"],
            "People": t["people"],
        }
        for t in found
    ]
    return pl.DataFrame(rows)


def _shadow(answer: Answer) -> None:
    st.html(cards.heading("Shadow work", texts.SHADOW_WORK))
    weeks = week_frames.shadow_weeks(answer["shadowWork"])
    if weeks.is_empty():
        st.html(cards.note(texts.NO_TRENDS))
        return
    frame.draw(
        trends.shadow_share(weeks, frame.palette()), alt_text="Share of shadow work per week"
    )
    columns = {"week": "Week of", "shadow": "Shadow work", "total": "All", "share": "Share"}
    frame.show_data(weeks.reverse(), columns, key="shadow")


def _comparison(answer: Answer, against: str) -> None:
    palette = frame.palette()
    st.html(
        cards.heading("Then and now", f"Share of each kind of work, these weeks and {against}.")
    )
    compare = answer["compare"]
    if not compare or not any(e["intensity"] for e in compare["workTypes"]):
        st.html(cards.note("Nothing to compare with: no tags there."))
        return
    st.html(cards.two_legend("these weeks", against, palette))
    table = frames.before_and_now(answer["distribution"]["workTypes"], compare["workTypes"])
    frame.draw(
        mix.before_and_now(table, palette), alt_text="Share of each kind of work, then and now"
    )
    frame.show_data(table, {"name": "Kind", "now": "Now", "before": "Then"}, key="compare")
