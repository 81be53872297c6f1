"""Publishing from hand-made marts: whole files, one pointer, no leftovers."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hand_made_marts import make_marts, rows
from landing_server import FakeLanding

from heat.client import Client
from heat.home import Home
from heat.schema import MARTS
from heat.snapshot import connect, current_snapshot, read_info
from orchestration import publish as publishing
from orchestration.directory import Calendar
from orchestration.publish import clean_up, prune, publish
from orchestration.pull import pull
from orchestration.steps import Check, Published

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CHECKS = [Check("landed_rows", True, "0 of 3 rows", counts={"rows": 3})]


@pytest.fixture
def built(home: Home, api: Client, landing: FakeLanding) -> Home:
    for _ in range(3):
        landing.add()
    pull(home, api, run_id="run", calendar=Calendar(NOW))
    make_marts(home)
    return home


def published(home: Home, number: int = 1) -> Published:
    return publish(
        home,
        snapshot_id=f"20261125T0900{number:02d}Z-{number:08x}",
        built_at=NOW,
        checks=CHECKS,
    )


def names(home: Home) -> list[str]:
    return sorted(file.name for file in home.published.iterdir())


def test_a_snapshot_holds_every_mart_with_the_agreed_columns(built: Home) -> None:
    published(built)
    path = current_snapshot(built)
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows(
        path,
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema = 'marts' order by ordinal_position",
    ):
        found.setdefault(str(table), {})[str(column)] = str(kind)
    assert found == MARTS


def test_a_snapshot_says_what_it_was_built_from(built: Home) -> None:
    published(built)
    path = current_snapshot(built)
    assert path is not None
    connection = connect(path)
    info = read_info(connection)
    connection.close()
    assert (info.epoch, info.seq, info.as_of_day, info.built_at) == ("epoch-1", 3, NOW.date(), NOW)
    assert info.audits == {"landed_rows": {"passed": True, "blocking": True, "rows": 3}}


def test_a_snapshot_carries_calendar_memberships_and_cut_off(built: Home) -> None:
    published(built)
    path = current_snapshot(built)
    assert rows(path, "from meta.calendar order by all") == [
        ("ann@example.org", NOW.date()),
        ("bob@example.org", NOW.date()),
    ]
    assert len(rows(path, "select user_id, team_id, from_day, to_day from meta.memberships")) == 2
    assert rows(path, "select cutoff_day from meta.config") == [(None,)]


def test_nothing_but_the_snapshot_and_the_pointer_is_left(built: Home) -> None:
    answer = published(built)
    assert names(built) == ["CURRENT", answer.file_name]
    assert built.current_file.read_text() == answer.file_name


def test_published_files_are_the_owners_alone(built: Home) -> None:
    answer = published(built)
    for name in ("CURRENT", answer.file_name):
        assert stat.S_IMODE((built.published / name).stat().st_mode) == 0o600


def test_rows_of_one_person_stand_together(built: Home) -> None:
    published(built)
    users = rows(current_snapshot(built), "select user_id from marts.fct_tags")
    assert users == sorted(users)


def test_the_newest_three_are_kept_and_older_ones_go(built: Home) -> None:
    for number in range(1, 6):
        published(built, number)
    for file in built.published.glob("heat-*"):
        os.utime(file, (0, 0))
    prune(built)
    assert names(built)[1:] == [f"heat-20261125T0900{n:02d}Z-{n:08x}.duckdb" for n in (3, 4, 5)]


def test_a_young_snapshot_is_kept_whatever_its_number(built: Home) -> None:
    for number in range(1, 6):
        published(built, number)
    assert len(list(built.published.glob("heat-*"))) == 5


def test_the_current_snapshot_is_never_removed(built: Home) -> None:
    for number in range(1, 6):
        published(built, number)
    first = "heat-20261125T090001Z-00000001.duckdb"
    built.current_file.write_text(first)
    prune(built, now=4e9)
    assert (built.published / first).exists()


def test_snapshots_of_a_landing_that_is_gone_are_removed_at_once(
    built: Home, api: Client, landing: FakeLanding
) -> None:
    published(built, 1)
    published(built, 2)
    landing.epoch = "epoch-2"
    pull(built, api, run_id="run", calendar=Calendar(NOW))
    make_marts(built)
    answer = published(built, 3)
    assert names(built) == ["CURRENT", answer.file_name]


def test_files_of_others_are_left_alone(built: Home) -> None:
    (built.published / "heat-notes.txt").write_text("mine")
    for number in range(1, 6):
        published(built, number)
    prune(built, now=4e9)
    assert "heat-notes.txt" in names(built)


def test_a_half_written_snapshot_is_cleaned_up(built: Home) -> None:
    answer = published(built)
    (built.published / ".building-heat-20261125T090002Z-00000002.duckdb").write_bytes(b"half")
    (built.published / ".building-heat-20261125T090002Z-00000002.duckdb.wal").write_bytes(b"half")
    clean_up(built)
    assert names(built) == ["CURRENT", answer.file_name]


def test_a_publish_that_fails_moves_no_pointer(
    built: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = published(built, 1)

    def full_disk(path: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(publishing, "_sync_file", full_disk)
    with pytest.raises(OSError, match="No space"):
        published(built, 2)
    assert built.current_file.read_text() == answer.file_name
    clean_up(built)
    assert names(built) == ["CURRENT", answer.file_name]


def test_the_audits_of_a_snapshot_hold_no_value_of_anybody(built: Home) -> None:
    published(built)
    ((audits,),) = rows(current_snapshot(built), "select audits from meta.snapshot")
    assert "example.org" not in json.dumps(audits)
