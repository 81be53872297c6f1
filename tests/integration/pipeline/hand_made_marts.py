"""Marts made by hand from ``raw``, for tests of what comes after a build.

The real ones are dbt's; these follow the same contract with the few sums that the audits compare.
"""

import duckdb

from heat.home import Home
from heat.schema import MARTS
from orchestration.steps import Built
from orchestration.warehouse import warehouse

FILLED = {
    "fct_tags": """
        select
            cast(tag_id as varchar) as tag_id, user_id, 'core' as team_id, task_scope, task_id,
            task_title, work_type, cast(intensity as bigint) as intensity, tagged_at, local_day,
            labels, coalesce(area, 'unassigned') as area, source, ingested_at
        from (
            from raw.tag_events
            qualify row_number() over (partition by user_id, tag_id order by seq desc) = 1
        )
        where kind != 'withdrawn'
    """,
    "fct_daily_intensity": """
        select
            user_id, team_id, local_day, cast(sum(intensity) as bigint) as total_intensity,
            'cool' as band, count(*) as tag_count, count(distinct task_id) as task_count,
            cast(sum(intensity) as bigint) as feature_intensity, 0::bigint as bug_intensity,
            0::bigint as blocker_intensity, 0::bigint as support_intensity,
            0::bigint as config_intensity, 0::bigint as research_intensity
        from marts.fct_tags group by all
    """,
    "fct_label_intensity": """
        select
            user_id, team_id, local_day, work_type, label,
            cast(sum(intensity) as bigint) as total_intensity, count(*) as tag_count
        from (select *, unnest(list_distinct(labels)) as label from marts.fct_tags)
        group by user_id, team_id, local_day, work_type, label
    """,
    "dim_users": """
        select user_id, display_name, 'core' as team_id, 'UTC' as timezone from raw.users
    """,
}


def make_marts(home: Home) -> Built:
    """Stand in for ``build``: every mart of the contract, most of them empty."""
    with warehouse(home) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute("create schema if not exists intermediate")
        for name, columns in MARTS.items():
            typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create or replace table marts.{name} ({typed})")
            if name in FILLED:
                connection.execute(f"insert into marts.{name} by name {FILLED[name]}")
        connection.execute(
            "create or replace table intermediate.int_rest_days as"
            " select user_id, as_of_day as day from raw.users"
        )
    return Built([], full_refresh=False)


def rows(path: object, query: str) -> list[tuple[object, ...]]:
    """Answer of one query on a file, opened read-only."""
    connection = duckdb.connect(str(path), read_only=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
