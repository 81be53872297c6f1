"""How the panel and the extension's pages look, light and dark: pictures to be looked at."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLDER = Path(__file__).parents[2] / "screenshots" / "extension"
LOOKS = {
    "jira": ("https://acme.atlassian.net/browse/HEAT-42", "HEAT-42", "b7"),
    "azure": ("https://dev.azure.com/acme/shop/_workitems/edit/4211", "#4211", "k3"),
    "github": ("https://github.com/acme/web/issues/128", "#128", "f5"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panel_on_three_trackers(launch, panel, page_of, theme):
    FOLDER.mkdir(parents=True, exist_ok=True)
    collector = launch(color_scheme=theme)
    for name, (url, task, keys) in LOOKS.items():
        page = collector.open(url, page_of(name))
        page.emulate_media(color_scheme=theme)
        heat = panel(page)
        heat.pill(task)
        page.screenshot(path=FOLDER / f"{name}-{theme}-pill.png")
        heat.tag(task, keys)
        page.screenshot(path=FOLDER / f"{name}-{theme}-saved.png")
        heat.open(task)
        page.keyboard.press(keys[0])
        page.keyboard.press("9" if name == "azure" else "4")
        heat.wait_for("button", class_="sum", text="tag")
        if name != "github":
            heat.click("button", class_="sum")
        page.mouse.move(5, 5)
        page.wait_for_timeout(250)
        page.screenshot(path=FOLDER / f"{name}-{theme}-panel.png")
        page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_the_extension(launch, theme):
    FOLDER.mkdir(parents=True, exist_ok=True)
    collector = launch(color_scheme=theme)
    for name, size in {"popup": (372, 640), "options": (900, 1500), "welcome": (900, 1000)}.items():
        page = collector.context.new_page()
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(f"chrome-extension://{collector.id}/{name}.html")
        page.wait_for_timeout(300)
        page.screenshot(path=FOLDER / f"{name}-{theme}.png", full_page=True)
