"""The API as a process of its own, on an ephemeral port, over a home in a temporary folder."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from heat.home import Home
from heat.lock import holder_of

_SERVE = """
import sys
from pathlib import Path
from heat.settings import load_settings
from ingest_api.server import CannotServeError, serve
try:
    serve(load_settings(Path(sys.argv[1])), wait=float(sys.argv[2]))
except CannotServeError as error:
    sys.exit(str(error))
"""


class ApiProcess:
    """One ``serve`` of a home; ``url`` is where it answers."""

    def __init__(self, home: Home, wait: float, prelude: str) -> None:
        self.home = home
        self.log = home.logs / f"api-{time.monotonic_ns()}.log"
        env = {**os.environ, "HEAT_API_PORT": "0", "HEAT_LOG_LEVEL": "WARNING"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", prelude + _SERVE, str(home.root), str(wait)],
                env=env,
                stderr=log,
            )
        self.url = ""

    def started(self) -> "ApiProcess":
        """Wait until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            holder = holder_of(self.home.owner_lock) or {}
            url = str(holder.get("url") or "")
            if holder.get("pid") == self.process.pid and not url.endswith(":0"):
                self.url = url
                return self
            time.sleep(0.02)
        raise AssertionError(f"the API did not start: {self.log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(30)

    def end(self) -> int:
        """Ask it to end, and wait."""
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").init()


@pytest.fixture
def api_process(home: Home) -> Iterator[Callable[..., ApiProcess]]:
    """Start an API process of the home; whatever still runs is ended after the test."""
    started: list[ApiProcess] = []

    def start(*, wait: float = 30.0, prelude: str = "") -> ApiProcess:
        started.append(ApiProcess(home, wait, prelude))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.kill()
