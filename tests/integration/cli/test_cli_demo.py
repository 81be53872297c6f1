"""heat demo: the company through the real API, growing, never mixed with somebody's own data."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from heat.cli import demo_home
from heat.demo import Company
from heat.home import Home
from heat.settings import load_settings

Heat = Callable[..., Result]
Ask = Callable[..., Any]

NOW = datetime.now(UTC)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Load only the last so many days, as if the company had always been that young."""
    real = demo_home.company_now

    def only(count: int) -> None:
        def young(seed: int, now: datetime | None = None) -> Company:
            made = real(seed, now or NOW)
            first = NOW - timedelta(days=count)
            tags = tuple(tag for tag in made.tags if tag.moment >= first)
            return type(made)(**{**vars(made), "tags": tags})

        monkeypatch.setattr(demo_home, "company_now", young)

    return only


def test_a_demo_lands_whole_and_tells_its_answers(
    ask: Ask, home: Home, days: Callable[[int], None]
) -> None:
    days(14)
    told = ask("demo")
    assert told["tags"]["stored"] > 300
    assert (told["tags"]["rejected"], told["tags"]["conflict"]) == (0, 0)
    assert told["answers"]["quiet"] == {"teamId": "mobile"}
    thresholds = load_settings(home.root).thresholds
    assert (thresholds.retention.days, thresholds.streak.skipRestDays) == (365, True)
    ledger = ask("status")["ledger"]
    assert (ledger["stored"], ledger["residual"]) == (told["tags"]["stored"], 0)


def test_a_later_call_adds_only_what_is_missing(
    ask: Ask, home: Home, days: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    days(10)
    real = demo_home.company_now
    earlier = NOW - timedelta(days=4)
    with monkeypatch.context() as then:
        then.setattr(demo_home, "company_now", lambda seed: real(seed, earlier))
        before = ask("demo")["tags"]
    after = ask("demo")["tags"]
    assert before["stored"] > 0
    assert after["stored"] > 0
    # the newest known moment is sent again, nothing before it
    assert 1 <= after["duplicate"] <= 3
    (home.tmp / "demo.json").unlink()
    whole = ask("demo")["tags"]
    assert (whole["stored"], whole["conflict"]) == (0, 0)
    assert whole["duplicate"] == before["stored"] + after["stored"]


def test_another_seed_in_the_same_home_is_refused(
    ask: Ask, heat: Heat, days: Callable[[int], None]
) -> None:
    days(7)
    ask("demo")
    said = heat("demo", "--seed", 8, code=1).stderr
    assert "another --seed" in said


def test_the_demo_stays_out_of_a_home_with_teams_of_its_own(heat: Heat, tmp_path: Path) -> None:
    heat("init")
    users = tmp_path / "users.csv"
    users.write_text("userId,team\nann,web\n")
    heat("directory", "load", "--users", users)
    assert "has a team of its own (web)" in heat("demo", code=1).stderr


def test_a_retention_shorter_than_the_demo_is_refused(
    heat: Heat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEAT_THRESHOLDS__RETENTION__DAYS", "30")
    assert "keeps 30 days" in heat("demo", code=1).stderr


def test_the_answers_alone_need_no_home(ask: Ask, home: Home) -> None:
    assert ask("demo", "--answers")["silo"]["area"] == "data/ledger-export"
    assert not home.root.exists()
