"""Who sees whom: the one place that decides it, with the rights of this moment.

A developer sees themself; a manager the members of the teams they manage today, for the days on
which the person was a member and the manager managed, while the team's visibility is ``named``;
an analyst groups of at least ``privacy.minGroupSize``; an admin nobody but themself. What is
then read, and how a hidden group is kept hidden, is the views'.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from heat.vocabulary import Role, Visibility
from ingest_api.landing.directory import Directory, Team
from ingest_api.landing.directory import Span as Belonging


@dataclass(frozen=True)
class Span:
    """Local days from ``first`` to ``last``, both inclusive.

    >>> Span(date(2026, 1, 1), date(2026, 1, 31)).meet(Span(date(2026, 1, 20), date.max)).days
    12
    """

    first: date = date.min
    last: date = date.max

    @classmethod
    def of(cls, first: date | None, last: date | None) -> "Span":
        """A span whose ends may be open (``None``)."""
        return cls(first or date.min, last or date.max)

    @property
    def days(self) -> int:
        """How many local days it has."""
        return (self.last - self.first).days + 1

    def meet(self, other: "Span") -> "Span | None":
        """The days that both have, or ``None``."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=i) for i in range(self.days))


ALWAYS = Span()


@dataclass(frozen=True)
class Viewer:
    """Who asks, and what the token and the person's roles together allow.

    :param user_id: the person; ``None`` for a service that speaks for nobody.
    :param may_manage: the token lets the person use their rights as a manager.
    :param may_analyse: token and person are an analyst's.
    """

    user_id: str | None
    may_manage: bool = False
    may_analyse: bool = False

    @classmethod
    def of(cls, user_id: str | None, cap: Role, roles: Set[Role]) -> "Viewer":
        """The smaller of a token's role and the roles that its person has today.

        >>> Viewer.of("ann", Role.MANAGER, {Role.MANAGER, Role.ANALYST})
        Viewer(user_id='ann', may_manage=True, may_analyse=False)
        """
        ladder = list(Role)
        within = {role for role in roles if ladder.index(role) <= ladder.index(cap)}
        return cls(user_id, Role.MANAGER in within, Role.ANALYST in within)


@dataclass(frozen=True)
class Sight:
    """The part of one person's history that a viewer may see.

    :param spans: local days shown.
    :param team_ids: managed teams through which they are shown; empty for oneself.
    """

    user_id: str
    is_self: bool
    spans: tuple[Span, ...]
    team_ids: tuple[str, ...] = ()

    def shows(self, day: date) -> bool:
        """Whether rows of ``day`` may be seen."""
        return any(day in span for span in self.spans)

    def within(self, period: Span) -> "Sight | None":
        """The same sight inside a period, or ``None`` if nothing of it is shown."""
        parts = tuple(part for span in self.spans if (part := span.meet(period)))
        return Sight(self.user_id, self.is_self, parts, self.team_ids) if parts else None


@dataclass(frozen=True)
class ManagedTeam:
    """A team that the viewer manages today.

    :param spans: local days for which the viewer manages it.
    """

    team: Team
    spans: tuple[Span, ...]

    @property
    def is_named(self) -> bool:
        """Its manager sees members by name; else groups only."""
        return self.team.visibility == Visibility.NAMED


@dataclass(frozen=True)
class TeamSight:
    """One team in an analytics view.

    :param is_whole: every week and work type is shown; else only groups large enough.
    """

    team: Team
    is_whole: bool


class Access:
    """Every decision about one viewer at one moment.

    :param now: decides what *today* is, in each team's own zone.
    :param min_group_size: people below which a group is not spoken of.
    """

    def __init__(
        self, directory: Directory, viewer: Viewer, *, now: datetime, min_group_size: int
    ) -> None:
        self.directory = directory
        self.viewer = viewer
        self.min_group_size = min_group_size
        self._now = now
        self._members: dict[str, dict[str, Sight]] = {}

    def today(self, zone: str | None) -> date:
        """The local date of this moment in a zone of the directory (``None``: UTC)."""
        return self._now.astimezone(ZoneInfo(zone or "UTC")).date()

    def today_of(self, user_id: str) -> date:
        """Today in a person's zone, else their team's, else UTC."""
        return self.today(self.zone_of(user_id))

    def zone_of(self, user_id: str) -> str:
        """A person's zone, else their team's, else UTC."""
        person = self.directory.users.get(user_id)
        if person is not None and person.timezone:
            return person.timezone
        team_id = self.team_of(user_id)
        return self.directory.teams[team_id].timezone if team_id else "UTC"

    def team_of(self, user_id: str) -> str | None:
        """A person's team today, or ``None``."""
        for membership in self.directory.memberships_of(user_id):
            team = self.directory.teams.get(membership.team_id)
            if team and membership.holds_on(self.today(team.timezone)):
                return team.team_id
        return None

    @cached_property
    def managed(self) -> dict[str, ManagedTeam]:
        """Teams that the viewer manages today, by id, in order of id."""
        if self.viewer.user_id is None or not self.viewer.may_manage:
            return {}
        spans: dict[str, list[Span]] = {}
        for managing in self.directory.managers:
            if managing.user_id == self.viewer.user_id:
                spans.setdefault(managing.team_id, []).append(_span(managing))
        found = {}
        for team_id in sorted(spans):
            team = self.directory.teams.get(team_id)
            if team and any(self.today(team.timezone) in span for span in spans[team_id]):
                found[team_id] = ManagedTeam(team, tuple(sorted(spans[team_id], key=_first)))
        return found

    def members(self, team_id: str) -> dict[str, Sight]:
        """Everybody who is or was in a managed, named team: the days of it the viewer may see.

        Empty for any other team; in order of id.
        """
        if team_id not in self._members:
            self._members[team_id] = self._find_members(team_id)
        return self._members[team_id]

    def _find_members(self, team_id: str) -> dict[str, Sight]:
        managed = self.managed.get(team_id)
        if managed is None or not managed.is_named:
            return {}
        spans: dict[str, list[Span]] = {}
        for membership in self.directory.members_between(team_id, date.min, date.max):
            if membership.user_id not in self.directory.users:
                continue
            for span in managed.spans:
                if both := _span(membership).meet(span):
                    spans.setdefault(membership.user_id, []).append(both)
        return {
            user_id: Sight(user_id, False, tuple(sorted(parts, key=_first)), (team_id,))
            for user_id, parts in sorted(spans.items())
        }

    @cached_property
    def own_teams(self) -> frozenset[str]:
        """Teams to which the viewer belongs, belonged or will belong."""
        me = self.viewer.user_id
        belongings = self.directory.memberships_of(me) if me else ()
        return frozenset(belonging.team_id for belonging in belongings)

    @cached_property
    def people(self) -> dict[str, Sight]:
        """Everybody of whom the viewer may see anything, the viewer included."""
        found: dict[str, Sight] = {}
        for team_id in self.managed:
            for user_id, sight in self.members(team_id).items():
                known = found.get(user_id)
                if known is not None:
                    sight = Sight(
                        user_id,
                        False,
                        tuple(sorted({*known.spans, *sight.spans}, key=_first)),
                        (*known.team_ids, team_id),
                    )
                found[user_id] = sight
        me = self.viewer.user_id
        if me is not None and me in self.directory.users:
            found[me] = Sight(me, True, (ALWAYS,))
        return found

    def sight(self, user_id: str, period: Span = ALWAYS) -> Sight | None:
        """What the viewer may see of one person; ``None`` is answered like an unknown id."""
        seen = self.people.get(user_id)
        return seen.within(period) if seen else None

    def group(self, team_id: str) -> TeamSight | None:
        """What the viewer may see of one team as a group; ``None`` like an unknown id."""
        managed = self.managed.get(team_id)
        if managed is not None:
            return TeamSight(managed.team, is_whole=managed.is_named)
        team = self.directory.teams.get(team_id)
        if team is not None and self.viewer.may_analyse and self._is_large(team):
            return TeamSight(team, is_whole=False)
        return None

    def groups(self) -> dict[str, TeamSight] | None:
        """Every team that an analyst may see; ``None`` for everybody else."""
        if not self.viewer.may_analyse:
            return None
        seen = (self.group(team_id) for team_id in self.directory.teams)
        return {sight.team.team_id: sight for sight in seen if sight is not None}

    def headcount(self, team_id: str, period: Span) -> int:
        """People who belonged to a team on any day of a period."""
        belonging = self.directory.members_between(team_id, period.first, period.last)
        return len({membership.user_id for membership in belonging})

    def _is_large(self, team: Team) -> bool:
        members = self.directory.members_on(team.team_id, self.today(team.timezone))
        return len(members) >= self.min_group_size


def _span(belonging: Belonging) -> Span:
    return Span.of(belonging.from_day, belonging.to_day)


def _first(span: Span) -> date:
    return span.first
