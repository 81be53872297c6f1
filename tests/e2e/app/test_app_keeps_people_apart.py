"""Who sees whom in a browser: by address, by token, and when the API is not there."""

from typing import Any

import pytest

from heat.demo.people import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.pipeline]

NAMES = {p.user_id: p.display_name for p in PEOPLE}
NOT_FOUND = "Nobody and no team by that name that you can see."


def a_colleague_of(user_id: str) -> str:
    team = next(p.team_id for p in PEOPLE if p.user_id == user_id)
    return next(p.user_id for p in PEOPLE if p.team_id == team and p.user_id != user_id)


def test_a_developer_cannot_open_another_persons_page_by_its_address(
    visit: Any, stage: Any
) -> None:
    developer = stage.company.answers.burnout.user_id
    other = a_colleague_of(developer)
    visit.open(f"/my-heat?as={developer}&person={other}")
    assert NOT_FOUND in visit.page.inner_text("body")
    assert NAMES[other] not in visit.text()
    assert visit.page.locator(".stVegaLiteChart").count() == 0


def test_a_developer_cannot_open_a_team_by_its_address(visit: Any, stage: Any) -> None:
    burnout = stage.company.answers.burnout
    visit.open(f"/team?as={burnout.user_id}&team={burnout.team_id}")
    assert "This page is for people who manage a team." in visit.text()
    visit.open(f"/analytics?as={burnout.user_id}&team={burnout.team_id}")
    assert "This page is for people who manage a team and for analysts." in visit.text()
    assert visit.page.locator(".stVegaLiteChart").count() == 0


def test_a_manager_cannot_open_a_member_of_another_team(visit: Any, stage: Any) -> None:
    answers = stage.company.answers
    manager = next(p.user_id for p in PEOPLE if p.is_manager and p.team_id == answers.silo.team_id)
    visit.open(f"/my-heat?as={manager}&person={answers.burnout.user_id}")
    assert NOT_FOUND in visit.text()


def test_a_manager_opens_a_member_from_the_team_page(visit: Any, stage: Any) -> None:
    team = stage.company.answers.burnout.team_id
    manager = next(p.user_id for p in PEOPLE if p.is_manager and p.team_id == team)
    page = visit.open(f"/team?as={manager}")
    link = page.get_by_role("link", name="Open ")
    name = link.inner_text().removeprefix("Open ").removesuffix("'s days")
    link.click()
    page.wait_for_url("**/my-heat?**")
    visit.settle()
    assert f"What {name} said about their work." in visit.text()
    # whoever looks never learns how much of their days somebody tagged
    assert "Only you see this" not in visit.text()


def test_the_demo_says_that_it_is_one(visit: Any, stage: Any) -> None:
    visit.open("/")
    assert "Demo data, no sign-in" in visit.text()


def test_a_token_signs_in_its_person_and_nobody_else(another_app: Any, stage: Any) -> None:
    person = stage.company.answers.burnout.user_id
    with stage.api() as api:
        made = api.create_token(person, "developer")
    with another_app(HEAT_APP_SIGN_IN="token") as visit:
        page = visit.open(f"/my-heat?as={a_colleague_of(person)}&range=30+days")
        assert "Not signed in" in visit.text()
        assert page.locator(".stVegaLiteChart").count() == 0
        page.locator("a.button").click()
        page.fill("#token", made["token"])
        page.get_by_role("button", name="Sign in").click()
        visit.settle()
        assert "range=30+days" in page.url
        assert NAMES[person] in visit.text()
        page.reload()
        visit.settle()
        assert NAMES[person] in visit.text()
        with stage.api() as api:
            api.revoke_token(made["prefix"])
        page.reload()
        visit.settle()
        assert "This token is not valid any more." in visit.text()
        assert page.locator(".stVegaLiteChart").count() == 0


def test_without_an_api_nothing_is_shown(another_app: Any) -> None:
    with another_app(HEAT_API_PORT="9") as visit:
        page = visit.open("/my-heat")
        assert "HEAT's API does not answer." in visit.text()
        assert page.locator(".stVegaLiteChart").count() == 0
        assert page.url.endswith("/my-heat")
