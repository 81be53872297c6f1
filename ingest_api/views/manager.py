"""A team as its manager sees it: who may need a hand first, day by day; or, for a team of
visibility ``aggregate``, whole weeks of large enough groups and no names.

Nothing here sorts or marks who did not tag: members without rows come last, by id.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from heat.vocabulary import Band
from ingest_api.access import Sight
from ingest_api.problems import Problem
from ingest_api.snapshots import Row, Snapshot
from ingest_api.views import conditions, groups
from ingest_api.views.bus_factor import areas_of
from ingest_api.views.period import period_of, usual_end, whole_weeks
from ingest_api.views.sources import Question
from ingest_api.views.streaks import streaks_of

USUAL_DAYS = 30


class ManagerView:
    """``GET /dashboard/manager/{teamId}``.

    :raises Problem: 404 for a team that the viewer does not manage, as for an unknown one.
    """

    def __init__(self, question: Question, team_id: str, asked: Mapping[str, str]) -> None:
        access = question.access
        managed = access.managed.get(team_id)
        if managed is None:
            raise Problem.not_found()
        self.question = question
        self.managed = managed
        self.team = managed.team
        self.today = access.today(self.team.timezone)
        end = usual_end(self.today, question.as_of)
        self.period = period_of(asked, days=USUAL_DAYS, end=min(end, question.as_of or end))

    @property
    def subjects(self) -> list[str]:
        """Members who are shown by name."""
        return list(self.members)

    @cached_property
    def members(self) -> dict[str, Sight]:
        """Who belonged to the team in the period, and the days of it that are seen."""
        seen = self.question.access.members(self.team.team_id)
        return {
            user_id: part
            for user_id, sight in seen.items()
            if (part := sight.within(self.period)) is not None
        }

    def answer(self) -> dict[str, Any]:
        """The body; without rows before the first snapshot."""
        thresholds = self.question.sources.landing.thresholds.of_team(self.team.team_id)
        answer: dict[str, Any] = {
            "teamId": self.team.team_id,
            "name": self.team.name,
            "timezone": self.team.timezone,
            "visibility": self.team.visibility,
            "today": self.today.isoformat(),
            "minGroupSize": self.question.access.min_group_size,
            "members": [],
            "groupDays": [],
            "streaks": [],
            "alerts": [],
            "busFactors": [],
            "coverage": None,
            "habit": {"criticalDays": 0, "taggedDays": 0},
            "keptFrom": None,
            "thresholds": thresholds.flat(),
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            **self.question.stamp(),
        }
        snapshot = self.question.snapshot
        if snapshot is None:
            return answer
        ((kept_from,),) = snapshot.rows("select max(cutoff_day) from meta.config")
        answer["keptFrom"] = kept_from.isoformat() if kept_from else None
        return answer | (self._named(snapshot) if self.managed.is_named else self._group(snapshot))

    def _named(self, snapshot: Snapshot) -> dict[str, Any]:
        users = self.question.access.directory.users
        days = self._days(snapshot)
        shown = [day for member in days.values() for day in member]
        tagged, size = sum(1 for member in days.values() if member), len(self.members)
        streaks = streaks_of(snapshot, self.members, self.period)
        for streak in streaks:
            streak["displayName"] = users[streak["userId"]].display_name
        return {
            "members": self._in_attention_order(snapshot, days),
            "streaks": streaks,
            "alerts": conditions.of_team(
                snapshot,
                self.team.team_id,
                lambda user_id: users[user_id].display_name,
                is_seen=self._members_now.__contains__,
            ),
            "busFactors": areas_of(snapshot, self.question.access, self.team.team_id, 0),
            "coverage": self._coverage(tagged, size),
            "habit": {
                "criticalDays": sum(1 for day in shown if day["color"] == Band.CRITICAL),
                "taggedDays": len(shown),
            },
        }

    def _days(self, snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
        days: dict[str, list[dict[str, Any]]] = {user_id: [] for user_id in self.members}
        whose, who = snapshot.of_people("marts.fct_daily_intensity", *self.members)
        for user_id, day, total, band, tags in snapshot.rows(
            f"""
            select user_id, local_day, total_intensity, band, tag_count
            from marts.fct_daily_intensity
            where {whose} and local_day between ? and ?
            order by local_day
            """,  # noqa: S608
            [*who, self.period.first, self.period.last],
        ):
            if self.members[user_id].shows(day):
                days[user_id].append(
                    {
                        "date": day.isoformat(),
                        "totalIntensity": total,
                        "color": band,
                        "tagCount": tags,
                    }
                )
        return days

    def _in_attention_order(
        self, snapshot: Snapshot, days: Mapping[str, list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        users = self.question.access.directory.users
        rest_days: dict[str, list[str]] = {}
        whose, who = snapshot.of_people("meta.calendar", *self.members)
        for user_id, day in snapshot.rows(
            f"""
            select user_id, day from meta.calendar
            where {whose} and day between ? and ? order by day
            """,  # noqa: S608
            [*who, self.period.first, self.period.last],
        ):
            if self.members[user_id].shows(day):
                rest_days.setdefault(user_id, []).append(day.isoformat())
        attention = {
            user_id: row
            for user_id, *row in snapshot.rows(
                """
                select
                    user_id, rank, critical_conditions, warning_conditions, load_ratio,
                    recent_total
                from marts.fct_attention where team_id = ?
                """,
                [self.team.team_id],
            )
            if user_id in self._members_now
        }
        without: Row = (None, 0, 0, None, 0)
        last = len(attention) + len(self.members)
        ordered = sorted(
            self.members,
            key=lambda user_id: (attention.get(user_id, without)[0] or last, user_id),
        )
        found = []
        for user_id in ordered:
            rank, critical, warning, load_ratio, recent = attention.get(user_id, without)
            found.append(
                {
                    "userId": user_id,
                    "displayName": users[user_id].display_name,
                    "rank": rank,
                    "criticalConditions": critical,
                    "warningConditions": warning,
                    "loadRatio": load_ratio,
                    "recentTotal": recent,
                    "days": days[user_id],
                    "restDays": rest_days.get(user_id, []),
                }
            )
        return found

    def _group(self, snapshot: Snapshot) -> dict[str, Any]:
        size = self.question.access.min_group_size
        weeks: list[dict[str, Any]] = []
        tagged = members = 0
        for span in self.managed.spans:
            part = span.meet(self.period)
            whole = whole_weeks(part, min(self.today, snapshot.info.as_of_day)) if part else None
            if whole is not None:
                weeks += groups.weekly_group(snapshot, self.team.team_id, whole, size)
                people = groups.taggers(snapshot, [self.team.team_id], whole)
                tagged = max(tagged, people.get(self.team.team_id, 0))
                members = max(members, self.question.access.headcount(self.team.team_id, whole))
        return {
            "groupDays": weeks,
            "coverage": self._coverage(tagged, members) if tagged >= size else None,
            "habit": {
                "criticalDays": sum(week["criticalDays"] for week in weeks),
                "taggedDays": sum(week["taggedDays"] for week in weeks),
            },
        }

    @cached_property
    def _members_now(self) -> frozenset[str]:
        """Of whom the viewer may see what holds now: conditions, rank, load."""
        seen = self.question.access.members(self.team.team_id)
        return frozenset(user_id for user_id, sight in seen.items() if sight.shows(self.today))

    def _coverage(self, tagged: int, members: int) -> dict[str, int] | None:
        if members < self.question.access.min_group_size:
            return None
        return {"tagged": tagged, "members": members}
