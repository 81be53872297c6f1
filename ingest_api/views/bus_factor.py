"""Who holds an area: rows of ``fct_bus_factor`` with their owners, as one manager sees them.

People outside the viewer's teams are one row, *another team*. The rule itself (how many people
hold more than half) is the model's.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from heat.vocabulary import ANOTHER_TEAM
from ingest_api.access import Access
from ingest_api.problems import Problem
from ingest_api.questions import whole_number
from ingest_api.snapshots import Row, Snapshot
from ingest_api.views.period import ends_of
from ingest_api.views.sources import Question

LAST_WINDOW = 1_000


class BusFactorView:
    """``GET /analytics/bus-factor/{teamId}``: one window's areas, or all windows of a period.

    :param asked: ``window`` (0 ends at the as-of day, 1 is the one before …), or ``from`` and
        ``to``: windows that end in that period.
    :raises Problem: 404 for a team that the viewer does not manage.
    """

    def __init__(self, question: Question, team_id: str, asked: Mapping[str, str]) -> None:
        managed = question.access.managed.get(team_id)
        if managed is None:
            raise Problem.not_found()
        self.question = question
        self.managed = managed
        self.first, self.last = ends_of(asked)
        self.by_period = (self.first or self.last) is not None
        if self.by_period and "window" in asked:
            raise Problem.of_field("window", "give a window or a period, not both")
        self.window = whole_number(dict(asked), "window", 0, 0, LAST_WINDOW)

    @property
    def subjects(self) -> list[str]:
        """Members, whose shares are shown by name."""
        return list(self.question.access.members(self.managed.team.team_id))

    def answer(self) -> dict[str, Any]:
        """The body; without areas before the first snapshot."""
        snapshot, team = self.question.snapshot, self.managed.team
        areas = []
        # windows are no ISO weeks, so nothing of them is shown of a team seen as a group only
        if snapshot is not None and self.managed.is_named:
            for window in self._windows(snapshot):
                areas += areas_of(snapshot, self.question.access, team.team_id, window)
        return {
            "teamId": team.team_id,
            "window": None if self.by_period else self.window,
            "areas": areas,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            **self.question.stamp(),
        }

    def _windows(self, snapshot: Snapshot) -> list[int]:
        if not self.by_period:
            return [self.window]
        rows = snapshot.rows(
            """
            select distinct window_index from marts.fct_bus_factor
            where window_end between ? and ? order by window_index
            """,
            [self.first or date.min, self.last or date.max],
        )
        return [window for (window,) in rows]


def areas_of(snapshot: Snapshot, access: Access, team_id: str, window: int) -> list[dict[str, Any]]:
    """Areas in which a team holds a share, those at risk first, then the largest."""
    areas = snapshot.rows(
        """
        select
            area, window_index, window_start, window_end, total_intensity, tag_count, people,
            bus_factor, top_owner, top_share, hhi, is_at_risk
        from marts.fct_bus_factor
        where window_index = ? and area in (
            select area from marts.fct_area_ownership where window_index = ? and team_id = ?
        )
        order by is_at_risk desc, total_intensity desc, area
        """,
        [window, window, team_id],
    )
    owners: dict[str, list[Row]] = {}
    for area, *owner in snapshot.rows(
        """
        select area, user_id, intensity, share from marts.fct_area_ownership
        where window_index = ? and area in (
            select area from marts.fct_area_ownership where window_index = ? and team_id = ?
        )
        order by area, rank
        """,
        [window, window, team_id],
    ):
        owners.setdefault(area, []).append(tuple(owner))
    return [_area(row, owners.get(row[0], []), access) for row in areas]


def is_nameable(access: Access, window_end: date) -> Callable[[str], bool]:
    """Whether an owner may be named: the viewer sees the person on the window's last day."""

    def nameable(user_id: str) -> bool:
        sight = access.people.get(user_id)
        # the as-of day is the latest of all zones and may be tomorrow where the person is
        return sight is not None and (
            sight.shows(window_end) or sight.shows(window_end - timedelta(days=1))
        )

    return nameable


def _area(row: Row, owners: list[Row], access: Access) -> dict[str, Any]:
    (
        area, window, window_start, window_end, total, tags, people, bus_factor, top_owner,
        top_share, hhi, is_at_risk,
    ) = row  # fmt: skip
    nameable = is_nameable(access, window_end)
    users = access.directory.users
    is_ours = nameable(top_owner)
    return {
        "area": area,
        "windowIndex": window,
        "windowStart": window_start.isoformat(),
        "windowEnd": window_end.isoformat(),
        "totalIntensity": total,
        "tagCount": tags,
        "people": people,
        "busFactor": bus_factor,
        "topOwner": top_owner if is_ours else None,
        "topOwnerName": users[top_owner].display_name if is_ours else ANOTHER_TEAM,
        "topShare": top_share,
        "hhi": hhi,
        "isAtRisk": is_at_risk,
        "owners": [
            {
                "userId": user_id,
                "displayName": users[user_id].display_name if user_id else ANOTHER_TEAM,
                "intensity": intensity,
                "share": share,
            }
            for user_id, intensity, share in _pooled(owners, nameable)
        ],
    }


def _pooled(
    owners: list[Row], nameable: Callable[[str], bool]
) -> list[tuple[str | None, int, float]]:
    """Owners by name, everybody else as one, last."""
    named: list[tuple[str | None, int, float]] = []
    others = [0, 0.0]
    for user_id, intensity, share in owners:
        if nameable(user_id):
            named.append((user_id, intensity, share))
        else:
            others = [others[0] + intensity, others[1] + share]
    return [*named, (None, int(others[0]), others[1])] if others[0] else named
