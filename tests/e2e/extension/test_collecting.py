"""From the page to landing: detect, tag, keep, send."""

import pytest

pytestmark = pytest.mark.browser


def test_a_tag_made_with_the_keyboard_reaches_landing(collector, server, panel):
    collector.connect(server.url, server.token())
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    report = collector.sync()
    assert report["unsent"] == 0, report
    [tag] = server.tags()
    assert (tag["taskId"], tag["taskScope"], tag["taskTitle"]) == (
        "HEAT-42", "acme.atlassian.net", "Implement the pain streak",
    )  # fmt: skip
    assert (tag["workType"], tag["intensity"], tag["source"]) == ("Bug", 7, "jira")


@pytest.mark.parametrize(
    "fixture",
    [
        "jira/preview-panel", "jira/backlog-compact", "jira/modal", "azure-devops/hub",
        "azure-devops/dialog", "azure-devops/old-form", "github/issue", "github/pull-request",
        "github/side-panel",
    ],
)  # fmt: skip
def test_every_page_at_its_real_address_shows_its_task_in_the_pill(collector, panel, fixture):
    page, task = collector.fixture(fixture)
    panel(page).pill(task["taskId"])


def test_a_navigation_inside_the_page_never_pairs_the_new_id_with_the_old_title(collector, panel):
    page, task = collector.fixture("github/issue")
    heat = panel(page)
    heat.pill(task["taskId"])
    page.evaluate(
        """() => {
          history.pushState({}, "", "/Acme/web/issues/124");
          setTimeout(() => {
            document.title = "Second · Issue #124 · Acme/web";
            document.querySelector("[data-testid=issue-title]").textContent = "Second";
            document.querySelector("h1 span").textContent = "#124";
          }, 250);
        }"""
    )
    heat.pill("#124")
    assert heat.find("button", class_="pill", title="Tag #124 Second")


def test_save_and_continue_keeps_the_panel_open_for_the_next_tag(collector, panel):
    page, task = collector.fixture("github/pull-request")
    heat = panel(page)
    heat.open(task["taskId"])
    page.keyboard.press("f")
    page.keyboard.press("5")
    page.keyboard.press("Shift+Enter")
    heat.wait_for("div", role="status", text="Saved: Feature × 5")
    page.keyboard.press("s")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    heat.wait_for("div", role="status", text="Saved: Support × 10")
    assert sorted(row["body"]["intensity"] for row in collector.rows()) == [5, 10]


def test_undo_leaves_no_trace(collector, server, panel):
    collector.connect(server.url, server.token())
    page, task = collector.fixture("jira/page")
    heat = panel(page)
    heat.tag(task["taskId"], "k9")
    heat.click("button", text="Undo")
    heat.wait_for("div", role="status", text="Undone")
    assert collector.rows() == []
    collector.sync()
    assert server.tags() == []


def test_a_tag_of_yesterday_belongs_to_yesterday_and_can_be_withdrawn_after_it_was_sent(
    collector, server, panel
):
    collector.connect(server.url, server.token())
    page, task = collector.fixture("azure-devops/hub")
    panel(page).tag(task["taskId"], "yr4")
    collector.sync()
    [row] = collector.rows()
    [tag] = server.tags()
    assert tag["localDay"] == row["day"]
    assert row["createdAt"] - row["body"]["timestamp"] > 22 * 3_600_000
    collector.ask({"type": "withdraw", "tagId": row["tagId"]})
    collector.sync()
    assert server.tags() == []
    assert collector.rows() == []


def test_a_quick_entry_needs_no_ticket(collector, server, panel):
    collector.connect(server.url, server.token())
    page, task = collector.fixture("jira/page")
    heat = panel(page)
    heat.open(task["taskId"])
    heat.click("button", text="Helping")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    heat.wait_for("div", role="status", text="Saved")
    collector.sync()
    [tag] = server.tags()
    assert (tag["taskScope"], tag["taskId"], tag["workType"]) == ("no-ticket", "helping", "Support")


def test_the_area_is_remembered_and_recent_tags_repeat_in_one_click(collector, panel):
    page, task = collector.fixture("jira/page")
    heat = panel(page)
    heat.open(task["taskId"])
    page.keyboard.press("c")
    page.keyboard.press("3")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("billing")
    page.keyboard.press("Enter")
    heat.wait_for("div", role="status", text="Saved")
    heat.open(task["taskId"])
    heat.click("button", text="Config × 3")
    heat.wait_for("div", role="status", text="Saved")
    assert [row["body"]["area"] for row in collector.rows()] == ["billing", "billing"]


def test_with_ids_only_no_title_is_sent(collector, server, panel):
    collector.connect(server.url, server.token())
    collector.ask({"type": "choose", "choices": {"idsOnly": True}})
    page, task = collector.fixture("github/issue")
    panel(page).tag(task["taskId"], "f6")
    collector.sync()
    assert [tag["taskTitle"] for tag in server.tags()] == [""]


def test_the_popup_tags_by_hand_and_shows_the_queue(collector):
    page = collector.context.new_page()
    page.goto(f"chrome-extension://{collector.id}/popup.html")
    page.get_by_label("Task id").fill("OPS-9")
    page.get_by_role("radio", name="Research").click()
    page.get_by_role("radio", name="8, intense").click()
    page.get_by_role("button", name="Save", exact=False).last.click()
    page.get_by_text("Saved: Research × 8 on OPS-9").wait_for()
    page.get_by_text("1 kept in this browser").wait_for()
    [row] = collector.rows()
    assert (row["body"]["taskId"], row["body"]["source"]) == ("OPS-9", "manual")


def test_a_task_typed_by_hand_is_the_one_tagged_on_its_page(collector, panel):
    page, task = collector.fixture("jira/page")
    panel(page).tag(task["taskId"], "b7")
    popup = collector.context.new_page()
    popup.goto(f"chrome-extension://{collector.id}/popup.html")
    popup.get_by_label("Task id").fill("heat-42")
    popup.keyboard.press("Tab")
    popup.get_by_role("radio", name="Bug").click()
    popup.keyboard.press("3")
    popup.keyboard.press("Enter")
    popup.get_by_text("Saved: Bug × 3").wait_for()
    assert {row["body"]["taskScope"] for row in collector.rows()} == {"acme.atlassian.net"}
