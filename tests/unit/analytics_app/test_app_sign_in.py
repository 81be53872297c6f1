"""Signing in with a token: the cookie knows nothing, the way back stays on this host."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from analytics_app import sign_in
from heat.settings import Settings

TOKEN = "heat_test_bea"


class Window:
    """A browser that speaks to the app without a socket and keeps its cookies."""

    def __init__(self, app: Starlette) -> None:
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8501")
        self.cookies = self.client.cookies

    def get(self, path: str, **how: Any) -> httpx.Response:
        return asyncio.run(self.client.get(path, **how))

    def post(self, path: str, **how: Any) -> httpx.Response:
        return asyncio.run(self.client.post(path, **how))


@pytest.fixture
def browser(settings: Settings) -> Window:
    by_token = settings.model_copy(update={"app_sign_in": "token"})
    return Window(Starlette(routes=sign_in.routes(by_token)))


def enter(browser: Window, *, token: str = TOKEN, wanted: str = "/", **headers: str) -> Any:
    return browser.post("/sign-in", data={"token": token, "next": wanted}, headers=headers)


def test_a_good_token_opens_a_session_that_holds_it(browser: Window) -> None:
    answer = enter(browser, wanted="/team?team=web")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/team?team=web"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert sign_in.token_of(browser.cookies[sign_in.COOKIE]) == TOKEN


@pytest.mark.parametrize("token", ["heat_no_body", "", "nonsense\n", "heät"])
def test_a_bad_token_opens_nothing(browser: Window, token: str) -> None:
    answer = enter(browser, token=token)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_an_api_that_is_away_opens_nothing(fake_api: Any, browser: Window) -> None:
    fake_api.away = True
    answer = enter(browser)
    assert "does not answer" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("wanted", ["//example.org/", "/\\example.org", "https://example.org", ""])
def test_the_way_back_never_leaves_this_host(browser: Window, wanted: str) -> None:
    assert enter(browser, wanted=wanted).headers["location"] == "/"


def test_another_site_cannot_sign_anybody_in_or_out(browser: Window) -> None:
    assert enter(browser, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert enter(browser, Origin="https://example.org").status_code == 403
    enter(browser)
    browser.get("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert sign_in.token_of(browser.cookies[sign_in.COOKIE]) == TOKEN


def test_signing_out_forgets_the_token(browser: Window) -> None:
    enter(browser)
    session = browser.cookies[sign_in.COOKIE]
    browser.get("/sign-out")
    assert sign_in.token_of(session) is None


def test_what_was_wanted_is_escaped_on_the_page(browser: Window) -> None:
    page = browser.get("/sign-in", params={"next": '/"><script>'})
    assert "<script>" not in page.text


def test_a_session_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = sign_in.Sessions()
    session = sessions.open(TOKEN)
    later = time.monotonic() + sign_in.MAX_AGE_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert sessions.token(session) is None


def test_the_demo_has_no_sign_in_page(settings: Settings) -> None:
    assert sign_in.routes(settings) == []
