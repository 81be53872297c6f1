"""What work a team, or every team an analyst may see, is made of: weeks, tasks, spikes; no names.

Everything is a sum of weekly cells, so that whoever may see large groups only
(:mod:`ingest_api.views.groups`) cannot subtract one period from another to find a person.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from ingest_api.access import Span, TeamSight
from ingest_api.problems import Problem
from ingest_api.questions import day
from ingest_api.snapshots import Snapshot
from ingest_api.views import groups, tasks, weekly
from ingest_api.views.distribution import shares
from ingest_api.views.period import period_of, touched_weeks, usual_end
from ingest_api.views.sources import Question
from ingest_api.views.weekly import Label, Trend

USUAL_DAYS = 90
ALL = "all"


class AnalyticsView:
    """``GET /dashboard/analytics/{teamId}`` or ``…/all``.

    :param asked: the period, and what to compare it with: ``compareFrom`` and ``compareTo``, or
        ``compareTeam``.
    :raises Problem: 404 for what the viewer may not see, as for an unknown team.
    """

    subjects: tuple[str, ...] = ()
    """Nobody: no row of a person is shown."""

    def __init__(self, question: Question, team_id: str, asked: Mapping[str, str]) -> None:
        access = question.access
        self.question = question
        self.team_id = team_id
        self.sights = self._sights_of(team_id)
        zones = {sight.team.timezone for sight in self.sights.values()}
        today = max((access.today(zone) for zone in zones), default=access.today(None))
        end = usual_end(today, question.as_of)
        self.period = period_of(asked, days=USUAL_DAYS, end=min(end, question.as_of or end))
        self.other = self._compared(asked)

    def answer(self) -> dict[str, Any]:
        """The body; without rows before the first snapshot."""
        snapshot = self.question.snapshot
        trends = self._trends(snapshot, self.sights, self.period)
        labels = weekly.labels(snapshot, self.sights, self.weeks, self._size) if snapshot else []
        return {
            "teamId": self.team_id,
            "teams": [
                {"teamId": team_id, "name": sight.team.name}
                for team_id, sight in self.sights.items()
            ],
            "minGroupSize": self._size,
            "trends": [trend.as_json() for trend in trends],
            "spikes": [
                trend.as_json()
                for trend in sorted(trends, key=lambda trend: trend.week_start, reverse=True)
                if trend.is_systemic
            ],
            "shadowWork": weekly.shadow_work(snapshot, self.sights, self.weeks, self._size)
            if snapshot
            else [],
            "distribution": _distribution(trends, labels),
            "tasks": tasks.tasks(snapshot, self.sights, self.weeks, self._size) if snapshot else [],
            "compare": self._comparison(snapshot),
            "coverage": self._coverage(snapshot) if snapshot else None,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            **self.question.stamp(),
        }

    @property
    def _size(self) -> int:
        return self.question.access.min_group_size

    @cached_property
    def weeks(self) -> Span:
        """The ISO weeks that the period touches, whole."""
        return touched_weeks(self.period)

    def _sights_of(self, team_id: str) -> dict[str, TeamSight]:
        access = self.question.access
        if team_id == ALL:
            found = access.groups()
        else:
            sight = access.group(team_id)
            found = {team_id: sight} if sight else None
        if found is None:
            raise Problem.not_found()
        return found

    def _compared(self, asked: Mapping[str, str]) -> tuple[str, dict[str, TeamSight], Span] | None:
        named = dict(asked)
        first, last = day(named, "compareFrom"), day(named, "compareTo")
        if (first is None) != (last is None):
            missing = "compareFrom" if first is None else "compareTo"
            raise Problem.of_field(missing, "compareFrom and compareTo are given together")
        team_id = named.get("compareTeam")
        if team_id is None and first is None:
            return None
        period = self.period
        if first is not None and last is not None:
            if first > last:
                raise Problem.of_field("compareFrom", "is after compareTo")
            period = period_of({"from": str(first), "to": str(last)}, days=1, end=last)
        sights = self.sights if team_id is None else self._sights_of(team_id)
        return team_id or self.team_id, sights, period

    def _trends(
        self, snapshot: Snapshot | None, sights: Mapping[str, TeamSight], period: Span
    ) -> list[Trend]:
        if snapshot is None:
            return []
        return weekly.trends(snapshot, sights, touched_weeks(period), self._size)

    def _comparison(self, snapshot: Snapshot | None) -> dict[str, Any] | None:
        if self.other is None:
            return None
        team_id, sights, period = self.other
        trends = self._trends(snapshot, sights, period)
        return {
            "teamId": team_id,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "workTypes": _distribution(trends, [])["workTypes"],
        }

    def _coverage(self, snapshot: Snapshot) -> dict[str, int] | None:
        tagged = members = 0
        until: date = snapshot.info.as_of_day
        weeks = Span(self.weeks.first, max(self.weeks.first, min(self.weeks.last, until)))
        people = groups.taggers(snapshot, self.sights, weeks)
        for team_id in self.sights:
            headcount = self.question.access.headcount(team_id, weeks)
            if headcount >= self._size:
                members += headcount
                tagged += min(people.get(team_id, 0), headcount)
        return {"tagged": tagged, "members": members} if members else None


def _distribution(trends: list[Trend], labels: list[Label]) -> dict[str, Any]:
    total = sum(trend.total_intensity for trend in trends)
    intensity: dict[str, int] = {}
    tags: dict[str, int] = {}
    for trend in trends:
        kind = trend.work_type
        intensity[kind] = intensity.get(kind, 0) + trend.total_intensity
        tags[kind] = tags.get(kind, 0) + trend.tag_count
    label_intensity: dict[str, int] = {}
    label_tags: dict[str, int] = {}
    for label in labels:
        name = label.label
        label_intensity[name] = label_intensity.get(name, 0) + label.total_intensity
        label_tags[name] = label_tags.get(name, 0) + label.tag_count
    return {
        "workTypes": [row for row in shares("workType", intensity, tags, total) if row["tagCount"]],
        "labels": shares("label", label_intensity, label_tags, total),
    }
