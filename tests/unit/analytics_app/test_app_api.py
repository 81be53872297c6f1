"""Questions to the API: as whom, and what no answer means."""

from datetime import date
from typing import Any

import pytest

from analytics_app import api
from analytics_app.api import NoAnswer
from analytics_app.period import Period
from heat.settings import Settings


def test_the_homes_token_speaks_for_the_person_alone(fake_api: Any, settings: Settings) -> None:
    assert api.as_person(settings, "bea").me()["userId"] == "bea"
    assert fake_api.asked[-1][2] == "bea"


def test_a_person_signed_in_by_token_is_asked_for_with_that_token(
    fake_api: Any, settings: Settings
) -> None:
    assert api.as_token(settings, "heat_test_chen").me()["userId"] == "chen"
    assert fake_api.asked[-1][2] == "chen"


def test_two_viewers_never_share_a_connection(settings: Settings) -> None:
    ann, bea = (
        api.connection(settings.api_url, "heat_same_token", user) for user in ("ann", "bea")
    )
    assert ann is not bea


def test_every_question_is_asked_anew(fake_api: Any, settings: Settings) -> None:
    ask = api.as_person(settings, "bea")
    ask.developer("bea", None)
    ask.developer("bea", None)
    assert [path for path, *_ in fake_api.asked].count("/api/v1/dashboard/developer/bea") == 2


def test_another_persons_page_is_not_found(settings: Settings) -> None:
    with pytest.raises(NoAnswer) as no:
        api.as_person(settings, "bea").developer("chen", None)
    assert no.value.kind == "not_found"


def test_an_unknown_token_is_signed_out(settings: Settings) -> None:
    with pytest.raises(NoAnswer) as no:
        api.as_token(settings, "heat_no_body").me()
    assert no.value.kind == "signed_out"


def test_an_api_that_fails_is_away(fake_api: Any, settings: Settings) -> None:
    fake_api.away = True
    with pytest.raises(NoAnswer) as no:
        api.as_person(settings, "bea").status()
    assert no.value.kind == "away"


def test_an_api_that_is_not_there_is_away(settings: Settings) -> None:
    nobody = settings.model_copy(update={"api_port": 9})
    with pytest.raises(NoAnswer) as no:
        api.as_person(nobody, "bea").status()
    assert no.value.kind == "away"


def test_a_home_without_a_token_says_what_to_do(settings: Settings) -> None:
    settings.paths.service_token_file.unlink()
    with pytest.raises(NoAnswer, match="heat init"):
        api.directory(settings)


def test_an_id_of_the_address_bar_stays_one_segment(fake_api: Any, settings: Settings) -> None:
    with pytest.raises(NoAnswer):
        api.as_person(settings, "bea").developer("../../status?x=", None)
    assert fake_api.asked[-1][0] == "/api/v1/dashboard/developer/..%2F..%2Fstatus%3Fx%3D"


def test_the_comparison_is_the_period_before(fake_api: Any, settings: Settings) -> None:
    period = Period(date(2026, 11, 1), date(2026, 11, 28))
    api.as_person(settings, "mira").analytics("web", period, before=period.before())
    assert fake_api.asked[-1][1] == {
        "from": "2026-11-01",
        "to": "2026-11-28",
        "compareFrom": "2026-10-04",
        "compareTo": "2026-10-31",
    }
