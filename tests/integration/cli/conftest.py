"""A home of its own for each test, and the command line as a user types it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from heat.cli import main
from heat.home import Home

Heat = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HEAT_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def heat(home: Home) -> Heat:
    """Type a command; ``code`` is the exit code it must end with."""

    def type_command(*words: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        assert "Traceback" not in result.output
        return result

    return type_command


@pytest.fixture
def ask(heat: Heat) -> Callable[..., Any]:
    """Type a command with ``--json`` and read what it prints."""
    return lambda *words, code=0: json.loads(heat(*words, "--json", code=code).stdout)
