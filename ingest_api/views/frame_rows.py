"""Which rows of each mart a viewer may see.

Rows of a person: one's own, and those of members seen by name, on the days on which they are
seen. Rows of a group: managed teams, and what an analyst may see of large ones. What a mart says
about now (rank, conditions, people, teams) is seen of today's members and teams.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

from heat.schema import MARTS
from ingest_api.access import Access, Sight, Span, TeamSight
from ingest_api.landing.team_thresholds import DEFAULT
from ingest_api.snapshots import Row, Snapshot
from ingest_api.views import weekly
from ingest_api.views.bus_factor import is_nameable
from ingest_api.views.period import touched_weeks

DAY_OF = {
    "fct_tags": "local_day",
    "fct_daily_intensity": "local_day",
    "fct_label_intensity": "local_day",
    "fct_load": "local_day",
    # a streak belongs to the team of its last day
    "fct_streaks": "last_day",
}
"""Marts of people's days: the column that says on which day a row may be seen."""

_ARROW = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", tz="UTC"),
}

SCHEMAS = {
    mart: pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
    for mart, columns in MARTS.items()
}
"""What each stream promises, with or without rows."""


@dataclass(frozen=True)
class Scope:
    """A mart, who asks, and the filters, each of which narrows."""

    mart: str
    access: Access
    period: Span
    team_id: str | None
    user_id: str | None

    def sights(self) -> dict[str, Sight]:
        """Of whom rows may be seen, and on which days."""
        seen: dict[str, Sight] = {}
        for user_id, sight in self.access.people.items():
            part = self._in_team(sight) if self.user_id in (None, user_id) else None
            inside = part.within(self.period) if part else None
            if inside is not None:
                seen[user_id] = inside
        return seen

    def sees_now(self, user_id: str) -> bool:
        """Whether the viewer may see what holds of somebody today."""
        sight = self.access.people.get(user_id)
        wanted = self.user_id in (None, user_id)
        return wanted and sight is not None and sight.shows(self.access.today_of(user_id))

    @cached_property
    def groups(self) -> dict[str, TeamSight]:
        """Teams seen as groups."""
        if self.user_id is not None:
            # a row of a group is nobody's
            return {}
        ids = {*self.access.managed, *(self.access.groups() or {})}
        seen = {team_id: self.access.group(team_id) for team_id in sorted(ids)}
        return {
            team_id: sight
            for team_id, sight in seen.items()
            if sight is not None and self.team_id in (None, team_id)
        }

    @property
    def named_teams(self) -> list[str]:
        """Managed teams whose members are seen by name."""
        return [
            team_id
            for team_id, managed in self.access.managed.items()
            if managed.is_named and self.team_id in (None, team_id)
        ]

    @property
    def weeks(self) -> Span:
        """ISO weeks that the period touches."""
        far = Span(date(1970, 1, 5), date(9998, 12, 31))
        return touched_weeks(self.period.meet(far) or far)

    def _in_team(self, sight: Sight) -> Sight | None:
        if self.team_id is None:
            return sight
        if not sight.is_self:
            return self.access.members(self.team_id).get(sight.user_id)
        spans = tuple(
            Span.of(belonging.from_day, belonging.to_day)
            for belonging in self.access.directory.memberships_of(sight.user_id)
            if belonging.team_id == self.team_id
        )
        return Sight(sight.user_id, True, spans) if spans else None


def rows_of(scope: Scope, snapshot: Snapshot) -> pa.Table:
    """The rows of a mart that its viewer may see."""
    if scope.mart in DAY_OF:
        return _people_days(scope, snapshot)
    return _table(scope.mart, _ANSWERS[scope.mart](scope, snapshot))


def _people_days(scope: Scope, snapshot: Snapshot) -> pa.Table:
    day = DAY_OF[scope.mart]
    sights = scope.sights()
    parts = [(user, span) for user, sight in sights.items() for span in sight.spans]
    # days and place bound what is read; the join decides (30 ms instead of 300, measured)
    place, where = snapshot.of_people(f"marts.{scope.mart}", *sights)
    values: list[object] = [
        [user for user, _ in parts],
        [span.first for _, span in parts],
        [span.last for _, span in parts],
        *where,
        min((span.first for _, span in parts), default=date.max),
        max((span.last for _, span in parts), default=date.min),
    ]
    of_team = ""
    if scope.team_id is not None and "team_id" in MARTS[scope.mart]:
        of_team = "and mart.team_id = ?"
        values.append(scope.team_id)
    return snapshot.columns(
        f"""
        with

        seen as (
            select
                unnest(?::varchar[]) as user_id,
                unnest(?::date[]) as first_day,
                unnest(?::date[]) as last_day
        )

        select {_columns(scope.mart)} from marts.{scope.mart} as mart
        where {place} and mart.{day} between ? and ? and exists (
            select 1 from seen
            where seen.user_id = mart.user_id
                and mart.{day} between seen.first_day and seen.last_day
        ) {of_team}
        order by mart.user_id, mart.{day}
        """,  # noqa: S608
        values,
    )


def _trends(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    found = weekly.trends(snapshot, scope.groups, scope.weeks, scope.access.min_group_size)
    return [trend.as_row() for trend in found]


def _shadow_work(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    return weekly.shadow_rows(snapshot, scope.groups, scope.weeks, scope.access.min_group_size)


def _bus_factors(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    """Areas in which a team seen by name holds a share; of large teams, areas of enough people."""
    held = {
        (area, window)
        for area, window in snapshot.rows(
            "select distinct area, window_index from marts.fct_area_ownership "
            "where list_contains(?::varchar[], team_id)",
            [scope.named_teams if scope.user_id is None else []],
        )
    }
    size = scope.access.min_group_size
    for row in _within(scope, snapshot, "window_end"):
        named = dict(zip(MARTS[scope.mart], row, strict=True))
        if (named["area"], named["window_index"]) in held:
            if not is_nameable(scope.access, named["window_end"])(named["top_owner"]):
                named["top_owner"] = None
            yield tuple(named.values())
        elif named["team_id"] in scope.groups and named["people"] >= size:
            # a top share is one person's, even without the name
            yield tuple({**named, "top_owner": None, "top_share": None, "hhi": None}.values())


def _ownership(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    ends: dict[int, date] = dict(
        snapshot.rows(
            "select distinct window_index, window_end from marts.fct_bus_factor "
            "where window_end between ? and ?",
            [scope.period.first, scope.period.last],
        )
    )
    nameable = {window: is_nameable(scope.access, end) for window, end in ends.items()}
    for row in _rows(scope, snapshot):
        _, window, user_id, team_id, *_ = row
        is_asked = scope.user_id in (None, user_id) and scope.team_id in (None, team_id)
        if is_asked and window in nameable and nameable[window](user_id):
            yield row


def _attention(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    """Of managed teams only: a rank is no business of the one who is ranked."""
    return [
        row
        for row in _rows(scope, snapshot)
        if row[0] in scope.named_teams and row[1] in scope.access.members(row[0])
        and scope.sees_now(row[1])
    ]  # fmt: skip


def _conditions(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    me = scope.access.viewer.user_id
    for row in _rows(scope, snapshot):
        user_id, team_id = row[3], row[4]
        of_team = team_id in scope.named_teams
        if scope.team_id not in (None, team_id):
            continue
        if user_id is None:
            is_seen = of_team and scope.user_id is None
        else:
            is_seen = (user_id == me or of_team) and scope.sees_now(user_id)
        if is_seen:
            yield row


def _users(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    return [
        row
        for row in _rows(scope, snapshot)
        if scope.sees_now(row[0]) and scope.team_id in (None, row[2])
    ]


def _teams(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    return [row for row in _rows(scope, snapshot) if row[0] in _known_teams(scope)]


def _thresholds(scope: Scope, snapshot: Snapshot) -> Iterable[Row]:
    known = _known_teams(scope) | {DEFAULT}
    return [row for row in _rows(scope, snapshot) if row[0] in known]


def _known_teams(scope: Scope) -> set[str]:
    """Teams whose existence is no secret to the viewer: their own and those they see."""
    known = {*scope.access.own_teams, *scope.access.managed, *scope.groups}
    return known if scope.team_id is None else known & {scope.team_id}


_ANSWERS: dict[str, Callable[[Scope, Snapshot], Iterable[Row]]] = {
    "fct_weekly_trends": _trends,
    "fct_shadow_work": _shadow_work,
    "fct_bus_factor": _bus_factors,
    "fct_area_ownership": _ownership,
    "fct_attention": _attention,
    "fct_alert_conditions": _conditions,
    "dim_users": _users,
    "dim_teams": _teams,
    "dim_thresholds": _thresholds,
}


def _rows(scope: Scope, snapshot: Snapshot) -> Sequence[Row]:
    return snapshot.rows(
        f"select {_columns(scope.mart)} from marts.{scope.mart} as mart order by all"  # noqa: S608
    )


def _within(scope: Scope, snapshot: Snapshot, day: str) -> Sequence[Row]:
    return snapshot.rows(
        f"select {_columns(scope.mart)} from marts.{scope.mart} as mart "  # noqa: S608
        f"where mart.{day} between ? and ? order by all",
        [scope.period.first, scope.period.last],
    )


def _columns(mart: str) -> str:
    return ", ".join(f"mart.{name}" for name in MARTS[mart])


def _table(mart: str, rows: Iterable[Row]) -> pa.Table:
    schema = SCHEMAS[mart]
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    return pa.table(arrays, schema=schema)
