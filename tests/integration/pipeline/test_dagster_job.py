"""The Dagster job with dbt and Great Expectations: assets, checks and outcome as one sees them."""

import importlib
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from hand_made_marts import rows
from landing_server import FakeLanding

from heat.lock import OwnerLock, holder_of
from heat.schema import MARTS
from heat.snapshot import current_snapshot, read_last_run

pytestmark = [pytest.mark.pipeline, pytest.mark.usefixtures("audit_here")]


@pytest.fixture
def job(pipeline: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run a job of the definitions in this process, against the steerable landing."""
    monkeypatch.setenv("HEAT_HOME", str(pipeline.home.root))
    with warnings.catch_warnings():
        # of libraries that dagster-dbt draws in
        warnings.simplefilter("ignore")
        defs = importlib.import_module("orchestration.definitions").defs
    with (
        OwnerLock(pipeline.home.owner_lock).acquire(url=url),
        dg.DagsterInstance.ephemeral() as instance,
    ):

        def run(name: str = "refresh") -> Any:
            found = defs.resolve_job_def(name)
            return found.execute_in_process(instance=instance, raise_on_error=False)

        yield run


def failed_checks(result: Any) -> set[str]:
    return {
        f"{check.asset_key.to_user_string()}: {check.check_name}"
        for check in result.get_asset_check_evaluations()
        if not check.passed
    }


def test_a_run_materialises_every_asset_and_publishes(
    job: Any, pipeline: Any, landing: FakeLanding
) -> None:
    landing.add()
    result = job()
    assert result.success
    made = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}
    assert {"raw_tags", "raw_directory", "published_snapshot", *MARTS} <= made
    checks = {check.check_name for check in result.get_asset_check_evaluations()}
    assert {"landed_rows", "freshness", "volume", "data_tests"} <= checks
    assert failed_checks(result) == set()
    assert rows(current_snapshot(pipeline.home), "select count(*) from marts.fct_tags") == [(1,)]
    assert holder_of(pipeline.home.pipeline_lock) is None


def test_a_bad_row_shows_as_a_failed_check_and_nothing_is_built(
    job: Any, pipeline: Any, landing: FakeLanding
) -> None:
    landing.add(intensity=99)
    result = job()
    assert not result.success
    assert failed_checks(result) == {"raw_tags: landed_rows"}
    assert not result.get_step_failure_events() or "build" not in {
        event.step_key for event in result.get_step_failure_events()
    }
    assert current_snapshot(pipeline.home) is None
    last_run = read_last_run(pipeline.home)
    assert last_run is not None
    assert last_run["outcome"] == "audit_failed"
    assert last_run["failedChecks"][0]["name"] == "intensity_range"
    assert holder_of(pipeline.home.pipeline_lock) is None


def test_a_failing_data_test_shows_at_its_model(
    job: Any, pipeline: Any, landing: FakeLanding
) -> None:
    landing.add()
    landing.directory["users"].append(dict(landing.directory["users"][0]))
    result = job()
    assert not result.success
    assert "dim_users: data_tests" in failed_checks(result)
    assert current_snapshot(pipeline.home) is None
    last_run = read_last_run(pipeline.home)
    assert last_run is not None
    assert last_run["outcome"] == "audit_failed"
    assert any("dim_users" in check["name"] for check in last_run["failedChecks"])


def test_old_tags_only_warn(job: Any, landing: FakeLanding) -> None:
    landing.add(tagged_at=datetime.now(UTC) - timedelta(days=30))
    result = job()
    assert result.success
    assert failed_checks(result) == {"raw_tags: freshness"}


def test_the_night_applies_retention_before_it_pulls(
    job: Any, pipeline: Any, landing: FakeLanding
) -> None:
    landing.add()
    assert job().success
    landing.requests.clear()
    assert job("nightly").success
    assert landing.requests.index("/internal/v1/retention") < landing.requests.index(
        "/internal/v1/tags"
    )


def test_an_api_that_is_away_fails_the_run_in_one_sentence(
    job: Any, pipeline: Any, landing: FakeLanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.defs.pipeline.api_url", lambda _: "http://127.0.0.1:1")
    result = job()
    assert not result.success
    (failure,) = result.get_step_failure_events()
    assert "http://127.0.0.1:1 does not answer" in str(failure.step_failure_data)
