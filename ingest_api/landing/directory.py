"""Who is who on which day: people, teams, memberships, managers, zones, area rules.

An immutable picture held in memory; the landing process is its only writer and makes a new one
after each change. What may be written is decided in :mod:`ingest_api.landing.directory_changes`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import duckdb

from heat.vocabulary import Visibility


@dataclass(frozen=True, slots=True)
class User:
    """A person; ``user_id`` is lower case."""

    user_id: str
    display_name: str
    timezone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A team and how its managers see its members."""

    team_id: str
    name: str
    timezone: str = "UTC"
    visibility: str = Visibility.NAMED.value


@dataclass(frozen=True, slots=True)
class Span:
    """A person in a team, as member or manager, on days from–to inclusive (``None``: open)."""

    user_id: str
    team_id: str
    from_day: date | None = None
    to_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` is one of its days."""
        return (self.from_day is None or self.from_day <= day) and (
            self.to_day is None or day <= self.to_day
        )

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return (self.from_day or date.min) <= (other.to_day or date.max) and (
            other.from_day or date.min
        ) <= (self.to_day or date.max)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which a team rests."""

    team_id: str
    day: date
    name: str


@dataclass(frozen=True, slots=True)
class AreaRule:
    """``field`` (scope, task, title, label) that matches ``pattern`` wholly belongs to ``area``."""

    team_id: str
    position: int
    field: str
    pattern: str
    area: str


@dataclass(frozen=True)
class Directory:
    """The whole directory at one moment.

    >>> span = Span("ann@x.org", "core", None, date(2026, 6, 30))
    >>> here = Directory(version=1, memberships=(span,))
    >>> here.team_on("ann@x.org", date(2026, 6, 30)), here.team_on("ann@x.org", date(2026, 7, 1))
    ('core', None)
    """

    version: int
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    memberships: tuple[Span, ...] = ()
    managers: tuple[Span, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    area_rules: tuple[AreaRule, ...] = ()
    days_off: tuple[tuple[str, date], ...] = ()
    roles: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def _memberships_of(self) -> dict[str, list[Span]]:
        return _grouped(self.memberships, "user_id")

    @cached_property
    def _members_of(self) -> dict[str, list[Span]]:
        return _grouped(self.memberships, "team_id")

    @cached_property
    def _managed_by(self) -> dict[str, list[Span]]:
        return _grouped(self.managers, "user_id")

    def team_on(self, user_id: str, day: date) -> str | None:
        """Home team of a person on a local day, or ``None``."""
        for span in self._memberships_of.get(user_id, ()):
            if span.holds_on(day):
                return span.team_id
        return None

    def memberships_of(self, user_id: str) -> tuple[Span, ...]:
        """All memberships of a person, past and coming."""
        return tuple(self._memberships_of.get(user_id, ()))

    def members_on(self, team_id: str, day: date) -> frozenset[str]:
        """Members of a team on a local day."""
        spans = self._members_of.get(team_id, ())
        return frozenset(span.user_id for span in spans if span.holds_on(day))

    def members_between(self, team_id: str, first: date, last: date) -> tuple[Span, ...]:
        """Memberships of a team that share a day with ``first``–``last``."""
        window = Span("", team_id, first, last)
        return tuple(span for span in self._members_of.get(team_id, ()) if span.overlaps(window))

    def managed_on(self, user_id: str, day: date) -> frozenset[str]:
        """Teams that a person manages on a day."""
        spans = self._managed_by.get(user_id, ())
        return frozenset(span.team_id for span in spans if span.holds_on(day))

    def managers_on(self, team_id: str, day: date) -> frozenset[str]:
        """People who manage a team on a day."""
        return frozenset(
            span.user_id for span in self.managers if span.team_id == team_id and span.holds_on(day)
        )

    def roles_of(self, user_id: str) -> frozenset[str]:
        """Granted roles of a person (admin, analyst); managing is a matter of teams and days."""
        return frozenset(role for who, role in self.roles if who == user_id)

    def as_json(self) -> dict[str, Any]:
        """The shape that ``GET /directory`` answers and ``PUT /directory`` takes."""
        return {
            "configVersion": self.version,
            "users": [
                {
                    "userId": user.user_id,
                    "displayName": user.display_name,
                    "timezone": user.timezone,
                    "email": user.email,
                }
                for user in self.users.values()
            ],
            "teams": [
                {
                    "teamId": team.team_id,
                    "name": team.name,
                    "timezone": team.timezone,
                    "visibility": team.visibility,
                }
                for team in self.teams.values()
            ],
            "memberships": [_span_json(span) for span in self.memberships],
            "managers": [_span_json(span) for span in self.managers],
            "holidays": [
                {"teamId": rest.team_id, "day": rest.day.isoformat(), "name": rest.name}
                for rest in self.holidays
            ],
            "areaRules": [
                {
                    "teamId": rule.team_id,
                    "position": rule.position,
                    "field": rule.field,
                    "pattern": rule.pattern,
                    "area": rule.area,
                }
                for rule in self.area_rules
            ],
            "daysOff": [
                {"userId": user_id, "day": day.isoformat()} for user_id, day in self.days_off
            ],
        }


def load_directory(connection: duckdb.DuckDBPyConnection) -> Directory:
    """Read the directory of an open landing store."""

    def rows(sql: str) -> list[Any]:
        return connection.execute(sql).fetchall()

    version = rows("select value from ops.meta where key = 'config_version'")[0][0]
    spans = "select user_id, team_id, from_day, to_day from ops.{} order by all"
    return Directory(
        version=int(version),
        users={
            row[0]: User(*row)
            for row in rows(
                "select user_id, display_name, timezone, email from ops.users order by 1"
            )
        },
        teams={
            row[0]: Team(*row)
            for row in rows("select team_id, name, timezone, visibility from ops.teams order by 1")
        },
        memberships=tuple(Span(*row) for row in rows(spans.format("memberships"))),
        managers=tuple(Span(*row) for row in rows(spans.format("team_managers"))),
        holidays=tuple(
            Holiday(*row)
            for row in rows("select team_id, day, name from ops.holidays order by team_id, day")
        ),
        area_rules=tuple(
            AreaRule(*row)
            for row in rows(
                "select team_id, position, field, pattern, area from ops.area_rules "
                "order by team_id, position"
            )
        ),
        days_off=tuple(rows("select user_id, day from ops.days_off order by all")),
        roles=frozenset((row[0], row[1]) for row in rows("select user_id, role from ops.roles")),
    )


def _grouped(spans: Iterable[Span], key: str) -> dict[str, list[Span]]:
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        groups[getattr(span, key)].append(span)
    return dict(groups)


def _span_json(span: Span) -> dict[str, Any]:
    return {
        "userId": span.user_id,
        "teamId": span.team_id,
        "fromDay": span.from_day.isoformat() if span.from_day else None,
        "toDay": span.to_day.isoformat() if span.to_day else None,
    }
