"""Sample in, answers out: every number equals the independently computed one."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from heat.home import Home
from heat.snapshot import connect, current_snapshot

pytestmark = [pytest.mark.pipeline, pytest.mark.process]

Imported = tuple[object, Path, dict[str, int]]

WORK_TYPES = ("Feature", "Bug", "Blocker", "Support", "Config", "Research")

MARTS = {
    "daily": f"""
        select user_id as "userId", local_day as day, total_intensity as total, band as colour,
            tag_count as tags, {", ".join(f'{w.lower()}_intensity as "{w}"' for w in WORK_TYPES)}
        from marts.fct_daily_intensity
    """,
    "streaks": """
        select user_id as "userId", task_id as "taskId", work_type as "workType",
            first_day as start, last_day as "end", days as length, tag_count as tags,
            case level when 'monitor' then 'none' else level end as severity
        from marts.fct_streaks where days >= 2
    """,
    "longest": """
        select user_id as "userId", task_id as "taskId", work_type as "workType",
            max(days) as longest, arg_max(first_day, (days, -epoch(first_day))) as start,
            arg_max(last_day, (days, -epoch(first_day))) as "end",
            sum(days)::bigint as days, sum(tag_count)::bigint as tags
        from marts.fct_streaks group by all
    """,
    "bus_factor": """
        select window_index as "window", window_start as start, window_end as "end", area,
            total_intensity as total, people, bus_factor as "busFactor", top_owner as "topOwner",
            top_share as "topShare", hhi
        from marts.fct_bus_factor
    """,
    "weekly": """
        select team_id as team, week_start as "weekStart", work_type as "workType",
            total_intensity as total, tag_count as tags, people as users
        from marts.fct_weekly_trends where tag_count > 0
    """,
}


def marts_of(home: Path) -> duckdb.DuckDBPyConnection:
    path = current_snapshot(Home(home))
    assert path is not None
    return connect(path)


def test_every_tag_of_the_sample_is_stored_once(imported: Imported) -> None:
    _, home, summary = imported
    assert (summary["stored"], summary["duplicate"], summary["rejected"]) == (19236, 0, 0)
    with marts_of(home) as marts:
        assert marts.execute("select count(*) from marts.fct_tags").fetchall() == [(19236,)]


@pytest.mark.parametrize("answer", MARTS)
def test_a_mart_equals_the_expected_answer_row_for_row(
    imported: Imported, sample: Path, answer: str
) -> None:
    _, home, _ = imported
    expected = pl.read_csv(sample / "expected" / f"{answer}.csv.gz", try_parse_dates=True)
    with marts_of(home) as marts:
        found = marts.execute(MARTS[answer]).pl()
    assert_frame_equal(
        found.select(expected.columns),
        expected,
        check_row_order=False,
        check_exact=False,
        rel_tol=0,
        abs_tol=1e-6,
    )


def test_importing_everything_again_stores_nothing_and_changes_no_number(
    imported: Imported, sample: Path
) -> None:
    import json

    heat, home, _ = imported
    with marts_of(home) as marts:
        before = {name: marts.execute(f"select * from marts.{name}").pl() for name in FACTS}
    again = json.loads(
        heat("import", *sorted((sample / "upload").glob("*.ndjson.gz")), "--json").stdout  # type: ignore[operator]
    )
    assert (again["stored"], again["duplicate"]) == (0, 19236)
    heat("refresh", "--as-of", "2026-08-20")  # type: ignore[operator]
    with marts_of(home) as marts:
        for name, frame in before.items():
            assert_frame_equal(
                marts.execute(f"select * from marts.{name}").pl(), frame, check_row_order=False
            )


FACTS = (
    "fct_tags",
    "fct_daily_intensity",
    "fct_streaks",
    "fct_bus_factor",
    "fct_area_ownership",
    "fct_weekly_trends",
    "fct_load",
)
