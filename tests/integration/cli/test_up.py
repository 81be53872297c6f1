"""heat up: everything starts, answers, takes a tag by the printed curl, and ends without a rest."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from click.testing import Result

from heat.cli.commands import up as commands_up
from heat.client import Client
from heat.home import Home
from heat.lock import OwnerLock
from heat.snapshot import current_snapshot

Heat = Callable[..., Result]

PATIENCE = 240.0


class Up:
    """A running ``heat up`` and what it has printed."""

    def __init__(self, home: Home, *options: str) -> None:
        self.home = home
        self.out = home.root.parent / "up.out"
        free = {f"HEAT_{name}_PORT": "0" for name in ("API", "APP", "DAGSTER")}
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "heat.cli", "up", *options],
                env={**os.environ, **free, "HEAT_HOME": str(home.root)},
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    @property
    def text(self) -> str:
        return self.out.read_text()

    def wait_until_it_is_up(self) -> None:
        until = time.monotonic() + PATIENCE
        while "two minutes" not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < until, self.text
            time.sleep(0.2)

    def address(self, name: str) -> str:
        found = re.search(rf"^  {name} +(\S+)$", self.text, re.M)
        assert found, self.text
        return found[1]

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def up(home: Home) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(*options: str) -> Up:
        started.append(Up(home, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(30)


def nobody_is_left(family: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(family, timeout=30)
    return alive == []


@pytest.mark.process
@pytest.mark.pipeline
def test_up_shows_a_populated_company_takes_a_tag_and_ends_without_a_rest(
    up: Callable[..., Up], home: Home, heat: Heat
) -> None:
    running = up("--demo", "--lean")
    running.wait_until_it_is_up()
    assert current_snapshot(home) is not None
    assert httpx.get(f"{running.address('app')}/_stcore/health", trust_env=False).text == "ok"
    assert "pipeline" not in running.text.partition("Send your own")[0].partition("logs")[0]

    curl = re.search(r"^curl .*?\}'$", running.text, re.M | re.S)
    assert curl
    answer = subprocess.run(["bash", "-c", curl[0]], capture_output=True, text=True, check=True)
    assert '"stored"' in answer.stdout
    token = re.search(r"Bearer (\S+)'", curl[0])
    assert token
    with Client(running.address("API").removesuffix("/api/v1"), token[1]) as client:
        me = client.me()["userId"]
        today = client.get(f"/api/v1/dashboard/developer/{me}")["days"][-1]
    assert today["totalIntensity"] >= 3

    said = heat("up", "--demo", code=1).stderr
    assert f"HEAT is already up in {home.root} (process {running.process.pid})" in said

    family = running.family()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0
    assert nobody_is_left(family)
    assert "Traceback" not in running.text


@pytest.mark.process
def test_up_names_the_setting_of_a_port_that_is_taken(
    heat: Heat, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    heat("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("HEAT_API_PORT", "0")
        monkeypatch.setenv("HEAT_APP_PORT", str(port))
        said = heat("up", "--lean", code=1).stderr
    assert f"port {port} on 127.0.0.1 cannot be used" in said
    assert "set app_port in heat.toml or HEAT_APP_PORT" in said
    assert list(home.logs.iterdir()) == []


def test_up_needs_a_home(heat: Heat) -> None:
    assert "run `heat init`" in heat("up", code=1).stderr


def test_up_beside_a_running_api_is_refused(
    heat: Heat, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    heat("init")
    monkeypatch.setattr(commands_up, "_MOMENT_SECONDS", 0.2)
    with OwnerLock(home.owner_lock).acquire(url="http://127.0.0.1:18040"):
        said = heat("up", code=1).stderr
    assert f"process {os.getpid()} at http://127.0.0.1:18040 holds the landing store" in said


@pytest.mark.process
def test_a_part_that_cannot_start_ends_everything_with_its_last_words(
    up: Callable[..., Up], home: Home, heat: Heat, tmp_path: Path
) -> None:
    heat("init")
    # a landing store that is no database: the API says so and dies, again and again
    home.landing_file.write_text("no database")
    running = up("--lean")
    assert running.process.wait(PATIENCE) == 1
    assert "API ended with code 1 4 times" in running.text
    assert str(home.logs / "api.log") in running.text
