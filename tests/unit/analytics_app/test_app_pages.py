"""Pages, run without a browser against the fake API: what they say and what they ask."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import analytics_app
from heat.settings import Settings

ENTRY = Path(analytics_app.__file__).with_name("app.py")

Open = Callable[..., AppTest]


@pytest.fixture
def open_app(settings: Settings) -> Open:
    """Open the app as a demo person."""

    def opened(viewer: str, **params: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=60)
        for name, value in {"as": viewer, **params}.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return opened


def words(app: AppTest) -> str:
    return "\n".join(str(html.proto.body) for html in app.get("html"))


def test_a_developer_lands_on_their_own_days(open_app: Open) -> None:
    app = open_app("bea")
    assert "<h1>My heat</h1>" in words(app)
    assert "Demo data, no sign-in" in words(app)
    assert "1.6 × your usual" in words(app)
    assert "Pain Streak: 6 days on WEB-40 (Bug)" in words(app)


def test_a_manager_lands_on_the_team(open_app: Open) -> None:
    app = open_app("mira")
    assert "<h1>Web</h1>" in words(app)
    assert "Needs attention" in words(app)
    assert "6 of 7 people tagged in these days." in words(app)


def test_somebody_elses_page_is_not_found(open_app: Open) -> None:
    app = open_app("bea", person="chen")
    assert "Nobody and no team by that name that you can see." in words(app)
    assert "Chen" not in words(app)


def test_a_newcomer_is_told_how_to_send_a_first_tag(open_app: Open) -> None:
    app = open_app("new")
    assert "No tags in these days yet." in words(app)
    assert "/api/v1/tags" in words(app)


def test_a_group_has_no_names(open_app: Open) -> None:
    app = open_app("mira", team="ops")
    assert "<h1>Operations</h1>" in words(app)
    assert "no names" in words(app)
    assert "Bea Lindholm" not in words(app)


def test_nothing_old_is_shown_while_the_api_is_away(fake_api: Any, open_app: Open) -> None:
    app = open_app("bea")
    fake_api.away = True
    app.run()
    assert "API does not answer" in words(app)
    assert "Pain Streak" not in words(app)
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [("audit_failed", "newer data failed a check"), ("failed", "did not finish")],
)
def test_a_refresh_that_published_nothing_is_said_on_the_page(
    fake_api: Any, open_app: Open, outcome: str, sentence: str
) -> None:
    fake_api.outcome = outcome
    app = open_app("bea")
    assert "As of Wed 25 Nov 2026" in words(app)
    assert sentence in words(app)


def test_a_custom_range_of_the_address_is_asked_for(fake_api: Any, open_app: Open) -> None:
    open_app("bea", **{"from": "2026-10-01", "to": "2026-10-31"})
    asked = [query for path, query, _ in fake_api.asked if "/dashboard/developer" in path]
    assert asked == [{"from": "2026-10-01", "to": "2026-10-31"}]


def test_an_address_without_sense_falls_back_to_the_usual(fake_api: Any, open_app: Open) -> None:
    app = open_app("bea", **{"from": "2026-10-31", "to": "x", "day": "y", "range": "forever"})
    assert "<h1>My heat</h1>" in words(app)
    assert app.session_state["range_my_heat"] == "90 days"


def test_the_day_of_the_address_is_the_day_that_is_looked_into(
    fake_api: Any, open_app: Open
) -> None:
    app = open_app("bea", day="2026-11-11")
    assert "Wed 11 Nov 2026" in words(app)
    asked = [query for path, query, _ in fake_api.asked if "/tags/" in path]
    assert [query["from"] for query in asked] == ["2026-11-11"]


def test_without_a_sign_in_nothing_is_asked_of_the_api(
    fake_api: Any, open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEAT_APP_SIGN_IN")
    app = open_app("bea")
    assert "Not signed in" in words(app)
    assert "Demo data" not in words(app)
    assert fake_api.asked == []
