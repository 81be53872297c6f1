"""The production bundle in the system's Chromium, with the real API on the other side.

Pages of real trackers are served by routing, so the addresses are real and nothing leaves the
machine. The one change to the bundle: its manifest may reach 127.0.0.1 and two self-hosted
trackers, since nobody can answer the browser's permission question here.
"""

import json
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from heat.client import Client
from heat.settings import Settings, load_settings
from ingest_api.local import running_api

EXTENSION = Path(__file__).parents[3] / "extension"
PAGES = Path(__file__).parent / "pages"
CHROMIUM = shutil.which("chromium")
OWN_HOSTS = ("gitlab.example.com", "tickets.example.com")
TRACKERS = (
    "github.com",
    "acme.atlassian.net",
    "dev.azure.com",
    "acme.visualstudio.com",
    *OWN_HOSTS,
)
Node = dict[str, Any]


def _attributes(node: Node) -> dict[str, str]:
    flat = node.get("attributes", [])
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _text(node: Node) -> str:
    own = node["nodeValue"] if node["nodeType"] == 3 else ""
    return own + "".join(_text(child) for child in node.get("children", []))


class Panel:
    """HEAT's panel in a page: reached as a person does, by eyes, mouse and keyboard.

    Its shadow root is closed, so nothing but the developer tools' protocol sees into it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp = page.context.new_cdp_session(page)

    def nodes(self) -> list[Node]:
        root = self.cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        found: list[Node] = []

        def walk(node: Node, inside: bool) -> None:
            inside = inside or node["nodeName"] == "HEAT-PANEL"
            if inside:
                found.append(node)
            for child in node.get("children", []) + node.get("shadowRoots", []):
                walk(child, inside)

        walk(root, False)
        return found

    def find(self, tag: str, **wanted: str) -> Node | None:
        """The first visible element with these attributes; ``text`` must be part of its text."""
        text = wanted.pop("text", "")
        for node in self.nodes():
            have = _attributes(node)
            fits = all(
                have.get(key.rstrip("_").replace("_", "-")) == value
                for key, value in wanted.items()
            )
            if node["nodeName"] == tag.upper() and fits and text in _text(node) and self._box(node):
                return node
        return None

    def _box(self, node: Node) -> tuple[float, float] | None:
        try:
            quad = self.cdp.send("DOM.getBoxModel", {"nodeId": node["nodeId"]})["model"]["content"]
        except Exception:  # hidden elements have no box
            return None
        return (quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2

    def wait_for(self, tag: str, **wanted: str) -> Node:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if node := self.find(tag, **wanted):
                return node
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no {tag} with {wanted} in the panel: {self.text()}")

    def click(self, tag: str, **wanted: str) -> None:
        box = self._box(self.wait_for(tag, **wanted))
        assert box
        self.page.mouse.click(*box)

    def text(self) -> str:
        return " ".join(_text(node) for node in self.nodes() if node["nodeName"] == "DIV")

    def pill(self, task: str) -> None:
        """Wait until the pill names a task."""
        self.wait_for("button", class_="pill", text=task)

    def open(self, task: str) -> None:
        self.pill(task)
        self.click("button", class_="pill", text=task)
        self.wait_for("div", role="dialog")

    def tag(self, task: str, keys: str) -> None:
        """Open the panel and tag with the keyboard alone, e.g. ``b7``."""
        self.open(task)
        for key in keys:
            self.page.keyboard.press(key)
        self.page.keyboard.press("Enter")
        self.wait_for("div", role="status", text="Saved")


class Collector:
    """A browser with HEAT in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.pages: dict[str, str] = {}
        workers = context.service_workers
        worker = workers[0] if workers else context.wait_for_event("serviceworker")
        self.id = worker.url.split("/")[2]
        for host in TRACKERS:
            context.route(f"https://{host}/**", self._serve)
        self.desk = context.new_page()
        self.desk.goto(f"chrome-extension://{self.id}/options.html")

    def _serve(self, route: Any) -> None:
        html = self.pages.get(route.request.url)
        if html is None:
            route.fulfill(status=404, body="")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    def open(self, url: str, html: str) -> Page:
        self.pages[url] = html
        page = self.context.new_page()
        page.goto(url)
        return page

    def fixture(self, name: str) -> tuple[Page, dict[str, Any]]:
        """Open a fixture page of the unit tests; gives the task it shows, too."""
        text = (EXTENSION / "test" / "fixtures" / f"{name}.html").read_text()
        head, _, html = text.partition("-->")
        facts = json.loads(head.removeprefix("<!--"))
        return self.open(facts["url"], html.lstrip()), facts["task"]

    def ask(self, message: dict[str, Any]) -> Any:
        """Send a message as one of the extension's own pages does."""
        reply = self.desk.evaluate("message => chrome.runtime.sendMessage(message)", message)
        assert reply["ok"], reply
        return reply["value"]

    def connect(self, url: str, token: str) -> None:
        """Connect on the options page, by hand."""
        self.desk.reload()
        self.desk.get_by_label("Address", exact=True).fill(url)
        self.desk.get_by_text("Use a token instead").click()
        self.desk.get_by_label("Token").fill(token)
        self.desk.get_by_role("button", name="Connect", exact=True).click()
        self.desk.get_by_text(re.compile(r"^Connected as \S+\.$")).wait_for()

    def rows(self) -> list[dict[str, Any]]:
        """All tags in the database of this browser."""
        return self.ask({"type": "export"})["tags"]

    def let_undo_pass(self) -> None:
        """Move every tag past its ten seconds."""
        self.desk.evaluate(
            """() => new Promise((resolve, reject) => {
              const request = indexedDB.open("heat");
              request.onerror = () => reject(request.error);
              request.onsuccess = () => {
                const work = request.result.transaction("tags", "readwrite");
                const cursor = work.objectStore("tags").openCursor();
                cursor.onsuccess = () => {
                  if (!cursor.result) return;
                  cursor.result.update({ ...cursor.result.value, readyAt: 0 });
                  cursor.result.continue();
                };
                work.oncomplete = () => { request.result.close(); resolve(); };
              };
            })"""
        )

    def sync(self) -> dict[str, Any]:
        self.let_undo_pass()
        return self.ask({"type": "syncNow"})

    def kill_worker(self) -> None:
        """End the background worker, as the browser does after 30 idle seconds."""
        session = self.context.new_cdp_session(self.desk)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        session.detach()


class Server:
    """The real API over one home: can go down and come back at the same address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stack = ExitStack()
        self.url = self.stack.enter_context(running_api(settings))

    def token(self, user: str = "ann") -> str:
        with self.api() as api:
            return str(api.create_token(user, scopes=["extension"])["token"])

    def api(self, user: str | None = None) -> Client:
        return Client(self.url, self.settings.paths.service_token(), on_behalf_of=user)

    def tags(self, user: str = "ann") -> list[dict[str, Any]]:
        with self.api(user) as api:
            return list(api.get(f"/api/v1/tags/{user}", limit=1000)["tags"])

    def close(self) -> None:
        self.stack.close()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built extension, allowed to reach this machine."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no Node.js (20 or newer) on this machine")
    if not (EXTENSION / "node_modules").exists():
        subprocess.run([npm, "ci", "--silent"], cwd=EXTENSION, check=True, timeout=240)
    built = EXTENSION / "dist" / "chrome" / "manifest.json"
    sources = max(path.stat().st_mtime for path in (EXTENSION / "src").rglob("*") if path.is_file())
    if not built.exists() or built.stat().st_mtime < sources:
        subprocess.run([npm, "run", "--silent", "build"], cwd=EXTENSION, check=True, timeout=240)
    folder = tmp_path_factory.mktemp("extension") / "heat"
    shutil.copytree(built.parent, folder)
    manifest = json.loads(built.read_text())
    hosts = [f"https://{host}/*" for host in OWN_HOSTS]
    manifest["host_permissions"] += ["http://127.0.0.1/*", *hosts]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


# for one file only: Playwright keeps an event loop running, and no other test could start one
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def launch(
    playwright: Playwright, bundle: Path, tmp_path: Path
) -> Iterator[Callable[..., Collector]]:
    with ExitStack() as stack:

        def start(folder: Path = bundle, **options: Any) -> Collector:
            """A new profile with this build of HEAT."""
            context = playwright.chromium.launch_persistent_context(
                tmp_path / f"profile-{secrets.token_hex(4)}",
                executable_path=CHROMIUM,
                headless=True,
                args=[
                    "--no-sandbox",
                    f"--disable-extensions-except={folder}",
                    f"--load-extension={folder}",
                ],
                viewport={"width": 1280, "height": 800},
                **options,
            )
            stack.callback(context.close)
            return Collector(context)

        yield start


@pytest.fixture
def collector(launch: Callable[..., Collector]) -> Collector:
    return launch()


@pytest.fixture
def panel() -> Callable[[Page], Panel]:
    return Panel


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    settings = load_settings(tmp_path / "home")
    settings.paths.init()
    running = Server(settings)
    yield running
    running.close()


@pytest.fixture
def page_of() -> Callable[[str], str]:
    """A page that imitates a tracker's look, for the screenshots."""
    return lambda name: (PAGES / f"{name}.html").read_text()
