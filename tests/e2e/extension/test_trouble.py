"""What goes wrong between a browser and a server: nothing may be lost, nothing may come twice."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

pytestmark = pytest.mark.browser


class Gate:
    """Stands before the API at an address of its own; can close, or lose answers on the way."""

    def __init__(self, target: str) -> None:
        self.mode = "open"
        self.arrived = threading.Event()
        self.go_on = threading.Event()
        gate = self

        class Handler(BaseHTTPRequestHandler):
            def _pass(self) -> None:
                if gate.mode == "down":
                    self.close_connection = True
                    return
                length = int(self.headers.get("Content-Length") or 0)
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name in ("Authorization", "Content-Type")
                }
                with httpx.Client(trust_env=False, timeout=30) as http:
                    answer = http.request(
                        self.command, target + self.path, content=self.rfile.read(length),
                        headers=headers,
                    )  # fmt: skip
                if gate.mode == "hold":
                    gate.arrived.set()
                    gate.go_on.wait(20)
                if gate.mode in ("lose", "hold"):
                    self.close_connection = True
                    return
                self.send_response(answer.status_code)
                for name in ("Content-Type", "Retry-After"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PATCH = do_DELETE = _pass

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.go_on.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def gate(server) -> Iterator[Gate]:
    opened = Gate(server.url)
    yield opened
    opened.close()


def test_a_server_that_is_away_and_comes_back_gets_exactly_one_copy_of_each_tag(
    collector, server, gate, panel
):
    collector.connect(gate.url, server.token())
    gate.mode = "down"
    for name, keys in (("jira/page", "b7"), ("github/issue", "f4"), ("azure-devops/hub", "k8")):
        page, task = collector.fixture(name)
        panel(page).tag(task["taskId"], keys)
    report = collector.sync()
    assert (report["unsent"], report["sync"]["problem"]["kind"]) == (3, "offline")
    assert report["sync"]["nextAt"] > report["sync"]["lastTry"]
    gate.mode = "open"
    assert collector.sync()["unsent"] == 0
    assert sorted(tag["intensity"] for tag in server.tags()) == [4, 7, 8]


def test_an_answer_lost_after_storing_gives_one_copy(collector, server, gate, panel):
    collector.connect(gate.url, server.token())
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    gate.mode = "lose"
    assert collector.sync()["unsent"] == 1
    assert len(server.tags()) == 1
    gate.mode = "open"
    assert collector.sync()["unsent"] == 0
    assert len(server.tags()) == 1
    assert [row["state"] for row in collector.rows()] == ["sent"]


def test_a_worker_killed_between_any_two_steps_loses_nothing(collector, server, panel):
    collector.connect(server.url, server.token())
    collector.kill_worker()
    page, task = collector.fixture("jira/page")
    heat = panel(page)
    collector.kill_worker()
    heat.open(task["taskId"])
    collector.kill_worker()
    page.keyboard.press("b")
    page.keyboard.press("7")
    collector.kill_worker()
    page.keyboard.press("Enter")
    collector.kill_worker()
    heat.wait_for("div", role="status", text="Saved")
    collector.kill_worker()
    assert len(collector.rows()) == 1
    collector.kill_worker()
    assert collector.sync()["unsent"] == 0
    collector.kill_worker()
    collector.sync()
    assert [tag["intensity"] for tag in server.tags()] == [7]


def test_a_worker_killed_while_the_server_answers_sends_again_and_makes_one_copy(
    collector, server, gate, panel
):
    collector.connect(gate.url, server.token())
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    collector.let_undo_pass()
    gate.mode = "hold"
    collector.desk.evaluate(
        "() => { chrome.runtime.sendMessage({ type: 'syncNow' }).catch(() => 0) }"
    )
    assert gate.arrived.wait(10)
    collector.kill_worker()
    gate.mode = "open"
    gate.go_on.set()
    assert [row["state"] for row in collector.rows()] == ["queued"]
    assert collector.sync()["unsent"] == 0
    assert len(server.tags()) == 1


def test_a_revoked_token_keeps_every_tag_and_says_connect_again(collector, server, panel):
    token = server.token()
    collector.connect(server.url, token)
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    with server.api() as api:
        api.request("DELETE", f"/api/v1/tokens/{token.split('_')[1]}")
    report = collector.sync()
    assert (report["unsent"], report["sync"]["problem"]["kind"]) == (1, "sign-in")
    assert collector.desk.evaluate("chrome.action.getBadgeText({})") == "!"
    collector.connect(server.url, server.token())
    assert collector.sync()["unsent"] == 0
    assert len(server.tags()) == 1


def test_a_thousand_tags_with_three_bad_ones_leave_three_to_fix_or_discard(collector, server):
    collector.connect(server.url, server.token())
    collector.desk.evaluate(
        """async () => {
          const id = () => crypto.randomUUID();
          for (let n = 1; n <= 1000; n++) {
            await chrome.runtime.sendMessage({ type: "save", tag: {
              tagId: id(), tracker: "manual", scope: "", taskId: `T-${n}`, title: "",
              workType: "Bug", intensity: 5, labels: [], area: "", isYesterday: false } });
          }
          await new Promise((resolve, reject) => {
            const request = indexedDB.open("heat");
            request.onsuccess = () => {
              const work = request.result.transaction("tags", "readwrite");
              const tags = work.objectStore("tags");
              tags.getAll().onsuccess = (event) => {
                for (const row of event.target.result) {
                  if (!["T-1", "T-555", "T-1000"].includes(row.body.taskId)) continue;
                  tags.put({ ...row, body: { ...row.body, intensity: 11 } });
                }
              };
              work.oncomplete = () => { request.result.close(); resolve(); };
              work.onabort = () => reject(work.error);
            };
          });
        }"""
    )
    report = collector.sync()
    assert (report["unsent"], len(report["rejected"])) == (0, 3)
    assert report["rejected"][0]["reasons"][0]["field"] == "intensity"
    popup = collector.context.new_page()
    popup.goto(f"chrome-extension://{collector.id}/popup.html")
    first = popup.get_by_role("listitem").filter(has_text="intensity:").first
    first.get_by_label("intensity").fill("9")
    first.get_by_role("button", name="Fix and send").click()
    popup.get_by_text("1 tag waits to be sent").wait_for()
    popup.get_by_role("button", name="Discard").first.click()
    popup.wait_for_timeout(200)
    popup.get_by_role("button", name="Discard").first.click()
    popup.wait_for_timeout(200)
    report = collector.sync()
    assert (report["unsent"], report["rejected"]) == (0, [])
    assert len(server.tags()) == 998


def test_two_tabs_share_one_queue_and_one_memory(collector, server, panel):
    collector.connect(server.url, server.token())
    one, task = collector.fixture("jira/page")
    two, other = collector.fixture("github/pull-request")
    panel(one).tag(task["taskId"], "b7")
    panel(two).tag(other["taskId"], "f3")
    heat = panel(one)
    heat.open(task["taskId"])
    heat.wait_for("button", class_="chip", text="Feature × 3")
    heat.wait_for("button", class_="sum", text="2 tags")
    assert collector.sync()["unsent"] == 0
    assert {tag["taskId"] for tag in server.tags()} == {"HEAT-42", "#124"}


def test_an_extension_reloaded_under_an_open_page_says_so_and_keeps_what_was_chosen(
    collector, panel
):
    page, task = collector.fixture("jira/page")
    heat = panel(page)
    heat.open(task["taskId"])
    page.keyboard.press("b")
    page.keyboard.press("7")
    collector.desk.evaluate("() => { setTimeout(() => chrome.runtime.reload(), 100) }")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    heat.wait_for("div", role="status", text="Reload this tab")
    assert heat.find("button", role="radio", aria_checked="true", text="Bug")


def test_a_save_is_uploaded_by_itself_once_it_cannot_be_undone_any_more(collector, server, panel):
    collector.connect(server.url, server.token())
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    page.wait_for_timeout(5_000)
    assert server.tags() == []
    page.wait_for_timeout(7_500)
    assert len(server.tags()) == 1
    assert collector.desk.evaluate("chrome.action.getBadgeText({})") == ""
    alarm = collector.desk.evaluate("chrome.alarms.get('heat-sync')")
    assert alarm["periodInMinutes"] == 5
