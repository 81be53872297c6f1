"""One person's own view: days, streaks, what effort went into, load, and one insight.

Today and what was tagged since the last snapshot are live. A manager of the person's team is
answered the same question for the days of that team, without coverage.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cached_property
from typing import Any

from heat.vocabulary import Band, Level, WorkType
from ingest_api.access import Sight
from ingest_api.problems import Problem
from ingest_api.snapshots import Snapshot
from ingest_api.views import conditions, distribution
from ingest_api.views.distribution import Distribution
from ingest_api.views.insight import Facts, insight_of
from ingest_api.views.live import WORK_TYPES, LiveDays, live_days, summed_days
from ingest_api.views.period import period_of, usual_end
from ingest_api.views.sources import Question
from ingest_api.views.streaks import streaks_of

USUAL_DAYS = 90


class PersonView:
    """A question about one person, for the days that the viewer may see.

    :param asked: ``from``, ``to`` or ``dateRange``.
    :raises Problem: 404 for whom the viewer may not see, as for an unknown id; 400 for the query.
    """

    def __init__(self, question: Question, user_id: str, asked: Mapping[str, str]) -> None:
        access = question.access
        user_id = user_id.lower()
        whole = access.sight(user_id)
        if whole is None:
            raise Problem.not_found()
        self.question = question
        self.today = access.today_of(user_id)
        self.period = period_of(asked, days=USUAL_DAYS, end=usual_end(self.today, question.as_of))
        seen = whole.within(self.period)
        if seen is None:
            raise Problem.not_found()
        self.sight: Sight = seen

    @property
    def subjects(self) -> list[str]:
        """Whose rows are read."""
        return [self.sight.user_id]

    @cached_property
    def live(self) -> LiveDays:
        """The days that the landing answers for."""
        return live_days(self.question, self.sight, self.today)

    @cached_property
    def distribution(self) -> Distribution:
        """What went into the days that are seen."""
        return distribution.of_person(self.question.snapshot, self.sight, self.live)

    def common(self) -> dict[str, Any]:
        """Members that every answer about a period carries."""
        return {
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            **self.question.stamp(),
        }


class DistributionView(PersonView):
    """``GET /tags/{userId}/distribution``."""

    def answer(self) -> dict[str, Any]:
        """The body; without rows before the first snapshot."""
        user_id = self.sight.user_id
        return {"userId": user_id, **self.distribution.as_json(), **self.common()}


class DeveloperView(PersonView):
    """``GET /dashboard/developer/{userId}``."""

    def answer(self) -> dict[str, Any]:
        """The body; without rows before the first snapshot."""
        user_id = self.sight.user_id
        access, snapshot = self.question.access, self.question.snapshot
        # somebody else sees the team through which they see the person, not where the person went
        team_id = access.team_of(user_id) if self.sight.is_self else self.sight.team_ids[0]
        answer: dict[str, Any] = {
            "userId": user_id,
            "displayName": access.directory.users[user_id].display_name,
            "teamId": team_id,
            "timezone": access.zone_of(user_id),
            "today": self.today.isoformat(),
            "days": [],
            "restDays": [],
            "keptFrom": None,
            "streaks": [],
            "distribution": self.distribution.as_json(),
            "load": None,
            "insight": None,
            "coverage": None,
            "conditions": [],
            "thresholds": self.question.sources.landing.thresholds.of_team(team_id).flat(),
            **self.common(),
        }
        if snapshot is not None:
            answer |= self._from_marts(snapshot)
        return answer

    def _from_marts(self, snapshot: Snapshot) -> dict[str, Any]:
        user_id = self.sight.user_id
        days = self._days(snapshot)
        rest_days = self._rest_days(snapshot)
        kept_from, first_day = snapshot.rows(
            """
            select
                (select max(cutoff_day) from meta.config),
                (select min(local_day) from marts.fct_daily_intensity)
            """
        )[0]
        streaks = streaks_of(snapshot, {user_id: self.sight}, self.period)
        load = self._load(snapshot)
        return {
            "days": [days[day] for day in sorted(days)],
            "restDays": [day.isoformat() for day in rest_days],
            "keptFrom": kept_from.isoformat() if kept_from else None,
            "streaks": streaks,
            "load": load,
            "insight": self._insight(days, streaks, load),
            "coverage": self._coverage(days, rest_days, kept_from or first_day, first_day)
            if self.sight.is_self
            else None,
            "conditions": self._conditions(snapshot),
        }

    def _days(self, snapshot: Snapshot) -> dict[date, dict[str, Any]]:
        mine, me = snapshot.of_people("marts.fct_daily_intensity", self.sight.user_id)
        rows = snapshot.rows(
            f"""
            select
                local_day, total_intensity, band, tag_count, task_count, feature_intensity,
                bug_intensity, blocker_intensity, support_intensity, config_intensity,
                research_intensity
            from marts.fct_daily_intensity
            where {mine} and local_day between ? and ?
            """,  # noqa: S608
            [*me, self.period.first, self.period.last],
        )
        live = self.live.days
        days = {
            day: {
                "date": day.isoformat(),
                "totalIntensity": total,
                "color": band,
                "tagCount": tags,
                "taskCount": tasks,
                "breakdown": dict(zip(WORK_TYPES, intensities, strict=True)),
            }
            for day, total, band, tags, tasks, *intensities in rows
            if day not in live and self.sight.shows(day)
        }
        return days | summed_days(self.question, self.sight.user_id, self.live)

    def _rest_days(self, snapshot: Snapshot) -> list[date]:
        mine, me = snapshot.of_people("meta.calendar", self.sight.user_id)
        rows = snapshot.rows(
            f"select day from meta.calendar where {mine} and day between ? and ? order by day",  # noqa: S608
            [*me, self.period.first, self.period.last],
        )
        return [day for (day,) in rows if self.sight.shows(day)]

    def _load(self, snapshot: Snapshot) -> dict[str, Any] | None:
        mine, me = snapshot.of_people("marts.fct_load", self.sight.user_id)
        for span in reversed(self.sight.spans):
            rows = snapshot.rows(
                f"""
                select local_day, load, usual, ratio from marts.fct_load
                where {mine} and local_day between ? and ?
                order by local_day desc limit 1
                """,  # noqa: S608
                [*me, span.first, span.last],
            )
            for day, load, usual, ratio in rows:
                return {"load": load, "usual": usual, "ratio": ratio, "day": day.isoformat()}
        return None

    def _conditions(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        directory, sight = self.question.access.directory, self.sight
        found = conditions.of_person(
            snapshot, sight.user_id, lambda user_id: directory.users[user_id].display_name
        )
        # what holds at the as-of day is seen by whoever may see that day, through that team
        if sight.is_self:
            return found
        as_of = snapshot.info.as_of_day
        whole = self.question.access.sight(sight.user_id)
        if whole is None or not whole.shows(as_of):
            return []
        return [condition for condition in found if condition["teamId"] in sight.team_ids]

    def _coverage(
        self,
        days: Mapping[date, object],
        rest_days: list[date],
        kept_from: date | None,
        first_day: date | None,
    ) -> dict[str, int] | None:
        """Tagged days of the days that are past, still kept, and no rest days.

        The count begins with the first tag of anybody: before it there was nothing to tag with.
        """
        if kept_from is None or first_day is None:
            return None
        first = max(self.period.first, kept_from, first_day)
        last = min(self.period.last, self.today)
        rest = set(rest_days)
        open_days = [day for day in self.period if first <= day <= last and day not in rest]
        tagged = sum(1 for day in open_days if day in days)
        return {"taggedDays": tagged, "days": len(open_days)} if open_days else None

    def _insight(
        self,
        days: Mapping[date, Mapping[str, Any]],
        streaks: list[dict[str, Any]],
        load: dict[str, Any] | None,
    ) -> dict[str, Any] | None:
        critical = [
            (streak["days"], streak["taskId"])
            for streak in streaks
            if streak["isActive"] and streak["level"] == Level.CRITICAL
        ]
        facts = Facts(
            period_days=self.period.days,
            intensities=self.distribution.intensity,
            blocker_labels=self.distribution.labels_of(WorkType.BLOCKER),
            critical_streak=max(critical, default=None),
            load_ratio=load["ratio"] if load else None,
            critical_days=sum(1 for day in days.values() if day["color"] == Band.CRITICAL),
            your="your" if self.sight.is_self else "their",
        )
        insight = insight_of(facts)
        return asdict(insight) if insight else None
