"""How a small group is kept from being read: the one place that hides cells of aggregates.

Whoever does not see people by name (an analyst, the manager of a team of visibility
``aggregate``) sees weekly cells of at least ``privacy.minGroupSize`` people, and sums of such
cells. Weeks are whole ISO weeks, so two periods never differ by a few chosen days. Where a cell
is hidden, the smallest shown one beside it goes too: what is missing from a known sum is then
always made by enough people.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from ingest_api.access import Span, TeamSight
from ingest_api.snapshots import Snapshot

Cell = TypeVar("Cell")
Week = tuple[str, date]
"""A team and the Monday of an ISO week."""

Sights = Mapping[str, TeamSight]


def large_weeks(snapshot: Snapshot, teams: Iterable[str], weeks: Span, size: int) -> set[Week]:
    """Weeks of each team in which at least ``size`` people tagged."""
    rows = snapshot.rows(
        """
        select team_id, date_trunc('week', local_day)::date as week_start
        from marts.fct_daily_intensity
        where list_contains(?::varchar[], team_id) and local_day between ? and ?
        group by all having count(distinct user_id) >= ?
        """,
        [list(teams), weeks.first, weeks.last, size],
    )
    return set(rows)


def large_halves(snapshot: Snapshot, teams: Iterable[str], weeks: Span, size: int) -> set[Week]:
    """Weeks whose shadow work and whose other work are each nobody's or enough people's."""
    rows = snapshot.rows(
        """
        with

        people as (
            select
                team_id,
                date_trunc('week', local_day)::date as week_start,
                user_id,
                sum(support_intensity + config_intensity + blocker_intensity) > 0 as is_shadow,
                sum(feature_intensity + bug_intensity + research_intensity) > 0 as is_other
            from marts.fct_daily_intensity
            where list_contains(?::varchar[], team_id) and local_day between ? and ?
            group by all
        )

        select team_id, week_start
        from people
        group by all
        having
            (count(*) filter (is_shadow) = 0 or count(*) filter (is_shadow) >= ?)
            and (count(*) filter (is_other) = 0 or count(*) filter (is_other) >= ?)
        """,
        [list(teams), weeks.first, weeks.last, size, size],
    )
    return set(rows)


def shown(
    cells: Sequence[Cell],
    sights: Sights,
    size: int,
    *,
    week_of: Callable[[Cell], Week],
    people_of: Callable[[Cell], int],
    amount_of: Callable[[Cell], int],
) -> list[Cell]:
    """Cells that may be seen, in their order: all of a team seen whole, large ones of others.

    :param cells: parts that add up to the total of their team's week.
    :param size: people that make a cell large enough.
    :param week_of: team and week of a cell.
    :param people_of: distinct people who made it.
    :param amount_of: its intensity.
    """
    weeks: dict[Week, list[Cell]] = {}
    for cell in cells:
        weeks.setdefault(week_of(cell), []).append(cell)
    kept: set[int] = set()
    for (team_id, _), parts in weeks.items():
        if sights[team_id].is_whole:
            kept.update(map(id, parts))
            continue
        large = [part for part in parts if people_of(part) >= size]
        small = [part for part in parts if 0 < people_of(part) < size]
        if small and large:
            # complement: a lone hidden part would be the total less what is shown
            large.remove(min(large, key=amount_of))
        kept.update(map(id, large))
    return [cell for cell in cells if id(cell) in kept]


def restricted(sights: Sights) -> list[str]:
    """Teams of which only large groups are seen."""
    return [team_id for team_id, sight in sights.items() if not sight.is_whole]


def weekly_group(snapshot: Snapshot, team_id: str, weeks: Span, size: int) -> list[dict[str, Any]]:
    """A team's whole weeks in which at least ``size`` people tagged: sums, no names."""
    rows = snapshot.rows(
        """
        select
            date_trunc('week', local_day)::date as week_start,
            count(distinct user_id) as people,
            sum(total_intensity)::bigint,
            sum(tag_count)::bigint,
            count(*) as tagged_days,
            count(*) filter (band = 'critical') as critical_days
        from marts.fct_daily_intensity
        where team_id = ? and local_day between ? and ?
        group by week_start having count(distinct user_id) >= ?
        order by week_start
        """,
        [team_id, weeks.first, weeks.last, size],
    )
    return [
        {
            "weekStart": week.isoformat(),
            "people": people,
            "totalIntensity": total,
            "tagCount": tags,
            "taggedDays": tagged,
            "criticalDays": critical,
        }
        for week, people, total, tags, tagged, critical in rows
    ]


def taggers(snapshot: Snapshot, teams: Iterable[str], weeks: Span) -> dict[str, int]:
    """How many people of each team tagged in some weeks; teams in which nobody did are absent."""
    return dict(
        snapshot.rows(
            """
            select team_id, count(distinct user_id) from marts.fct_daily_intensity
            where list_contains(?::varchar[], team_id) and local_day between ? and ?
            group by team_id
            """,
            [list(teams), weeks.first, weeks.last],
        )
    )
