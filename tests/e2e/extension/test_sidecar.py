"""HEAT is a sidecar: beside its one element a page is the same, even when HEAT breaks."""

import json
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

URL = "https://acme.atlassian.net/browse/HEAT-42"

RECORDER = """
window.__seen = [];
new MutationObserver((records) => {
  for (const { type, target, addedNodes, removedNodes, attributeName } of records) {
    if (target.nodeName === "HEAT-PANEL") continue;
    const nodes = [...addedNodes, ...removedNodes].filter((node) => node.nodeName !== "HEAT-PANEL");
    if (type === "childList" && nodes.length === 0) continue;
    const names = nodes.map((node) => node.nodeName);
    __seen.push(`${type} ${target.nodeName} ${attributeName ?? ""} ${names}`);
  }
}).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
const kinds = "error unhandledrejection scroll resize hashchange popstate storage message";
for (const kind of kinds.split(" ")) {
  addEventListener(kind, (event) => __seen.push(`event ${event.type}`), true);
}
"""

SNAPSHOT = """async () => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll("heat-panel").forEach((node) => node.remove());
  const box = document.querySelector("h1").getBoundingClientRect();
  return {
    html: copy.outerHTML, seen: __seen, cookie: document.cookie, local: Object.keys(localStorage),
    session: Object.keys(sessionStorage), databases: await indexedDB.databases(),
    caches: await caches.keys(), globals: Object.getOwnPropertyNames(window).sort(),
    listeners: typeof document.onkeydown, title: document.title, href: location.href,
    history: history.length, heading: [box.x, box.y, box.width, box.height],
    scroll: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    elements: document.querySelectorAll("heat-panel").length,
  };
}"""

SABOTAGE = {
    "it cannot reach the background": "chrome.runtime.sendMessage",
    "it cannot make its element": "Element.prototype.attachShadow",
    "it cannot add its element": "Element.prototype.append",
    "it cannot read the page": "Document.prototype.querySelectorAll",
    "it cannot observe the page": "MutationObserver.prototype.observe",
    "it cannot listen": "EventTarget.prototype.addEventListener",
    "it cannot set timers": "window.setTimeout",
    "it breaks at once": "",
}
BREAKS = "throw new Error('broken on purpose');"


def visit(context, html, work=lambda page: None):
    """What a page is like after the same minute of life, and what it asked for."""
    requests = []
    context.route(
        "https://acme.atlassian.net/**",
        lambda route: route.fulfill(body=html, content_type="text/html"),
    )
    context.add_init_script(RECORDER)
    page = context.new_page()
    page.on("request", lambda request: requests.append(f"{request.method} {request.url}"))
    page.goto(URL)
    page.wait_for_timeout(600)
    work(page)
    page.wait_for_timeout(300)
    seen = page.evaluate(SNAPSHOT)
    elements = seen.pop("elements")
    page.close()
    return seen, requests, elements


@pytest.fixture(scope="module")
def alone(playwright, bundle, tmp_path_factory):
    """The page without HEAT."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("alone"),
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox"],
        viewport={"width": 1280, "height": 800},
    )
    try:
        return visit(context, (Path(__file__).parent / "pages" / "jira.html").read_text())
    finally:
        context.close()


def test_a_page_is_the_same_with_heat_and_without_also_after_a_tag(launch, page_of, panel, alone):
    collector = launch()

    def tag(page):
        heat = panel(page)
        heat.tag("HEAT-42", "b7")
        heat.open("HEAT-42")
        page.keyboard.press("Escape")

    seen, requests, elements = visit(collector.context, page_of("jira"), tag)
    assert elements == 1
    assert requests == alone[1]
    assert seen == alone[0]


@pytest.mark.parametrize("how", SABOTAGE)
def test_a_page_is_the_same_when(launch, bundle, page_of, alone, tmp_path, how):
    broken = tmp_path / "broken"
    shutil.copytree(bundle, broken)
    script = broken / "content.js"
    step = SABOTAGE[how]
    broken_step = f"{step} = () => {{ {BREAKS} }};" if step else BREAKS
    script.write_text(f"{broken_step}\n{script.read_text()}")
    seen, requests, elements = visit(launch(broken).context, page_of("jira"))
    assert elements <= 1
    assert requests == alone[1]
    assert seen == alone[0]


def test_page_scripts_cannot_save_see_the_panel_or_speak_to_the_extension(
    collector, panel, page_of
):
    page = collector.open(URL, page_of("jira"))
    heat = panel(page)
    heat.open("HEAT-42")
    page.keyboard.press("b")
    page.keyboard.press("7")
    seen = page.evaluate(
        """async (id) => {
          const host = document.querySelector("heat-panel");
          const sheets = document.adoptedStyleSheets.length;
          const found = { root: host.shadowRoot, text: host.innerText, sheets };
          host.click();
          for (const target of [host, document, document.documentElement]) {
            const how = { key: "Enter", bubbles: true, composed: true };
            target.dispatchEvent(new KeyboardEvent("keydown", how));
            target.dispatchEvent(new MouseEvent("click", how));
          }
          window.postMessage({ type: "save" }, "*");
          try {
            await chrome.runtime.sendMessage(id, { type: "queue" });
            found.message = "answered";
          } catch (error) {
            found.message = "refused";
          }
          const script = fetch(`chrome-extension://${id}/content.js`);
          found.resource = await script.then(() => "read", () => "refused");
          return found;
        }""",
        collector.id,
    )
    page.wait_for_timeout(300)
    assert seen == {
        "root": None,
        "text": "",
        "sheets": 0,
        "message": "refused",
        "resource": "refused",
    }
    assert collector.rows() == []


def test_keys_typed_into_the_panel_do_not_reach_the_trackers_shortcuts(collector, panel, page_of):
    page = collector.open(URL, page_of("jira"))
    page.evaluate(
        """() => {
          window.__keys = [];
          document.addEventListener("keydown", (event) => __keys.push(event.key));
        }"""
    )
    heat = panel(page)
    heat.open("HEAT-42")
    for key in ("b", "7", "Escape"):
        page.keyboard.press(key)
    assert page.evaluate("__keys") == []
    page.keyboard.press("j")
    assert page.evaluate("__keys") == ["j"]


def test_a_hostile_title_stays_text(collector, panel, page_of):
    title = '<img src=x onerror="window.__hit=1">&quot;\'><script>window.__hit=1</script>'
    page = collector.open(
        URL,
        page_of("jira").replace(
            "Payment retries lose the idempotency key", title.replace("<", "&lt;")
        ),
    )
    heat = panel(page)
    heat.tag("HEAT-42", "b7")
    heat.open("HEAT-42")
    assert not any(node["nodeName"] in ("IMG", "SCRIPT") for node in heat.nodes())
    assert page.evaluate("window.__hit") is None
    assert collector.rows()[0]["body"]["taskTitle"].startswith("<img src=x")


def test_the_token_is_in_no_answer_and_in_no_export(collector, server):
    token = server.token()
    collector.connect(server.url, token)
    for message in (
        {"type": "queue"},
        {"type": "export"},
        {"type": "choices"},
        {"type": "test"},
        {"type": "hello"},
    ):
        assert token not in json.dumps(collector.ask(message))
    assert token not in collector.desk.content()
    assert collector.desk.evaluate("chrome.storage === undefined")
