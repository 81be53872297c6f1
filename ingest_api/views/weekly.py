"""Weekly rows of teams: trends, labels, shadow work, each limited to what may be seen."""

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from ingest_api.access import Span
from ingest_api.snapshots import Snapshot
from ingest_api.views.groups import Sights, large_halves, large_weeks, restricted, shown


@dataclass(frozen=True, slots=True)
class Trend:
    """One row of ``fct_weekly_trends``, its columns in their order."""

    team_id: str
    week_start: date
    work_type: str
    total_intensity: int
    tag_count: int
    people: int
    share: float | None
    baseline: float | None
    z: float | None
    verdict: str
    is_systemic: bool

    def as_row(self) -> tuple[Any, ...]:
        """The columns of the mart, in their order."""
        return astuple(self)

    def as_json(self) -> dict[str, Any]:
        """The row as the analytics view shows it."""
        return {
            "teamId": self.team_id,
            "weekStart": self.week_start.isoformat(),
            "workType": self.work_type,
            "totalIntensity": self.total_intensity,
            "tagCount": self.tag_count,
            "people": self.people,
            "share": self.share,
            "baseline": self.baseline,
            "z": self.z,
            "verdict": self.verdict,
            "isSystemic": self.is_systemic,
        }


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a team's week."""

    team_id: str
    week_start: date
    label: str
    total_intensity: int
    tag_count: int
    people: int


def trends(snapshot: Snapshot, sights: Sights, weeks: Span, size: int) -> list[Trend]:
    """Work types of each team's weeks, oldest first."""
    rows = snapshot.rows(
        """
        select
            team_id, week_start, work_type, total_intensity, tag_count, people, share, baseline,
            z, verdict, is_systemic
        from marts.fct_weekly_trends
        where list_contains(?::varchar[], team_id) and week_start between ? and ?
        order by week_start, team_id, work_type
        """,
        [list(sights), weeks.first, weeks.last],
    )
    hidden = _weeks_to_hide(snapshot, sights, weeks, size)
    return shown(
        [trend for trend in map(_trend, rows) if not hidden(trend.team_id, trend.week_start)],
        sights,
        size,
        week_of=lambda trend: (trend.team_id, trend.week_start),
        people_of=lambda trend: trend.people,
        amount_of=lambda trend: trend.total_intensity,
    )


def labels(snapshot: Snapshot, sights: Sights, weeks: Span, size: int) -> list[Label]:
    """Labels of each team's weeks."""
    rows = snapshot.rows(
        """
        select
            team_id, date_trunc('week', local_day)::date as week_start, label,
            sum(total_intensity)::bigint, sum(tag_count)::bigint, count(distinct user_id)
        from marts.fct_label_intensity
        where list_contains(?::varchar[], team_id) and local_day between ? and ?
        group by team_id, week_start, label
        """,
        [list(sights), weeks.first, weeks.last],
    )
    return shown(
        [Label(*row) for row in rows],
        sights,
        size,
        week_of=lambda label: (label.team_id, label.week_start),
        people_of=lambda label: label.people,
        amount_of=lambda label: label.total_intensity,
    )


def shadow_work(snapshot: Snapshot, sights: Sights, weeks: Span, size: int) -> list[dict[str, Any]]:
    """Part of each team's weeks that nobody planned, oldest first."""
    rows = shadow_rows(snapshot, sights, weeks, size)
    return [
        {
            "teamId": team_id,
            "weekStart": week.isoformat(),
            "shadowIntensity": shadow,
            "totalIntensity": total,
            "share": share,
        }
        for team_id, week, shadow, total, share in rows
    ]


def shadow_rows(
    snapshot: Snapshot, sights: Sights, weeks: Span, size: int
) -> list[tuple[str, date, int, int, float | None]]:
    """Rows of ``fct_shadow_work`` that may be seen, its columns in their order."""
    rows = snapshot.rows(
        """
        select team_id, week_start, shadow_intensity, total_intensity, share
        from marts.fct_shadow_work
        where list_contains(?::varchar[], team_id) and week_start between ? and ?
        order by week_start, team_id
        """,
        [list(sights), weeks.first, weeks.last],
    )
    hidden = _weeks_to_hide(snapshot, sights, weeks, size)
    small = restricted(sights)
    halves = large_halves(snapshot, small, weeks, size) if small else set()
    return [
        (team_id, week, shadow, total, share)
        for team_id, week, shadow, total, share in rows
        if sights[team_id].is_whole or ((team_id, week) in halves and not hidden(team_id, week))
    ]


class _Hidden:
    """Weeks of teams seen as groups in which too few people tagged."""

    def __init__(self, sights: Sights, large: set[tuple[str, date]]) -> None:
        self._sights = sights
        self._large = large

    def __call__(self, team_id: str, week: date) -> bool:
        return not self._sights[team_id].is_whole and (team_id, week) not in self._large


def _weeks_to_hide(snapshot: Snapshot, sights: Sights, weeks: Span, size: int) -> _Hidden:
    small = restricted(sights)
    return _Hidden(sights, large_weeks(snapshot, small, weeks, size) if small else set())


def _trend(row: tuple[Any, ...]) -> Trend:
    return Trend(*row)
