"""The directory as rows of raw: whose today it is, resolved thresholds, the fingerprint."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from heat.thresholds import Thresholds
from orchestration.directory import (
    Calendar,
    directory_hash,
    write_directory,
    zones_in_use,
)
from orchestration.warehouse import RAW_TABLES

# 23:30 UTC: already tomorrow in Tokyo, still today in New York
LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


@pytest.fixture
def raw(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(tmp_path / "warehouse.duckdb")
    connection.execute("create schema raw")
    for name, columns in RAW_TABLES.items():
        connection.execute(f"create table raw.{name} ({columns})")
    return connection


def directory(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "configVersion": 1,
        "users": [{"userId": "ann", "displayName": "Ann", "timezone": None}],
        "teams": [
            {"teamId": "jp", "name": "JP", "timezone": "Asia/Tokyo", "visibility": "named"},
            {"teamId": "us", "name": "US", "timezone": "America/New_York", "visibility": "named"},
        ],
        "memberships": [],
        "managers": [],
        "holidays": [],
        "areaRules": [],
        "daysOff": [],
        "thresholds": {"default": Thresholds().flat(), "teams": {}},
    }
    return whole | changes


def span(team: str, first: str | None = None, last: str | None = None) -> dict[str, str | None]:
    return {"userId": "ann", "teamId": team, "fromDay": first, "toDay": last}


@pytest.mark.parametrize(
    ("zone", "memberships", "today"),
    [
        ("America/New_York", [], date(2026, 3, 1)),
        ("Asia/Tokyo", [span("us")], date(2026, 3, 2)),
        (None, [span("jp")], date(2026, 3, 2)),
        (None, [span("us")], date(2026, 3, 1)),
        (None, [], date(2026, 3, 1)),
        (None, [span("us", None, "2026-02-28"), span("jp", "2026-03-01")], date(2026, 3, 2)),
        (None, [span("us", None, "2026-03-01"), span("jp", "2026-03-02")], date(2026, 3, 1)),
        ("Mars/Olympus", [span("jp")], date(2026, 3, 1)),
    ],
    ids=[
        "own zone",
        "own zone before the team's",
        "the team's zone",
        "the team's zone, still yesterday",
        "no zone at all",
        "the team of today",
        "the team that still holds today",
        "a zone unknown here",
    ],
)
def test_a_persons_today(
    raw: duckdb.DuckDBPyConnection, zone: str | None, memberships: list[Any], today: date
) -> None:
    users = [{"userId": "ann", "displayName": "Ann", "timezone": zone}]
    write_directory(raw, directory(users=users, memberships=memberships), Calendar(LATE))
    assert raw.execute("select as_of_day from raw.users").fetchall() == [(today,)]


def test_the_run_is_as_of_the_latest_today(raw: duckdb.DuckDBPyConnection) -> None:
    assert write_directory(raw, directory(), Calendar(LATE)) == date(2026, 3, 2)


def test_an_empty_directory_is_as_of_today_in_utc(raw: duckdb.DuckDBPyConnection) -> None:
    nobody = directory(users=[], teams=[])
    assert write_directory(raw, nobody, Calendar(LATE)) == date(2026, 3, 1)
    assert raw.execute("select count(*) from raw.users").fetchall() == [(0,)]


def test_a_fixed_day_is_the_same_for_all(raw: duckdb.DuckDBPyConnection) -> None:
    day = date(2020, 1, 1)
    assert write_directory(raw, directory(), Calendar(LATE, day)) == day
    query = "select as_of_day from raw.users union select as_of_day from raw.teams"
    assert raw.execute(query).fetchall() == [(day,)]


def test_every_team_has_every_threshold(raw: duckdb.DuckDBPyConnection) -> None:
    changed = {"default": Thresholds().flat(), "teams": {"jp": {"streak.warningDays": 4}}}
    write_directory(raw, directory(thresholds=changed), Calendar(LATE))
    rows = raw.execute(
        "select team_id, value from raw.thresholds where key = 'streak.warningDays' order by 1"
    ).fetchall()
    assert rows == [("default", "3"), ("jp", "4"), ("us", "3")]
    lists = "select distinct value from raw.thresholds where key = 'calendar.restDays'"
    assert raw.execute(lists).fetchall() == [("[6, 7]",)]
    counts = "select distinct count(*) from raw.thresholds group by team_id"
    assert raw.execute(counts).fetchall() == [(len(Thresholds().flat()),)]


def test_open_memberships_stay_open(raw: duckdb.DuckDBPyConnection) -> None:
    spans = [span("jp", "2026-01-01", None)]
    write_directory(raw, directory(memberships=spans), Calendar(LATE))
    assert raw.execute("from raw.memberships").fetchall() == [("ann", "jp", date(2026, 1, 1), None)]


def test_the_fingerprint_follows_content_and_not_the_version() -> None:
    same = directory_hash(directory())
    assert directory_hash(directory(configVersion=2)) == same
    assert directory_hash(directory(memberships=[span("jp")])) != same


def test_zones_in_use_are_those_of_people_and_teams() -> None:
    assert zones_in_use(directory()) == ["America/New_York", "Asia/Tokyo", "UTC"]
