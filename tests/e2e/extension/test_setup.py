"""Setting HEAT up: the first page, hosts of one's own, the self-test, export and deletion."""

import json

import pytest

pytestmark = pytest.mark.browser


def test_the_first_page_opens_at_once_and_says_exactly_what_is_sent(collector):
    pages = [page.url for page in collector.context.pages]
    assert any(url.endswith("/welcome.html") for url in pages), pages
    page = collector.context.new_page()
    page.goto(f"chrome-extension://{collector.id}/welcome.html")
    page.get_by_role("heading", name="Exactly what is sent").wait_for()
    assert page.get_by_role("listitem").filter(has_text="task title").is_visible()


def test_a_host_of_ones_own_shows_the_panel_after_it_was_added(collector, panel):
    collector.desk.get_by_label("Host", exact=True).first.fill("gitlab.example.com")
    collector.desk.get_by_label("Tracker", exact=True).first.select_option("gitlab")
    collector.desk.get_by_role("button", name="Allow this host").click()
    collector.desk.get_by_text("HEAT runs on gitlab.example.com").wait_for()
    page, task = collector.fixture("gitlab/merge-request")
    panel(page).tag(task["taskId"], "s3")
    [row] = collector.rows()
    assert row["body"]["taskScope"] == "gitlab.example.com/team/core"


def test_a_custom_tracker_is_read_by_its_template_and_selectors(collector, panel):
    custom = {
        "host": "tickets.example.com", "path": "/t/{id}", "parameter": "", "id": "T-{id}",
        "titleSelectors": [".subject"], "idSelector": ".number",
    }  # fmt: skip
    collector.ask({"type": "choose", "choices": {"custom": [custom]}})
    html = "<title>Desk</title><b class=number>T-77</b> <p class=subject>Printer on fire</p>"
    page = collector.open("https://tickets.example.com/t/77", html)
    panel(page).tag("T-77", "k8")
    [row] = collector.rows()
    assert (row["body"]["taskTitle"], row["body"]["source"]) == ("Printer on fire", "custom")


def test_an_extra_field_fills_the_area_only_after_it_was_switched_on(collector, panel, page_of):
    url = "https://acme.atlassian.net/browse/HEAT-42"
    html = page_of("jira").replace("<main>", "<main><i data-part>Billing</i>")
    panel(collector.open(url, html)).tag("HEAT-42", "b7")
    extras = {"jira": {"field": "area", "selector": "[data-part]"}}
    collector.ask({"type": "choose", "choices": {"extras": extras}})
    panel(collector.open(url, html)).tag("HEAT-42", "b8")
    areas = {row["body"]["intensity"]: row["body"]["area"] for row in collector.rows()}
    assert areas == {7: "", 8: "Billing"}


def test_the_self_test_tells_which_selectors_match_on_open_tasks(collector, panel):
    page, task = collector.fixture("azure-devops/hub")
    panel(page).pill(task["taskId"])
    collector.desk.get_by_role("button", name="Check open tasks").click()
    collector.desk.get_by_text("1 open page checked").wait_for()
    table = collector.desk.get_by_role("table")
    assert table.get_by_text(".work-item-title-textfield input").is_visible()
    assert table.get_by_role("cell", name="Checkout hangs on retry").first.is_visible()


def test_the_shortcut_opens_the_panel(collector, panel):
    page, task = collector.fixture("jira/page")
    heat = panel(page)
    heat.pill(task["taskId"])
    page.bring_to_front()
    collector.context.service_workers[0].evaluate(
        """async () => {
          const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
          chrome.commands.onCommand.dispatch("open-panel", tab);
        }"""
    )
    heat.wait_for("div", role="dialog")


def test_local_data_can_be_exported_and_deleted(collector, panel):
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    with collector.desk.expect_download() as download:
        collector.desk.get_by_role("button", name="Export").click()
    exported = json.loads(download.value.path().read_text())
    assert exported["tags"][0]["body"]["taskId"] == "HEAT-42"
    collector.desk.on("dialog", lambda dialog: dialog.accept())
    collector.desk.get_by_role("button", name="Delete everything here").click()
    collector.desk.get_by_text("Everything in this browser is deleted").wait_for()
    assert collector.rows() == []


def test_an_address_that_is_not_safe_is_refused_with_what_to_do(collector):
    collector.desk.get_by_label("Address", exact=True).fill("http://heat.example.com")
    collector.desk.get_by_role("button", name="Connect", exact=True).click()
    collector.desk.get_by_text("Use https").wait_for()


def test_a_token_that_is_wrong_connects_nothing(collector, server):
    collector.desk.get_by_label("Address", exact=True).fill(server.url)
    collector.desk.get_by_text("Use a token instead").click()
    collector.desk.get_by_label("Token").fill("heat_00000000_nobody")
    collector.desk.get_by_role("button", name="Connect", exact=True).click()
    collector.desk.get_by_text("does not accept this code or token").wait_for()
    assert collector.ask({"type": "queue"})["connection"] is None
