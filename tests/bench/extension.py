"""(e) The collector in Chromium: detection, panel, save, memory, and what it costs idle.

The production bundle, with a few lines in front of its scripts that note when things happen.
"""

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright
from report import Figure

EXTENSION = Path(__file__).parents[2] / "extension"
URL = "https://github.com/acme/web/issues/{n}"
BOARD = "https://acme.atlassian.net/jira/software/projects/HEAT/boards/3"
SHELL = "<!doctype html><title>acme/web</title><main></main>"
HEADER = """n => {
  document.title = `Task ${n} · Issue #${n} · acme/web`;
  window.at = performance.timeOrigin + performance.now();
  document.querySelector("main").insertAdjacentHTML("beforeend", `<div data-testid="issue-header">
    <h1 data-component="PH_Title"><bdi data-testid="issue-title">Task ${n}</bdi> <span>#${n}</span>
    </h1></div>`);
}"""
# noted in the page's dataset, since script worlds share nothing else
NOTE_PAGE = """{
  const now = () => performance.timeOrigin + performance.now();
  const note = (name, value) => { document.documentElement.dataset[name] = value; };
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "aria-label" && /^HEAT: tag #/.test(value)) note("pill", now());
    return set.call(this, name, value);
  };
  const fill = Element.prototype.replaceChildren;
  Element.prototype.replaceChildren = function (...nodes) {
    fill.apply(this, nodes);
    if (nodes.some((node) => node.className === "toast")) note("toast", now());
  };
  let start = 0;
  addEventListener("click", () => { start = now(); }, true);
  addEventListener("click", () => note("open", now() - start));
  addEventListener("keydown", ({ key }) => { if (key === "Enter") note("enter", now()); }, true);
}
"""
NOTE_WORKER = """{
  globalThis.writes = [];
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const made = begin.call(this, stores, mode, options);
    const start = performance.now();
    if (mode === "readwrite" && stores.includes("tags")) {
      made.addEventListener("complete", () => writes.push(performance.now() - start));
    }
    return made;
  };
}
"""
BUSY = """() => {
  const board = document.querySelector("main");
  window.timer = setInterval(() => {
    const card = document.createElement("div");
    card.innerHTML = "<a data-testid=card href='/browse/HEAT-9'>HEAT-9</a><span>moved</span>";
    board.prepend(card);
    if (board.childElementCount > 400) board.lastElementChild.remove();
    card.setAttribute("aria-hidden", "false");
  }, 50);
}"""


def measure() -> list[Figure]:
    """Milliseconds, megabytes and shares of one core; empty where there is no Chromium or Node."""
    chromium, npm = shutil.which("chromium"), shutil.which("npm")
    if chromium is None or npm is None:
        print("  left out: needs chromium and Node.js")
        return []
    if not (EXTENSION / "dist" / "chrome").exists():
        subprocess.run([npm, "ci", "--silent"], cwd=EXTENSION, check=True)
        subprocess.run([npm, "run", "--silent", "build"], cwd=EXTENSION, check=True)
    script = (EXTENSION / "dist" / "chrome" / "content.js").stat().st_size
    figures = [Figure("extension", "content script", script / 1000, "kB", 40)]
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "heat"
        shutil.copytree(EXTENSION / "dist" / "chrome", bundle)
        with browser(chromium, bundle) as context:
            heap, idle, busy = burden(context)
        with browser(chromium, None) as context:
            heap_alone, idle_alone, busy_alone = burden(context)
        for name, note in (("content.js", NOTE_PAGE), ("background.js", NOTE_WORKER)):
            (bundle / name).write_text(note + (bundle / name).read_text())
        with browser(chromium, bundle) as context:
            figures += speed(context)
    return [
        *figures,
        Figure("extension", "heap of the page", max(0, heap - heap_alone) / 1e6, "MB", 2),
        Figure("extension", "script in 10 idle seconds", max(0, idle - idle_alone) * 1e3, "ms", 1),
        Figure("extension", "busy board", max(0, busy - busy_alone) * 100, "% of a core", 1),
    ]


@contextmanager
def browser(chromium: str, bundle: Path | None) -> Iterator[BrowserContext]:
    """A new profile, with HEAT or without; every tracker is a page of ours."""
    heat = [f"--disable-extensions-except={bundle}", f"--load-extension={bundle}"]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=["--no-sandbox", *(heat if bundle else [])]
        )
        for host in ("github.com", "acme.atlassian.net"):
            context.route(
                f"https://{host}/**",
                lambda route: route.fulfill(body=SHELL, content_type="text/html"),
            )
        yield context
        context.close()


def speed(context: BrowserContext) -> list[Figure]:
    """From the header to the pill, from the click to the panel, from Enter to "Saved"."""
    found, opened, saved = [], [], []
    for n in range(1, 26):
        page = context.new_page()
        page.goto(URL.format(n=n))
        page.wait_for_timeout(150)
        page.evaluate(HEADER, n)
        found.append(_noted(page, "pill") - float(page.evaluate("window.at")))
        _click_pill(page)
        opened.append(_noted(page, "open"))
        for key in ("b", "7", "Enter"):
            page.keyboard.press(key)
        saved.append(_noted(page, "toast") - _noted(page, "enter"))
        page.close()
    writes = sorted(context.service_workers[0].evaluate("writes"))
    return [
        Figure("extension", "detection, median", statistics.median(found), "ms", 50),
        Figure("extension", "panel, median", statistics.median(opened), "ms", 5),
        Figure("extension", "save: write on disk, p95", _p95(writes), "ms", 5),
        Figure("extension", "save: Enter to “Saved”, p95", _p95(saved), "ms", 50),
    ]


def burden(context: BrowserContext) -> tuple[float, float, float]:
    """Heap in bytes, script seconds in 10 idle ones, share of a core on a busy board."""
    page = context.new_page()
    page.goto(URL.format(n=1))
    page.evaluate(HEADER, 1)
    page.wait_for_timeout(2_500)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    cdp.send("HeapProfiler.collectGarbage")
    heap = _metric(cdp, "JSHeapUsedSize")
    before = _metric(cdp, "ScriptDuration")
    page.wait_for_timeout(10_000)
    idle = _metric(cdp, "ScriptDuration") - before
    page.goto(BOARD)
    page.evaluate(BUSY)
    before = _metric(cdp, "ScriptDuration")
    page.wait_for_timeout(60_000)
    return heap, idle, (_metric(cdp, "ScriptDuration") - before) / 60


def _click_pill(page: Page) -> None:
    cdp = page.context.new_cdp_session(page)
    root = cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    pill = next(node for node in _walk(root) if "pill" in node.get("attributes", []))
    quad = cdp.send("DOM.getBoxModel", {"nodeId": pill["nodeId"]})["model"]["content"]
    page.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("children", []) + node.get("shadowRoots", []):
        yield from _walk(child)


def _noted(page: Page, name: str) -> float:
    page.wait_for_function("name => document.documentElement.dataset[name]", arg=name)
    return float(page.evaluate("name => document.documentElement.dataset[name]", name))


def _metric(cdp: CDPSession, name: str) -> float:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == name))


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


if __name__ == "__main__":
    print(json.dumps([vars(figure) for figure in measure()], indent=1))
