"""The sensor and the schedule that ask the API, in Dagster's own contexts."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from heat.home import Home, replace_file
from heat.lock import OwnerLock
from heat.thresholds import Thresholds
from orchestration.defs import automation
from orchestration.defs.pipeline import delete_old_runs
from orchestration.publish import say_outcome


class Api:
    """The two questions of the sensor, answered over HTTP."""

    def __init__(self) -> None:
        self.head = {"epoch": "e", "seq": 1, "configVersion": 1}
        self.directory: dict[str, Any] = {
            "users": [],
            "teams": [{"timezone": "Asia/Tokyo"}],
            "thresholds": {"default": Thresholds().flat(), "teams": {}},
        }


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HEAT_HOME", str(tmp_path))
    return Home(tmp_path).init()


@pytest.fixture
def api(home: Home) -> Iterator[Api]:
    answers = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.split("/")[-1]
            body = json.dumps(getattr(answers, name)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    with OwnerLock(home.owner_lock).acquire(url=url):
        yield answers
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def look(instance: dg.DagsterInstance, cursor: str | None = None) -> Any:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    return automation.new_tags(context)


def published(home: Home, seq: int) -> None:
    say_outcome(
        home,
        {
            "outcome": "published",
            "epoch": "e",
            "seq": seq,
            "configVersion": 1,
            "finishedAt": datetime.now(UTC).isoformat(),
        },
    )


def test_the_first_look_starts_a_run(instance: dg.DagsterInstance, api: Api) -> None:
    answer = look(instance)
    assert len(answer.run_requests) == 1
    assert json.loads(answer.cursor)["position"] == "e:1:1"


def test_two_looks_at_the_same_landing_start_one_run(
    instance: dg.DagsterInstance, api: Api
) -> None:
    cursor = look(instance).cursor
    assert isinstance(look(instance, cursor), dg.SkipReason)


def test_what_is_published_already_starts_nothing(
    instance: dg.DagsterInstance, home: Home, api: Api
) -> None:
    published(home, 1)
    answer = look(instance)
    assert isinstance(answer, dg.SkipReason)
    assert answer.skip_message == "nothing new after 1"


def test_a_new_tag_starts_a_run(instance: dg.DagsterInstance, home: Home, api: Api) -> None:
    published(home, 1)
    api.head["seq"] = 2
    assert len(look(instance).run_requests) == 1


def test_an_interval_set_through_the_api_counts(
    instance: dg.DagsterInstance, home: Home, api: Api
) -> None:
    cursor = look(instance).cursor
    published(home, 1)
    api.head["seq"] = 2
    assert "refresh.minIntervalSeconds" in str(look(instance, cursor).skip_message)
    api.directory["thresholds"]["default"]["refresh.minIntervalSeconds"] = 0
    assert len(look(instance, cursor).run_requests) == 1


# Dagster makes a queued run only from a job that a code server serves
MADE_HERE = [status for status in automation.ACTIVE if status is not dg.DagsterRunStatus.QUEUED]


@pytest.mark.parametrize("status", MADE_HERE)
def test_no_second_run_while_one_is_queued_or_under_way(
    instance: dg.DagsterInstance, api: Api, status: dg.DagsterRunStatus
) -> None:
    _add(instance, status)
    answer = look(instance)
    assert isinstance(answer, dg.SkipReason)
    assert "queued or under way" in str(answer.skip_message)


def _add(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> str:
    run = dg.DagsterRun(job_name="refresh", status=status)
    instance.run_storage.add_run(run)
    return run.run_id


def test_an_api_that_is_away_is_a_reason_to_skip(instance: dg.DagsterInstance, home: Home) -> None:
    replace_file(home.config_file, "api_port = 1\n")
    answer = look(instance)
    assert isinstance(answer, dg.SkipReason)
    assert "http://127.0.0.1:1 does not answer" in str(answer.skip_message)


def test_a_run_whose_process_is_gone_gives_its_place_back(
    instance: dg.DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = _add(instance, dg.DagsterRunStatus.STARTED)
    automation.fail_abandoned_runs(instance, home)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is dg.DagsterRunStatus.STARTED
    monkeypatch.setattr("time.time", lambda: datetime.now(UTC).timestamp() + 300)
    automation.fail_abandoned_runs(instance, home)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is dg.DagsterRunStatus.FAILURE


def test_a_run_that_holds_the_lock_is_left_alone(
    instance: dg.DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = _add(instance, dg.DagsterRunStatus.STARTED)
    monkeypatch.setattr("time.time", lambda: datetime.now(UTC).timestamp() + 9999)
    with OwnerLock(home.pipeline_lock).acquire():
        automation.fail_abandoned_runs(instance, home)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is dg.DagsterRunStatus.STARTED


def midnight(instance: dg.DagsterInstance) -> Any:
    return automation.after_midnight(dg.build_schedule_context(instance=instance))


def test_no_midnight_before_the_first_snapshot(instance: dg.DagsterInstance, home: Home) -> None:
    assert isinstance(midnight(instance), dg.SkipReason)


def test_a_new_day_somewhere_starts_a_run(
    instance: dg.DagsterInstance, home: Home, api: Api
) -> None:
    replace_file(home.current_file, "heat-20260301T145000Z-00ff00ff.duckdb")
    assert isinstance(midnight(instance), dg.RunRequest)


def test_the_same_day_everywhere_starts_nothing(
    instance: dg.DagsterInstance, home: Home, api: Api
) -> None:
    replace_file(home.current_file, f"heat-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-00ff00ff.duckdb")
    assert isinstance(midnight(instance), dg.SkipReason)


def test_old_runs_are_deleted_and_newer_ones_kept(instance: dg.DagsterInstance) -> None:
    old = _add(instance, dg.DagsterRunStatus.SUCCESS)
    active = _add(instance, dg.DagsterRunStatus.STARTED)
    assert delete_old_runs(instance, datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert delete_old_runs(instance, datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert instance.get_run_by_id(old) is None
    assert instance.get_run_by_id(active) is not None
