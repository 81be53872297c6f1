"""Whole runs with dbt and Great Expectations, as ``heat refresh`` makes them."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hand_made_marts import rows
from landing_server import FakeLanding

from heat.home import Home
from heat.lock import LockHeldError, OwnerLock
from heat.snapshot import current_snapshot, read_last_run
from orchestration.warehouse import warehouse

pytestmark = [pytest.mark.pipeline, pytest.mark.usefixtures("audit_here")]

NOW = datetime.now(UTC).replace(microsecond=0)


def last_run(home: Home) -> dict[str, Any]:
    answer = read_last_run(home)
    assert answer is not None
    return answer


def marts(home: Home, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    path = current_snapshot(home)
    return {table: rows(path, f"from marts.{table} order by all") for table in tables}


def test_what_landed_is_published(pipeline: Any, landing: FakeLanding) -> None:
    for days_ago in range(3):
        landing.add(tagged_at=NOW - timedelta(days=days_ago), task_id="HEAT-1", intensity=4)
    stages: list[str] = []
    result = pipeline.refresh(on_stage=stages.append)
    assert result.outcome == "published", result.message
    assert stages == ["pull", "audit_landed", "build", "audit_marts", "publish"]
    (streak,) = rows(
        current_snapshot(pipeline.home), "select days, level, is_active from marts.fct_streaks"
    )
    assert streak == (3, "warning", True)
    said = last_run(pipeline.home)
    assert said["outcome"] == "published"
    assert said["snapshotId"] == result.snapshot_id
    assert (said["epoch"], said["seq"], said["configVersion"]) == ("epoch-1", 3, 1)
    assert said["failedChecks"] == []


def test_an_empty_home_is_published_empty(pipeline: Any, landing: FakeLanding) -> None:
    landing.directory |= {"users": [], "teams": [], "memberships": [], "managers": []}
    assert pipeline.refresh().outcome == "published"
    assert rows(current_snapshot(pipeline.home), "select count(*) from marts.fct_tags") == [(0,)]


def test_a_bad_row_publishes_nothing_until_it_is_withdrawn(
    pipeline: Any, landing: FakeLanding
) -> None:
    landing.add()
    before = pipeline.refresh().snapshot_id
    bad = landing.add(intensity=99)
    result = pipeline.refresh()
    assert (result.outcome, result.stage) == ("audit_failed", "audit_landed")
    assert str(before) in str(current_snapshot(pipeline.home))
    assert last_run(pipeline.home)["failedChecks"] == [
        {"name": "intensity_range", "message": "1 of 1 rows"}
    ]
    # the next run does not slip past it, whatever else landed meanwhile
    landing.add()
    assert pipeline.refresh().outcome == "audit_failed"
    landing.add(kind="withdrawn", tag_id=bad["tag_id"], intensity=99)
    assert pipeline.refresh().outcome == "published"
    assert rows(current_snapshot(pipeline.home), "select count(*) from marts.fct_tags") == [(2,)]


def test_a_data_test_that_fails_publishes_nothing_and_is_named(
    pipeline: Any, landing: FakeLanding
) -> None:
    landing.add()
    before = pipeline.refresh().snapshot_id
    landing.directory["users"].append(dict(landing.directory["users"][0]))
    landing.directory["configVersion"] = 2
    result = pipeline.refresh()
    assert (result.outcome, result.stage) == ("audit_failed", "build")
    names = [check["name"] for check in last_run(pipeline.home)["failedChecks"]]
    assert names
    assert names == [check.name for check in result.failed_checks]
    assert str(before) in str(current_snapshot(pipeline.home))


def test_a_row_lost_on_the_way_publishes_nothing(pipeline: Any, landing: FakeLanding) -> None:
    landing.add()
    landing.add()
    pipeline.refresh()
    with warehouse(pipeline.home) as connection:
        connection.execute("delete from raw.tag_events where seq = 1")
    result = pipeline.refresh()
    assert (result.outcome, result.stage) == ("audit_failed", "audit_marts")
    # throwing the warehouse away is the cure
    assert pipeline.refresh(full=True).outcome == "published"


def test_late_corrected_and_withdrawn_tags_count_as_if_built_at_once(
    pipeline: Any, landing: FakeLanding
) -> None:
    tags = [landing.add(tagged_at=NOW - timedelta(days=n), task_id="HEAT-1") for n in (0, 1, 3, 40)]
    pipeline.refresh()
    landing.add(tagged_at=NOW - timedelta(days=2), task_id="HEAT-1")
    landing.add(tagged_at=NOW - timedelta(days=200), user_id="bob@example.org")
    landing.add(kind="corrected", tag_id=tags[0]["tag_id"], task_id="HEAT-1", intensity=9)
    landing.add(kind="withdrawn", tag_id=tags[3]["tag_id"])
    pipeline.refresh()
    tables = ("fct_tags", "fct_streaks", "fct_daily_intensity", "fct_weekly_trends", "fct_load")
    grown = marts(pipeline.home, *tables)
    assert pipeline.refresh(full=True).outcome == "published"
    assert marts(pipeline.home, *tables) == grown


def test_a_changed_directory_reaches_tags_that_were_built_before(
    pipeline: Any, landing: FakeLanding
) -> None:
    landing.add(user_id="ann@example.org")
    pipeline.refresh()
    team = {"teamId": "web", "name": "Web", "timezone": "UTC", "visibility": "named"}
    landing.directory["teams"].append(team)
    landing.directory["memberships"][0]["teamId"] = "web"
    landing.directory["configVersion"] += 1
    pipeline.refresh()
    assert rows(current_snapshot(pipeline.home), "select team_id from marts.fct_tags") == [("web",)]


def test_a_cut_off_reaches_tags_that_were_built_before(pipeline: Any, landing: FakeLanding) -> None:
    landing.add(tagged_at=NOW - timedelta(days=100))
    landing.add()
    pipeline.refresh()
    day = (NOW - timedelta(days=90)).date()
    landing.cut_off(day)
    assert pipeline.refresh().outcome == "published"
    path = current_snapshot(pipeline.home)
    assert rows(path, "select count(*) from marts.fct_tags") == [(1,)]
    assert rows(path, "select cutoff_day from meta.config") == [(day,)]


def test_a_fixed_day_looks_back_and_the_next_run_returns_to_today(
    pipeline: Any, landing: FakeLanding
) -> None:
    day = (NOW - timedelta(days=10)).date()
    landing.add(tagged_at=NOW - timedelta(days=11))
    landing.add()
    assert pipeline.refresh(as_of=day).outcome == "published"
    path = current_snapshot(pipeline.home)
    assert rows(path, "select count(*) from marts.fct_tags") == [(1,)]
    assert rows(path, "select as_of_day from meta.snapshot") == [(day,)]
    pipeline.refresh()
    path = current_snapshot(pipeline.home)
    assert rows(path, "select count(*) from marts.fct_tags") == [(2,)]


def test_an_api_that_is_away_fails_the_run_in_one_sentence(pipeline: Any) -> None:
    result = pipeline.refresh(api_url="http://127.0.0.1:1")
    assert (result.outcome, result.stage) == ("failed", "pull")
    assert "http://127.0.0.1:1 does not answer" in last_run(pipeline.home)["message"]


def test_a_second_run_is_told_who_runs(pipeline: Any) -> None:
    with (
        OwnerLock(pipeline.home.pipeline_lock).acquire(),
        pytest.raises(LockHeldError, match="is held by process"),
    ):
        pipeline.refresh(wait=0)
    assert not pipeline.home.last_run_file.exists()


def test_a_run_leaves_the_process_as_it_was(
    pipeline: Any, landing: FakeLanding, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (dict(os.environ), Path.cwd())
    landing.add()
    pipeline.refresh()
    assert (dict(os.environ), Path.cwd()) == before
    assert capfd.readouterr().out == ""
    # and nobody holds the warehouse
    with warehouse(pipeline.home) as connection:
        assert connection.execute("select count(*) from raw.tag_events").fetchall() == [(1,)]


def test_audits_travel_with_the_snapshot(pipeline: Any, landing: FakeLanding) -> None:
    landing.add()
    pipeline.refresh()
    ((text,),) = rows(current_snapshot(pipeline.home), "select audits from meta.snapshot")
    audits = json.loads(str(text))
    assert {"intensity_range", "tags_agree_with_landing", "freshness"} <= set(audits)
    assert all(audit["passed"] for audit in audits.values() if audit["blocking"])
