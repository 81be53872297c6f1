"""A home with the demo company, its API and its app as real processes, and Chromium.

Built once per test session: the company is landed over HTTP, refreshed by the real pipeline,
and then looked at. Nothing here leaves the machine.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import IO

import duckdb
import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from heat.client import Client
from heat.demo import Company, company
from heat.home import Home
from heat.settings import Settings
from heat.snapshot import connect, current_snapshot

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
BATCH = 100
START_SECONDS = 60

SERVE_API = """
from heat.settings import load_settings
from ingest_api.server import serve
serve(load_settings())
"""
REFRESH = """
import sys
from heat.settings import load_settings
from orchestration.run import refresh
run = refresh(load_settings(), api_url=sys.argv[1])
print(run)
sys.exit(run.outcome != "published")
"""
APP = ["-m", "analytics_app.server"]

KNOWN_CONSOLE = (
    # a page's address is probed for a server of its own first; it has none
    re.compile(r"Failed to load resource: the server responded with a status of 404"),
)
"""Console messages that are known and harmless; everything else fails a test."""


@dataclass(frozen=True)
class Stage:
    """Where a home's API and app answer, and what was put into it."""

    settings: Settings
    app_url: str
    company: Company

    def api(self, on_behalf_of: str | None = None) -> Client:
        token = self.settings.paths.service_token()
        return Client(self.settings.api_url, token, on_behalf_of=on_behalf_of)

    def snapshot(self) -> duckdb.DuckDBPyConnection:
        path = current_snapshot(self.settings.paths)
        assert path is not None
        return connect(path)


@dataclass
class Visit:
    """One browser window, and everything that went wrong in it."""

    page: Page
    stage: Stage
    trouble: list[str]

    def open(self, path: str) -> Page:
        self.page.goto(self.stage.app_url + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script is idle and every chart is drawn."""
        idle = "[data-testid=stApp][data-test-script-state=notRunning]"
        self.page.wait_for_selector(idle, timeout=60_000)
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=stSkeleton]')"
            " && [...document.querySelectorAll('.stVegaLiteChart')]"
            ".every(c => c.querySelector('svg.marks, canvas.marks'))"
        )
        self.page.wait_for_selector(idle, timeout=60_000)

    def text(self) -> str:
        return self.page.inner_text("[data-testid=stMain]")

    def screenshot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 1440
        tall = self.page.evaluate(
            "Math.ceil(document.querySelector('[data-testid=stMainBlockContainer]')"
            ".getBoundingClientRect().height)"
        )
        self.page.set_viewport_size({"width": width, "height": min(int(tall) + 60, 6000)})
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def free_port() -> int:
    """A port that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(
    argv: list[str], home: Path, url: str, log: IO[bytes], **settings: str
) -> Iterator[None]:
    """A process of ours that answers at ``url`` while the block runs.

    :param settings: ``HEAT_*`` variables that win over the home's ``heat.toml``.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith("HEAT_")}
    env |= {"HEAT_HOME": str(home), **settings}
    started = subprocess.Popen([sys.executable, *argv], env=env, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(url):
            if started.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{argv} does not answer at {url}; see {log.name}")
            time.sleep(0.2)
        yield
    finally:
        started.terminate()
        try:
            started.wait(timeout=20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def new_home(root: Path, *, sign_in: str) -> Settings:
    """A home with the demo's thresholds and ports that are free now."""
    home = Home(root).init()
    api_port, app_port = free_port(), free_port()
    home.config_file.write_text(
        f'api_port = {api_port}\napp_port = {app_port}\napp_sign_in = "{sign_in}"\n'
        "[thresholds.retention]\ndays = 365\n[thresholds.streak]\nskipRestDays = true\n"
    )
    return Settings(home=root)


def land(settings: Settings, people: Company) -> None:
    """Put a company into a running API, as clients would."""
    with Client(settings.api_url, settings.paths.service_token()) as api:
        api.put_directory(people.directory())
        bodies = [tag.body() for tag in people.tags]
        for start in range(0, len(bodies), BATCH):
            answer = api.post_tags({"tags": bodies[start : start + BATCH]})
            assert answer["rejected"] == 0, answer


def refresh(settings: Settings) -> None:
    """The whole pipeline, as ``heat refresh`` runs it, in a process of its own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("HEAT_")}
    run = subprocess.run(
        [sys.executable, "-c", REFRESH, settings.api_url],
        env=env | {"HEAT_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo company, refreshed, with API and app up, in demo mode."""
    root = tmp_path_factory.mktemp("demo") / "home"
    settings = new_home(root, sign_in="demo")
    now = datetime.now(UTC)
    people = company(now.date()).until(now)
    app_url = f"http://127.0.0.1:{settings.app_port}"
    with (root / "logs" / "e2e.log").open("wb") as log:
        api = ["-c", SERVE_API]
        with process(api, root, f"{settings.api_url}/healthz", log):
            land(settings, people)
            refresh(settings)
            with process(APP, root, f"{app_url}/_stcore/health", log):
                yield Stage(settings, app_url, people)


# for one file only: Playwright keeps an event loop running, and no other test could start one
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs a browser: there is no {CHROMIUM} (apt-get install chromium)")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@contextmanager
def visiting(
    browser: Browser, stage: Stage, *, scheme: str = "light", width: int = 1440
) -> Iterator[Visit]:
    """A fresh window; leaving it fails on outside requests and unknown console errors."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
        locale="en-GB",
    )
    page = context.new_page()
    visit = Visit(page, stage, [])

    def said(kind: str, text: str) -> None:
        if kind == "error" and not any(known.search(text) for known in KNOWN_CONSOLE):
            visit.trouble.append(f"console: {text}")

    def asked(url: str) -> None:
        if not url.startswith(("data:", "blob:")) and "//127.0.0.1:" not in url:
            visit.trouble.append(f"outside request: {url}")

    page.on("console", lambda message: said(message.type, message.text))
    page.on("pageerror", lambda error: visit.trouble.append(f"page error: {error}"))
    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket_: asked(socket_.url))
    try:
        yield visit
        assert visit.trouble == []
    finally:
        context.close()


@pytest.fixture
def visit(browser: Browser, stage: Stage) -> Iterator[Visit]:
    with visiting(browser, stage) as window:
        yield window


Look = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture
def look(browser: Browser, stage: Stage) -> Look:
    """A window of a given theme and width: ``with look(scheme="dark", width=400) as visit``."""
    return partial(visiting, browser, stage)


@pytest.fixture
def another_app(browser: Browser, stage: Stage) -> Look:
    """A window on a second app of the same home, with other settings (``HEAT_*``)."""

    @contextmanager
    def opened(**settings: str) -> Iterator[Visit]:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        home = stage.settings.home
        changed = {"HEAT_APP_PORT": str(port), **settings}
        with (
            (home / "logs" / "e2e-app.log").open("ab") as log,
            process(APP, home, f"{url}/_stcore/health", log, **changed),
            visiting(browser, replace(stage, app_url=url)) as window,
        ):
            yield window

    return opened


@pytest.fixture
def refreshed(stage: Stage) -> Callable[[], str]:
    """Run the pipeline again; the answer is the new snapshot's id."""

    def run() -> str:
        refresh(stage.settings)
        with stage.snapshot() as marts:
            ((snapshot_id,),) = marts.execute("select snapshot_id from meta.snapshot").fetchall()
        return str(snapshot_id)

    return run


@pytest.fixture(scope="session")
def today(stage: Stage) -> date:
    """The company's as-of day."""
    with stage.snapshot() as marts:
        ((day,),) = marts.execute("select as_of_day from meta.snapshot").fetchall()
    assert isinstance(day, date)
    return day
