"""Pictures of every page, light and dark, wide and narrow; and what no picture shows."""

from typing import Any

import pytest

from heat.demo.people import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.pipeline]

PAGES = ("my-heat", "team", "analytics", "status")
LOOKS = {"light": ("light", 1440), "dark": ("dark", 1440), "phone": ("dark", 400)}


def address(page: str, stage: Any) -> str:
    burnout = stage.company.answers.burnout
    if page in ("my-heat", "status"):
        return f"/{page}?as={burnout.user_id}"
    team = burnout.team_id if page == "team" else stage.company.answers.spike.team_id
    manager = next(p.user_id for p in PEOPLE if p.is_manager and p.team_id == team)
    return f"/{page}?as={manager}"


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_drawn_whole(look: Any, stage: Any, page: str, how: str) -> None:
    scheme, width = LOOKS[how]
    with look(scheme=scheme, width=width) as visit:
        visit.open(address(page, stage))
        ground = visit.page.evaluate(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        )
        assert ground == ("rgb(18, 22, 28)" if scheme == "dark" else "rgb(255, 255, 255)")
        # cards may scroll inside, the page itself never sideways
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.page.locator("[data-testid=stException]").count() == 0
        visit.screenshot(f"{page}-{how}")


def test_every_chart_has_words_and_a_table(visit: Any, stage: Any) -> None:
    for page in ("my-heat", "team"):
        visit.open(address(page, stage))
        charts = visit.page.locator(".stVegaLiteChart")
        assert charts.count() >= 2
        assert visit.page.locator(".stVegaLiteChart[aria-label]").count() == charts.count()
        tables = visit.page.locator(".stPopover button", has_text="Show data")
        assert tables.count() == charts.count()
        tables.first.click()
        visit.page.locator("[data-testid=stDataFrame]").first.wait_for()
        visit.page.keyboard.press("Escape")
