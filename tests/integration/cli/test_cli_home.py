"""heat init, token, directory and status against a real home and the real API."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from heat.client import Client
from heat.home import Home
from heat.settings import load_settings
from ingest_api.local import running_api

Heat = Callable[..., Result]
Ask = Callable[..., Any]

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"


def test_init_may_be_called_twice_and_leaves_other_files_alone(
    heat: Heat, ask: Ask, home: Home
) -> None:
    home.root.mkdir()
    (home.root / "notes.txt").write_text("mine")
    assert ask("init")["new"] is True
    token = home.service_token()
    home.config_file.write_text("api_port = 9000\n")
    assert ask("init") == {"home": str(home.root), "new": False, "wroteConfig": False}
    assert home.service_token() == token
    assert home.config_file.read_text() == "api_port = 9000\n"
    assert (home.root / "notes.txt").read_text() == "mine"
    assert home.root.stat().st_mode & 0o777 == 0o700


def test_init_says_what_is_in_its_way(heat: Heat, home: Home) -> None:
    home.root.mkdir()
    (home.root / "logs").write_text("a file in place of a folder")
    said = heat("init", code=1).output
    assert said == f"heat: {home.root}/logs: file exists; a folder is needed there\n"


def test_init_on_a_file_is_refused(heat: Heat, home: Home) -> None:
    home.root.write_text("a file")
    assert "a folder is needed there" in heat("init", code=1).output


def test_a_token_is_shown_once_and_works(heat: Heat, ask: Ask, home: Home) -> None:
    heat("init")
    made = ask("token", "create", "--user", "Ann@example.org", "--role", "developer")
    with (
        running_api(load_settings(home.root)) as url,
        Client(url, made["token"]) as client,
    ):
        assert client.me()["userId"] == "ann@example.org"
    (listed,) = ask("token", "list")["tokens"]
    assert listed["prefix"] == made["prefix"]
    assert "token" not in listed


def test_a_token_for_a_person_prints_only_the_token(heat: Heat) -> None:
    heat("init")
    made = heat("token", "create", "--user", "ann")
    assert re.fullmatch(r"heat_\w+_\S+\n", made.stdout)


def test_a_revoked_token_is_listed_as_revoked(heat: Heat, ask: Ask) -> None:
    heat("init")
    made = ask("token", "create", "--user", "ann", "--role", "manager")
    heat("token", "revoke", made["prefix"])
    assert "revoked" in heat("token", "list").stdout


def test_an_unknown_token_cannot_be_revoked(heat: Heat) -> None:
    heat("init")
    said = heat("token", "revoke", "00000000", code=1)
    assert said.output == "heat: there is no token 00000000; see `heat token list`\n"


def test_a_user_id_that_cannot_be_is_named(heat: Heat) -> None:
    heat("init")
    assert "userId" in heat("token", "create", "--user", "a b", code=1).output


def test_the_samples_directory_loads_as_it_is(heat: Heat, ask: Ask) -> None:
    heat("init")
    files = ("--users", SAMPLE / "users.csv", "--teams", SAMPLE / "teams.csv")
    would = ask("directory", "load", *files, "--dry-run")
    assert would["dryRun"] is True
    assert would["changes"]["memberships"]["added"] == 195
    loaded = ask("directory", "load", *files)
    assert loaded["changes"] == would["changes"]
    again = ask("directory", "load", *files)["changes"]
    assert not any(count for part in again.values() for count in part.values())


def test_a_dry_run_writes_nothing(heat: Heat, ask: Ask, tmp_path: Path) -> None:
    heat("init")
    users = tmp_path / "users.csv"
    users.write_text("userId,team\nann,web\n")
    said = heat("directory", "load", "--users", users, "--dry-run")
    assert "nothing was written" in said.stderr
    assert ask("directory", "load", "--users", users)["changes"]["users"]["added"] == 1


def test_what_the_api_refuses_is_named_with_file_line_and_column(
    heat: Heat, tmp_path: Path
) -> None:
    heat("init")
    users, teams = tmp_path / "users.csv", tmp_path / "teams.csv"
    users.write_text("userId,team,timezone\nann,web,\nbo,web,Mars/Olympus\n")
    teams.write_text("team,manager,visibility\nweb,cleo,hidden\n")
    said = heat("directory", "load", "--users", users, "--teams", teams, code=1).output
    assert f"{users}, line 3, column timezone: " in said
    assert f"{teams}, line 2, column visibility: " in said


def test_a_person_in_two_teams_at_a_time_is_refused(heat: Heat, tmp_path: Path) -> None:
    heat("init")
    users = tmp_path / "users.csv"
    users.write_text("userId,team\nann,web\nann,ops\n")
    said = heat("directory", "load", "--users", users, code=1).output
    assert f"{users}, line 3, column team: " in said


def test_a_directory_needs_a_file(heat: Heat) -> None:
    heat("init")
    assert "name --users, --teams or both" in heat("directory", "load", code=2).output


def test_a_landing_store_that_is_no_database_is_said(heat: Heat, home: Home) -> None:
    heat("init")
    home.landing_file.write_text("no database")
    assert f"{home.landing_file} cannot be used: " in heat("status", code=1).stderr


def test_the_status_of_a_new_home_has_no_problem(ask: Ask, heat: Heat) -> None:
    heat("init")
    state = ask("status")
    assert state["problems"] == []
    assert state["snapshot"] is None
    assert state["processes"] == {"supervisor": None, "api": None, "pipeline": None}
    assert "no problems" in heat("status").stdout


def test_the_status_says_who_holds_the_landing_store(heat: Heat, ask: Ask, home: Home) -> None:
    heat("init")
    with running_api(load_settings(home.root)) as url:
        assert ask("status")["processes"]["api"]["url"] == url


@pytest.mark.parametrize(
    ("last_run", "what", "do"),
    [
        (
            '{"outcome": "audit_failed", "stage": "audit_landed", "finishedAt": "t",'
            ' "failedChecks": [{"name": "intensity", "message": "3 rows"}]}',
            "newer data failed 1 checks (intensity: 3 rows)",
            "heat refresh",
        ),
        (
            '{"outcome": "failed", "stage": "build", "message": "out of disk",'
            ' "finishedAt": "t", "failedChecks": []}',
            "the last run failed at build: out of disk",
            "--full",
        ),
    ],
)
def test_the_status_names_what_went_wrong_and_what_to_do(
    heat: Heat, ask: Ask, home: Home, last_run: str, what: str, do: str
) -> None:
    heat("init")
    home.last_run_file.write_text(last_run)
    (problem,) = ask("status")["problems"]
    assert problem["what"] == what
    assert do in problem["do"]
    assert what in heat("status").stdout
