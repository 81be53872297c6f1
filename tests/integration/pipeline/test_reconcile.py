"""The audit of the marts sees each kind of difference, and nothing where there is none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hand_made_marts import make_marts
from landing_server import FakeLanding

from heat.client import Client
from heat.home import Home
from orchestration.directory import Calendar
from orchestration.pull import pull
from orchestration.reconcile import audit_marts
from orchestration.steps import AuditFailedError, require
from orchestration.warehouse import warehouse

NOW = datetime.now(UTC)


@pytest.fixture
def built(home: Home, api: Client, landing: FakeLanding) -> Home:
    for user in ("ann@example.org", "bob@example.org", "ann@example.org"):
        landing.add(user_id=user)
    pull(home, api, run_id="run", calendar=Calendar(NOW))
    make_marts(home)
    return home


def failed(home: Home) -> list[str]:
    return [check.name for check in audit_marts(home) if not check.passed]


def spoil(home: Home, statement: str) -> None:
    with warehouse(home) as connection:
        connection.execute(statement)


def test_marts_that_add_up_pass(built: Home) -> None:
    assert failed(built) == []


def test_an_empty_landing_passes(home: Home, api: Client) -> None:
    pull(home, api, run_id="run", calendar=Calendar(NOW))
    make_marts(home)
    assert failed(home) == []


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("delete from marts.fct_tags where user_id = 'bob@example.org'", "tags_agree_with_landing"),
        ("update marts.fct_tags set intensity = intensity + 1", "tags_agree_with_landing"),
        ("delete from raw.tag_events where seq = 2", "raw_agrees_with_landing"),
        ("update raw.tag_events set intensity = 9 where seq = 1", "raw_agrees_with_landing"),
        (
            "update marts.fct_daily_intensity set total_intensity = total_intensity + 1",
            "daily_intensity_adds_up",
        ),
        ("update marts.fct_daily_intensity set tag_count = 0", "daily_intensity_adds_up"),
        ("update marts.fct_daily_intensity set bug_intensity = 1", "work_types_add_up"),
        ("delete from marts.fct_label_intensity", "labels_add_up"),
        (
            "insert into marts.fct_area_ownership values ('x', 0, 'a', 'core', 5, 1.0, 1)",
            "area_ownership_adds_up",
        ),
        (
            "insert into marts.fct_shadow_work values ('core', date '2026-01-05', 1, 2, 0.5)",
            "shadow_work_adds_up",
        ),
        (
            "insert into marts.fct_weekly_trends by name"
            " select 'core' as team_id, date '2020-01-06' as week_start, 5 as total_intensity,"
            " 1 as tag_count",
            "trends_add_up",
        ),
        (
            "insert into marts.fct_streaks by name select 'x' as streak_id, 9 as tag_count",
            "streaks_hold_no_more_than_was_tagged",
        ),
        ("drop table marts.fct_load", "mart_columns"),
        ("alter table marts.dim_users add column email varchar", "mart_columns"),
        ("alter table marts.fct_load alter load type float", "mart_columns"),
    ],
)
def test_a_difference_is_found(built: Home, statement: str, check: str) -> None:
    spoil(built, statement)
    assert check in failed(built)
    with pytest.raises(AuditFailedError, match=check):
        require(audit_marts(built))


@pytest.mark.parametrize(
    "change",
    [
        lambda landing, tag: landing.add(kind="withdrawn", tag_id=tag["tag_id"]),
        lambda landing, tag: landing.add(kind="corrected", tag_id=tag["tag_id"], intensity=9),
    ],
    ids=["withdrawn", "corrected"],
)
def test_a_changed_tag_counts_as_it_stands_now(
    home: Home, api: Client, landing: FakeLanding, change: Callable[[FakeLanding, object], None]
) -> None:
    change(landing, landing.add())
    landing.add()
    pull(home, api, run_id="run", calendar=Calendar(NOW))
    make_marts(home)
    assert failed(home) == []


def test_a_tag_after_the_as_of_day_is_counted_as_later(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add()
    landing.add(tagged_at=NOW + timedelta(days=1))
    pull(home, api, run_id="run", calendar=Calendar(NOW))
    make_marts(home)
    spoil(home, "delete from marts.fct_tags where local_day > current_date")
    assert "tags_agree_with_landing" not in failed(home)


def test_messages_hold_counts_and_no_values(built: Home) -> None:
    spoil(built, "delete from marts.fct_tags where user_id = 'bob@example.org'")
    assert not any("bob" in check.message for check in audit_marts(built))
