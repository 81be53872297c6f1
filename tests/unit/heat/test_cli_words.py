"""What the command line says of itself: help with examples, names, sentences."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from heat import __version__
from heat.cli import main
from heat.cli.base import Failure, HeatCommand, sentences
from heat.cli.output import print_table
from heat.client import ApiError
from heat.lock import LockHeldError
from heat.settings import SettingsError


def every_command(group: click.Group = main, above: str = "") -> Iterator[tuple[str, HeatCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{above}{name} ")
        elif isinstance(command, HeatCommand):
            yield above + name, command


COMMANDS = dict(every_command())


def test_every_command_of_the_contract_is_there() -> None:
    assert set(COMMANDS) == {
        *("init", "up", "demo", "import", "refresh", "status", "directory load"),
        *("serve api", "serve app", "serve orchestrator"),
        *("token create", "token list", "token revoke"),
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_commands_help_has_an_example(name: str) -> None:
    shown = CliRunner().invoke(main, [*name.split(), "--help"])
    assert shown.exit_code == 0
    assert "Examples:" in shown.output
    assert f"heat {name}" in shown.output
    assert "--home" in shown.output


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"heat {__version__}\n"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ApiError(0, "no answer", "nobody answers"), "nobody answers"),
        (SettingsError("setting api_port: too high"), "setting api_port: too high"),
        (LockHeldError(Path("a.lock"), {"pid": 7}), "a.lock is held by process 7"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), "x: permission denied"),
        (
            FileExistsError(errno.EEXIST, "File exists", "home/logs"),
            "home/logs: file exists; a folder is needed there",
        ),
        (OSError("odd"), "odd"),
    ],
)
def test_what_a_user_can_cause_ends_in_a_sentence(error: Exception, sentence: str) -> None:
    with pytest.raises(Failure) as caught, sentences():
        raise error
    assert caught.value.message == sentence


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), sentences():
        raise ZeroDivisionError


def test_a_home_that_is_none_is_said(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["status", "--home", str(tmp_path)])
    assert said.exit_code == 1
    assert said.output == f"heat: {tmp_path} is not a HEAT home yet: run `heat init`\n"


def test_a_setting_that_cannot_be_is_said_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "heat.toml").write_text("api_port = 70000\n")
    said = CliRunner().invoke(main, ["init", "--home", str(tmp_path)])
    assert said.exit_code == 1
    assert "setting api_port" in said.output
    assert said.exc_info is not None
    assert said.exc_info[0] is SystemExit


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    said = CliRunner().invoke(main, ["init", "--home", str(tmp_path / "home")])
    assert said.exit_code == 1
    assert "permission denied" in said.output


def test_a_table_without_rows_still_has_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["prefix", "user"], [])
    assert capsys.readouterr().out == "prefix  user\n"
