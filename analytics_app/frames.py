"""From the API's JSON to frames that a chart can draw: reshaping and labels, no rule.

Days, streaks, shares and areas; weeks are in :mod:`analytics_app.weeks`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from analytics_app.charts.heat import WEEKDAYS
from analytics_app.theme import NOT_KEPT, NOT_TAGGED, REST_DAY
from heat.vocabulary import ANOTHER_TEAM, Level, WorkType

Answer = dict[str, Any]
"""One JSON object of the API."""

GLYPHS = {REST_DAY: "·", NOT_KEPT: "×", NOT_TAGGED: ""}

SHORTEST_CALENDAR = 12
"""Weeks that a calendar shows at least, besides the running one."""

_CELL = {
    "iso": pl.String,
    "day": pl.String,
    "state": pl.String,
    "text": pl.String,
    "edge": pl.String,
    "total": pl.Int64,
    "tags": pl.Int64,
    "note": pl.String,
}


def days_between(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def spoken(day: date) -> str:
    """A day as people say it.

    >>> spoken(date(2026, 11, 5))
    'Thu 5 Nov 2026'
    """
    return f"{day:%a} {day.day} {day:%b %Y}"


def spoken_short(day: date) -> str:
    """A day of this year, without the year.

    >>> spoken_short(date(2026, 11, 5))
    'Thu 5 Nov'
    """
    return f"{day:%a} {day.day} {day:%b}"


def monday_of(day: date) -> date:
    """The Monday of a day's ISO week.

    >>> monday_of(date(2026, 11, 25)).isoformat()
    '2026-11-23'
    """
    return day - timedelta(days=day.weekday())


def calendar_days(answer: Answer, *, selected: date | None) -> pl.DataFrame:
    """One row per day of the answer's range, with what its cell shows.

    Whole weeks before the first tag are left out, down to :data:`SHORTEST_CALENDAR` weeks.

    :param answer: body of ``GET /dashboard/developer/{userId}``.
    :returns: ``iso, day, state, text, edge, total, tags, note, week, weekday``; ``state`` is a
        band, *not tagged*, *rest day* or *no longer kept*.
    """
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    kept = answer.get("keptFrom")
    if not kept or kept <= answer["from"]:
        tagged = min((d["date"] for d in answer["days"]), default=answer["to"])
        start = min(date.fromisoformat(tagged), last - timedelta(weeks=SHORTEST_CALENDAR))
        first = max(first, monday_of(start))
    rows = []
    for cell in _day_cells(answer, first, last, kept_from=kept, selected=selected):
        day = date.fromisoformat(cell["iso"])
        rows.append(
            {**cell, "week": monday_of(day).isoformat(), "weekday": WEEKDAYS[day.weekday()]}
        )
    return pl.DataFrame(rows, schema={**_CELL, "week": pl.String, "weekday": pl.String})


def team_cells(answer: Answer, *, selected: tuple[str, date] | None) -> pl.DataFrame:
    """One row per member and day, members in attention order.

    :param answer: body of ``GET /dashboard/manager/{teamId}``.
    :returns: the columns of a calendar cell, with ``user_id`` and ``member`` (a unique name).
    """
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    names = unique_names((m["userId"], m["displayName"]) for m in answer["members"])
    rows = []
    for member in answer["members"]:
        user_id = member["userId"]
        day = selected[1] if selected and selected[0] == user_id else None
        kept = member.get("keptFrom") or answer.get("keptFrom")
        for cell in _day_cells(member, first, last, kept_from=kept, selected=day):
            rows.append({**cell, "user_id": user_id, "member": names[user_id]})
    return pl.DataFrame(rows, schema={**_CELL, "user_id": pl.String, "member": pl.String})


def _day_cells(
    person: Answer, first: date, last: date, *, kept_from: str | None, selected: date | None
) -> Iterable[Answer]:
    tagged = {d["date"]: d for d in person["days"]}
    rest = set(person.get("restDays") or [])
    for day in days_between(first, last):
        iso = day.isoformat()
        entry = tagged.get(iso)
        if entry:
            state = entry["color"]
        elif kept_from and iso < kept_from:
            state = NOT_KEPT
        else:
            state = REST_DAY if iso in rest else NOT_TAGGED
        empty = state in (NOT_TAGGED, NOT_KEPT)
        yield {
            "iso": iso,
            "day": spoken(day),
            "state": state,
            "text": str(entry["totalIntensity"]) if entry else GLYPHS[state],
            "edge": "selected" if day == selected else "empty" if empty else "none",
            "total": entry["totalIntensity"] if entry else None,
            "tags": entry["tagCount"] if entry else None,
            "note": "tagged on a rest day" if entry and iso in rest else "",
        }


def unique_names(people: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Display name per user id; the id is added where two people share a name.

    >>> unique_names([("a", "Kim"), ("b", "Kim"), ("c", None)])
    {'a': 'Kim (a)', 'b': 'Kim (b)', 'c': 'c'}
    """
    named = {user_id: name or user_id for user_id, name in people}
    taken = list(named.values())
    return {u: f"{n} ({u})" if taken.count(n) > 1 else n for u, n in named.items()}


def mix(entries: Sequence[Answer], name: str) -> pl.DataFrame:
    """Shares, largest first.

    :param entries: ``distribution.workTypes`` or ``.labels``.
    :param name: the key that holds the name, ``workType`` or ``label``.
    """
    schema = {"name": pl.String, "intensity": pl.Int64, "tags": pl.Int64, "share": pl.Float64}
    rows = [(e[name], e["intensity"], e["tagCount"], e["share"]) for e in entries]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(["intensity", "name"], descending=[True, False])


def before_and_now(now: Sequence[Answer], before: Sequence[Answer]) -> pl.DataFrame:
    """Share of every work type in two periods: ``name, before, now``."""
    shares_now = {e["workType"]: float(e["share"]) for e in now}
    shares_before = {e["workType"]: float(e["share"]) for e in before}
    rows = [(w.value, shares_before.get(w, 0.0), shares_now.get(w, 0.0)) for w in WorkType]
    schema = {"name": pl.String, "before": pl.Float64, "now": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(["now", "name"], descending=[True, False])


def ownership_cells(areas: Sequence[Answer]) -> pl.DataFrame:
    """One row per area and person of the matrix, in the API's order of areas.

    :param areas: ``busFactors`` of the manager dashboard.
    :returns: ``area`` (name and bus factor), ``person``, ``share``, ``intensity``, ``text``;
        the people with the largest holdings first, *another team* last.
    """
    held: dict[str, int] = {}
    names: dict[str, str | None] = {}
    for area in areas:
        for owner in area["owners"]:
            key = owner["userId"] or ANOTHER_TEAM
            held[key] = held.get(key, 0) + owner["intensity"]
            names[key] = owner["displayName"]
    people = sorted(held, key=lambda u: (u == ANOTHER_TEAM, -held[u], u))
    shown = unique_names((u, names[u]) for u in people)
    labels = unique_areas(areas)
    rows = []
    for area, label in zip(areas, labels, strict=True):
        by_person = {o["userId"] or ANOTHER_TEAM: o for o in area["owners"]}
        for user_id in people:
            owner = by_person.get(user_id)
            share = float(owner["share"]) if owner else 0.0
            text = percent(share) if owner else ""
            intensity = owner["intensity"] if owner else 0
            rows.append((label, shown[user_id], share, intensity, text))
    schema = {
        "area": pl.String,
        "person": pl.String,
        "share": pl.Float64,
        "intensity": pl.Int64,
        "text": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def percent(share: float) -> str:
    """A share as people read it; something is never nothing.

    >>> percent(0.256), percent(0.004), percent(0.0)
    ('26%', '<1%', '0%')
    """
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def areas_to_show(areas: Sequence[Answer]) -> list[Answer]:
    """Areas at risk first, then those of which the team carries most."""

    def carried(area: Answer) -> int:
        return sum(o["intensity"] for o in area["owners"] if o["userId"] is not None)

    return sorted(areas, key=lambda a: (not a["isAtRisk"], -carried(a), a["area"]))


def unique_areas(areas: Sequence[Answer]) -> list[str]:
    """Row label per area: a warning sign where at risk, the bus factor in brackets."""
    return [f"{'⚠ ' if a['isAtRisk'] else ''}{a['area']} ({a['busFactor']})" for a in areas]


def largest(column: pl.Series) -> int:
    """Largest whole number of a column, 0 if it is empty."""
    return max((int(value) for value in column.drop_nulls()), default=0)


_LEVELS = [level.value for level in (Level.CRITICAL, Level.WARNING, Level.MONITOR, Level.NONE)]


def active_streaks(streaks: Sequence[Answer]) -> list[Answer]:
    """Active streaks, the ones to look at first in front."""
    active = [s for s in streaks if s["isActive"]]
    return sorted(active, key=lambda s: (_LEVELS.index(s["level"]), -s["days"], s["streakId"]))


def streak_rows(streaks: Sequence[Answer]) -> pl.DataFrame:
    """Streaks as rows of a table, newest first; with names where the answer has them."""
    rows = [
        {
            **({"Person": s["displayName"]} if "displayName" in s else {}),
            "Task": s["taskId"],
            "Title": s.get("taskTitle") or "",
            "Kind": s["workType"],
            "Days": s["days"],
            "From": s["firstDay"],
            "To": s["lastDay"],
            "Per day": round(s["meanIntensity"], 1),
        }
        for s in sorted(streaks, key=lambda s: str(s["lastDay"]), reverse=True)
    ]
    return pl.DataFrame(rows)
