"""(b) (c) (e) Everything running by ``heat up``: start, freshness, one refresh, idle cost.

One home with the demo company, started twice: without Dagster's pages to measure what it costs
to do nothing, then whole to measure how soon a tag is seen. ``TAGS`` says how many single tags,
one a minute (default 6).
"""

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from report import Figure

from heat.client import Client
from heat.home import Home
from heat.lock import holder_of
from heat.snapshot import current_snapshot

HEAT = Path(sys.executable).with_name("heat")
SINGLE_TAGS = int(os.environ.get("TAGS", "6"))
SETTLE_SECONDS = 45
IDLE_SECONDS = 60
STREAM_SECONDS = 120


def measure() -> list[Figure]:
    """Start, idle, freshness and refresh of one stack on the demo company."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        with running(home, "--demo", "--lean") as (process, seconds):
            figures = [Figure("start", "first start to populated pages", seconds, "s", 180)]
            figures += idle(process)
        with running(home, "--demo") as (_, seconds):
            figures.append(Figure("start", "each later start", seconds, "s", 40))
            figures += freshness(home)
            figures += thousand_tags(home)
        figures.append(command_line(home))
    return figures


@contextlib.contextmanager
def running(home: Home, *options: str) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """``heat up`` until its addresses are printed; the seconds that took."""
    environment = os.environ | {
        "HEAT_HOME": str(home.root),
        **dict.fromkeys(("HEAT_API_PORT", "HEAT_APP_PORT", "HEAT_DAGSTER_PORT"), "0"),
        "HEAT_THRESHOLDS__REFRESH__MININTERVALSECONDS": "0",
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        [HEAT, "up", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_listen, args=(process, said, ready), daemon=True).start()
    try:
        if not ready.wait(300):
            raise SystemExit("heat up did not get ready:\n" + "".join(said))
        wait_until(lambda: current_snapshot(home) is not None, 300)
        yield process, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _listen(process: subprocess.Popen[str], said: list[str], ready: threading.Event) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            ready.set()
    ready.set()


def idle(process: subprocess.Popen[str]) -> list[Figure]:
    """Proportional memory of all processes together, and their CPU while nothing is asked."""
    time.sleep(SETTLE_SECONDS)
    family = [psutil.Process(process.pid)]
    family += family[0].children(recursive=True)
    before = sum(_cpu_seconds(one) for one in family)
    time.sleep(IDLE_SECONDS)
    after = sum(_cpu_seconds(one) for one in family)
    memory = {one.pid: one.memory_full_info().pss for one in family if one.is_running()}
    return [
        Figure("idle", "memory of all processes (lean)", sum(memory.values()) / 1e9, "GB", 1.5),
        Figure("idle", "CPU of one core (lean)", 100 * (after - before) / IDLE_SECONDS, "%", 5),
    ]


def _cpu_seconds(one: psutil.Process) -> float:
    times = one.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


class Person:
    """Somebody of the demo company, their manager, and how each sees their day."""

    def __init__(self, home: Home) -> None:
        holder = holder_of(home.owner_lock)
        assert holder is not None
        self.url = str(holder["url"])
        self.token = home.service_token()
        self.service = Client(self.url, self.token)
        directory = self.service.directory()
        managing = directory["managers"][0]
        self.team = managing["teamId"]
        self.user_id = next(
            belonging["userId"]
            for belonging in directory["memberships"]
            if belonging["teamId"] == self.team and belonging["userId"] != managing["userId"]
        )
        self.own = Client(self.url, self.token, on_behalf_of=self.user_id)
        self.manager = Client(self.url, self.token, on_behalf_of=managing["userId"])

    def tag(self, count: int = 1) -> int:
        """Send tags of this moment; returns the tags on one's own page then."""
        for first in range(0, count, 100):
            tags = [
                {
                    "tagId": str(uuid.uuid4()),
                    "taskId": f"BENCH-{i % 7}",
                    "workType": "Feature",
                    "intensity": 1,
                    "timestamp": time.time_ns() // 1_000_000,
                }
                for i in range(first, min(first + 100, count))
            ]
            self.service.post_tags({"userId": self.user_id, "tags": tags})
        return self.own_tags()

    def own_tags(self) -> int:
        """Tags of today on the developer view."""
        view = self.own.get(f"/dashboard/developer/{self.user_id}")
        return _tags_on(view["days"], view["today"])

    def tags_seen_by_manager(self) -> int:
        """The same on the team view."""
        view = self.manager.get(f"/dashboard/manager/{self.team}")
        member = next(one for one in view["members"] if one["userId"] == self.user_id)
        return max((day["tagCount"] for day in member["days"][-1:]), default=0)


def _tags_on(days: list[dict[str, object]], day: str) -> int:
    return next((int(str(one["tagCount"])) for one in days if one["date"] == day), 0)


def freshness(home: Home) -> list[Figure]:
    """One tag a minute, then a steady stream: seconds until each page shows it."""
    person = Person(home)
    quiet(home)
    own, team = [], []
    for _ in range(SINGLE_TAGS):
        began = time.perf_counter()
        wanted = person.tag()
        own.append(time.perf_counter() - began)
        wait_until(lambda wanted=wanted: person.tags_seen_by_manager() >= wanted, 120)  # type: ignore[misc]
        team.append(time.perf_counter() - began)
        time.sleep(max(0.0, 60 - team[-1]))
    stream = _under_a_stream(person)
    return [
        Figure("freshness", "own page, p95", p95(own), "s", 2),
        Figure("freshness", "team page, p95, a tag a minute", p95(team), "s", 30),
        Figure("freshness", "team page, p95, steady stream", p95(stream), "s"),
    ]


def _under_a_stream(person: Person) -> list[float]:
    """A tag a second; how long those took whose number the team page reached."""
    sent: list[tuple[float, int]] = []
    seen: list[float] = []
    until = time.perf_counter() + STREAM_SECONDS
    while time.perf_counter() < until:
        sent.append((time.perf_counter(), person.tag()))
        shown = person.tags_seen_by_manager()
        now = time.perf_counter()
        seen += [now - when for when, number in sent if number <= shown]
        sent = [(when, number) for when, number in sent if number > shown]
        time.sleep(1)
    return seen


def thousand_tags(home: Home) -> list[Figure]:
    """From the answer to the last of 1,000 tags to their snapshot, through Dagster."""
    person = Person(home)
    quiet(home)
    wanted = person.tag(1_000)
    began = time.perf_counter()
    wait_until(lambda: person.tags_seen_by_manager() >= wanted, 120)
    return [Figure("refresh", "1,000 tags to published, Dagster", time.perf_counter() - began, "s")]


def command_line(home: Home) -> Figure:
    """``heat refresh`` from the shell, with nothing else running."""
    environment = os.environ | {"HEAT_HOME": str(home.root)}
    began = time.perf_counter()
    subprocess.run([HEAT, "refresh"], env=environment, check=True, capture_output=True)
    return Figure("refresh", "heat refresh", time.perf_counter() - began, "s", 20)


def quiet(home: Home) -> None:
    """Wait until nothing was published for ten seconds."""
    last, since = current_snapshot(home), time.perf_counter()
    while time.perf_counter() - since < 10:
        time.sleep(0.5)
        if current_snapshot(home) != last or holder_of(home.pipeline_lock):
            last, since = current_snapshot(home), time.perf_counter()


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Look four times a second."""
    until = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > until:
            raise SystemExit(f"waited {seconds:.0f} s in vain")
        time.sleep(0.25)


def p95(values: list[float]) -> float:
    """The value that one in twenty exceeds; the largest of a few."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=20, method="inclusive")[18]
