"""The sample data set, sent through the real commands into a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
AS_OF = "2026-08-20"

Heat = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


@pytest.fixture(scope="module")
def heat_in_new_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Heat, Path]:
    """The ``heat`` command with a home of its own that keeps tags for ever."""
    home = tmp_path_factory.mktemp("home")
    environment = os.environ | {"HEAT_HOME": str(home), "HEAT_THRESHOLDS__RETENTION__DAYS": "0"}

    def heat(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [Path(sys.executable).with_name("heat"), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, f"heat {arguments}: {done.stdout}\n{done.stderr}"
        return done

    heat("init")
    heat("directory", "load", "--users", SAMPLE / "users.csv", "--teams", SAMPLE / "teams.csv")
    return heat, home


@pytest.fixture(scope="module")
def imported(heat_in_new_home: tuple[Heat, Path]) -> tuple[Heat, Path, dict[str, int]]:
    """All 357 bodies through the API, then one refresh as of the sample's last day."""
    heat, home = heat_in_new_home
    parts = sorted((SAMPLE / "upload").glob("*.ndjson.gz"))
    summary = json.loads(heat("import", *parts, "--json").stdout)
    heat("refresh", "--as-of", AS_OF)
    return heat, home, summary
