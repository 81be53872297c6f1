"""Audit of the marts: do they add up to what landed, and to each other?

Row rules of single models are dbt's data tests; here stand the sums that cross tables. All of
them block.
"""

from collections.abc import Iterator

import duckdb

from heat.home import Home
from heat.schema import MARTS
from orchestration.steps import Check
from orchestration.warehouse import warehouse

IN_FORCE = """
with

altered as (
    -- few: a window over every event would cost more than all other checks together
    select
        user_id, tag_id,
        arg_max(kind, seq) as kind,
        arg_max(intensity, seq) as intensity,
        arg_max(local_day, seq) as local_day
    from raw.tag_events
    where kind != 'stored'
    group by user_id, tag_id
),

tags as (
    select user_id, intensity, local_day
    from raw.tag_events
    anti join altered using (user_id, tag_id)
    union all
    select user_id, intensity, local_day from altered where kind != 'withdrawn'
),

dated as (
    select tags.*, tags.local_day > coalesce(users.as_of_day, run.as_of_day) as is_later
    from tags
    cross join raw.run
    left join raw.users on tags.user_id = users.user_id
)

select
    count(*),
    coalesce(sum(intensity), 0),
    count(*) filter (where is_later),
    coalesce(sum(intensity) filter (where is_later), 0)
from dated
"""
"""Tags in force and their intensity, and how much of both lies after the person's as-of day."""

PAIRS = {
    "daily_intensity_adds_up": (
        "select coalesce(sum(total_intensity), 0), coalesce(sum(tag_count), 0)"
        " from marts.fct_daily_intensity",
        "select coalesce(sum(intensity), 0), count(*) from marts.fct_tags",
    ),
    "work_types_add_up": (
        "select coalesce(sum(feature_intensity + bug_intensity + blocker_intensity"
        " + support_intensity + config_intensity + research_intensity), 0)"
        " from marts.fct_daily_intensity",
        "select coalesce(sum(total_intensity), 0) from marts.fct_daily_intensity",
    ),
    "labels_add_up": (
        "select coalesce(sum(tag_count), 0) from marts.fct_label_intensity",
        "select coalesce(sum(len(list_distinct(labels))), 0) from marts.fct_tags",
    ),
    "area_ownership_adds_up": (
        "select coalesce(sum(intensity), 0), round(coalesce(sum(share), 0), 6)"
        " from marts.fct_area_ownership",
        "select coalesce(sum(total_intensity), 0), count(*) from marts.fct_bus_factor",
    ),
    "shadow_work_adds_up": (
        "select coalesce(sum(total_intensity), 0) from marts.fct_shadow_work",
        "select coalesce(sum(total_intensity), 0) from marts.fct_weekly_trends",
    ),
}
"""Check name → two queries whose only rows must be the same."""

TRENDS = """
with trends as (
    select team_id, week_start, sum(total_intensity) as total, sum(tag_count) as tags
    from marts.fct_weekly_trends
    group by all
),
tags as (
    select
        team_id, cast(date_trunc('week', local_day) as date) as week_start,
        sum(intensity) as total, count(*) as tags
    from marts.fct_tags
    group by all
)
select count(*)
from trends
left join tags using (team_id, week_start)
where trends.total is distinct from tags.total or trends.tags is distinct from tags.tags
"""

STREAKS = """
select
    (select coalesce(sum(tag_count), 0) from marts.fct_streaks),
    (select count(*) from marts.fct_tags where task_scope != 'no-ticket')
"""


def audit_marts(home: Home) -> list[Check]:
    """Hold the marts against landing's ledger and against each other.

    :returns: every check; the caller decides with :func:`orchestration.steps.require`.
    """
    with warehouse(home, read_only=True) as connection:
        return list(_checks(connection))


def _checks(connection: duckdb.DuckDBPyConnection) -> Iterator[Check]:
    contract = _contract(connection)
    yield contract
    if not contract.passed:
        return
    yield from _ledger(connection)
    for name, (left, right) in PAIRS.items():
        yield _equal(name, _row(connection, left), _row(connection, right))
    ((weeks,),) = connection.execute(TRENDS).fetchall()
    yield Check("trends_add_up", weeks == 0, f"{weeks} weeks differ", counts={"failed": weeks})
    in_streaks, tags = _row(connection, STREAKS)
    yield Check(
        "streaks_hold_no_more_than_was_tagged",
        in_streaks <= tags,
        f"{in_streaks:.0f} tags in streaks, {tags:.0f} tags on tasks",
        counts={"in_streaks": in_streaks, "tags": tags},
    )


def _contract(connection: duckdb.DuckDBPyConnection) -> Check:
    """Names, order and types of every published column, as other rooms expect them."""
    rows = connection.execute(
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema = 'marts' order by table_name, ordinal_position"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    different = [
        table
        for table, columns in MARTS.items()
        if list(found.get(table, {}).items()) != list(columns.items())
    ]
    message = f"different from the contract: {', '.join(different)}" if different else "as agreed"
    return Check("mart_columns", not different, message, counts={"failed": len(different)})


def _ledger(connection: duckdb.DuckDBPyConnection) -> Iterator[Check]:
    """Landing → raw → marts, at the sequence that was pulled."""
    landing = _row(connection, "select events, in_force, in_force_intensity from raw.ledger")
    (events,) = _row(connection, "select count(*) from raw.tag_events")
    in_force, intensity, later, later_intensity = _row(connection, IN_FORCE)
    yield _equal("raw_agrees_with_landing", (events, in_force, intensity), landing)
    published = _row(connection, "select count(*), coalesce(sum(intensity), 0) from marts.fct_tags")
    yield _equal(
        "tags_agree_with_landing",
        (published[0] + later, published[1] + later_intensity),
        landing[1:],
    )


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[float, ...]:
    (row,) = connection.execute(query).fetchall()
    return tuple(float(value) for value in row)


def _equal(name: str, found: tuple[float, ...], expected: tuple[float, ...]) -> Check:
    def text(numbers: tuple[float, ...]) -> str:
        return ", ".join(f"{number:.0f}" for number in numbers)

    counts = {f"found_{i}": number for i, number in enumerate(found)}
    counts |= {f"expected_{i}": number for i, number in enumerate(expected)}
    return Check(
        name, found == expected, f"{text(found)}; expected {text(expected)}", counts=counts
    )
