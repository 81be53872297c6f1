"""Freshness and volume warn and never block; no new rows cost no audit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from landing_server import FakeLanding

from heat.client import Client
from heat.home import Home
from orchestration import audit
from orchestration.audit import audit_landed
from orchestration.directory import Calendar, replace_rows
from orchestration.pull import pull
from orchestration.steps import Check, require
from orchestration.warehouse import warehouse

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def no_expectations(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise AssertionError("the audit process was started for nothing")

    monkeypatch.setattr(audit, "ExpectationProcess", refuses)


def audited(home: Home, api: Client, calendar: Calendar) -> list[Check]:
    """Audit after a pull whose rows an earlier run has passed already."""
    answer = pull(home, api, run_id="run", calendar=calendar)
    with warehouse(home) as connection:
        replace_rows(connection, "audit_state", [(answer.epoch, answer.seq)])
    return audit_landed(home)


def warned(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if not check.passed]


def test_nothing_new_starts_no_audit_process(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.add()
    assert [c.name for c in audited(home, api, Calendar(NOW))] == ["freshness", "volume"]


def test_an_empty_landing_warns_of_nothing(home: Home, api: Client) -> None:
    assert warned(audited(home, api, Calendar(NOW))) == []


def test_no_tag_for_days_warns(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.add(tagged_at=NOW - timedelta(days=4))
    checks = audited(home, api, Calendar(NOW))
    assert warned(checks) == ["freshness"]
    require(checks)


def test_half_the_usual_tags_warn(home: Home, api: Client, landing: FakeLanding) -> None:
    for days_ago in range(7, 35):
        for _ in range(10):
            landing.add(tagged_at=NOW - timedelta(days=days_ago))
    landing.add()
    checks = audited(home, api, Calendar(NOW))
    assert warned(checks) == ["volume"]
    require(checks)


def test_a_small_team_is_not_warned_about_volume(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    for days_ago in range(7, 35, 7):
        landing.add(tagged_at=NOW - timedelta(days=days_ago))
    landing.add()
    assert warned(audited(home, api, Calendar(NOW))) == []


def test_a_look_back_is_asked_neither(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.add(tagged_at=NOW - timedelta(days=400))
    assert audited(home, api, Calendar(NOW, date(2020, 1, 1))) == []
