"""Dagster's files in the home, and the processes that a supervisor starts."""

import stat
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from heat.home import Home
from heat.settings import Settings
from orchestration.instance import code_socket, environment, processes, write_instance


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    Home(tmp_path / "a home: 'with' \"marks\"").init()
    return Settings(home=tmp_path / "a home: 'with' \"marks\"", dagster_port=3999)


def test_the_files_say_what_was_decided(settings: Settings) -> None:
    folder = write_instance(settings)
    instance = yaml.safe_load((folder / "dagster.yaml").read_text())
    assert instance["telemetry"] == {"enabled": False}
    assert instance["nux"] == {"enabled": False}
    assert instance["concurrency"] == {"runs": {"max_concurrent_runs": 1}}
    assert instance["run_coordinator"]["config"] == {"dequeue_interval_seconds": 1}
    assert instance["storage"] == {"sqlite": {"base_dir": str(folder)}}
    workspace = yaml.safe_load((folder / "workspace.yaml").read_text())
    assert workspace["load_from"][0]["grpc_server"] == {
        "socket": str(code_socket(settings.paths)),
        "location_name": "heat",
    }


def test_a_second_writing_changes_nothing(settings: Settings) -> None:
    folder = write_instance(settings)
    before = {file.name: file.read_text() for file in folder.iterdir()}
    write_instance(settings)
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def test_a_socket_left_by_a_killed_server_does_not_look_ready(settings: Settings) -> None:
    socket = code_socket(settings.paths)
    socket.touch()
    write_instance(settings)
    assert not socket.exists()


def test_everything_listens_on_loopback_or_a_private_socket(settings: Settings) -> None:
    code_server, daemon, webserver = processes(settings)
    assert "--socket" in code_server.argv
    assert webserver.argv[webserver.argv.index("--host") + 1] == "127.0.0.1"
    assert webserver.ready_url == "http://127.0.0.1:3999/server_info"
    assert "--port" not in (*code_server.argv, *daemon.argv)


def test_lean_is_without_the_webserver(settings: Settings) -> None:
    assert [p.name for p in processes(settings, lean=True)] == ["code server", "daemon"]


def test_telemetry_is_off_in_the_environment_too(settings: Settings) -> None:
    env = environment(settings)
    assert env["DAGSTER_DISABLE_TELEMETRY"] == "yes"
    assert env["HEAT_HOME"] == str(settings.home)


def test_a_home_with_a_long_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    home = Home(tmp_path / ("long" * 30)).init()
    socket = code_socket(home)
    assert len(str(socket)) <= 100
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
