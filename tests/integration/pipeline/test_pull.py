"""The pull over real HTTP into a real warehouse: nothing skipped, nothing doubled."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hand_made_marts import rows
from landing_server import FakeLanding

from heat.client import Client
from heat.home import Home
from orchestration import pull as pulling
from orchestration.directory import Calendar
from orchestration.pull import pull
from orchestration.steps import Pulled, StepError
from orchestration.warehouse import warehouse

TODAY = datetime.now(UTC)


def pulled(home: Home, api: Client, **options: Any) -> Pulled:
    return pull(home, api, run_id="run", calendar=Calendar(TODAY), **options)


def seqs(home: Home) -> list[object]:
    return [
        seq for (seq,) in rows(home.warehouse_file, "select seq from raw.tag_events order by 1")
    ]


def test_an_empty_landing_gives_empty_tables(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.directory |= {"users": [], "teams": [], "memberships": [], "managers": []}
    assert pulled(home, api).rows == 0
    assert rows(home.warehouse_file, "select count(*) from raw.users") == [(0,)]
    assert rows(home.warehouse_file, "select count(*) from raw.run") == [(1,)]


def test_a_second_pull_brings_only_what_is_new(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add()
    landing.add()
    pulled(home, api)
    landing.add()
    assert pulled(home, api).rows == 1
    assert seqs(home) == [1, 2, 3]


def test_a_pull_in_many_answers_brings_everything_once(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.batch = 7
    for _ in range(50):
        landing.add()
    pulled(home, api)
    assert seqs(home) == list(range(1, 51))


def test_values_arrive_as_they_were_landed(home: Home, api: Client, landing: FakeLanding) -> None:
    event = landing.add(task_title='Ünï"code\n🔥', labels=["SQL", "API"], area=None, intensity=10)
    pulled(home, api)
    columns = "cast(tag_id as varchar), task_title, labels, area, intensity, local_day"
    (row,) = rows(home.warehouse_file, f"select {columns} from raw.tag_events")
    assert row == (
        event["tag_id"],
        'Ünï"code\n🔥',
        ["SQL", "API"],
        None,
        10,
        event["local_day"],
    )


def test_a_pull_that_fails_leaves_the_warehouse_as_it_was(
    home: Home, api: Client, landing: FakeLanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.add()
    pulled(home, api)
    landing.add()

    def fails(*_: object) -> None:
        raise RuntimeError("power")

    with monkeypatch.context() as patch:
        patch.setattr(pulling, "write_directory", fails)
        with pytest.raises(RuntimeError):
            pulled(home, api)
    assert seqs(home) == [1]
    assert rows(home.warehouse_file, "select seq from raw.pull_state") == [(1,)]
    pulled(home, api)
    assert seqs(home) == [1, 2]


def test_another_epoch_throws_away_what_was_pulled(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add()
    landing.add()
    pulled(home, api)
    landing.epoch, landing.events, landing.seq = "epoch-2", [], 0
    landing.add(user_id="bob@example.org")
    answer = pulled(home, api)
    assert (answer.epoch, answer.started_over) == ("epoch-2", True)
    assert rows(home.warehouse_file, "select user_id from raw.tag_events") == [("bob@example.org",)]


def test_an_epoch_that_changes_in_the_middle_of_a_pull_is_noticed(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.batch = 1
    for _ in range(3):
        landing.add()

    def restore(path: str) -> None:
        if landing.requests.count("/internal/v1/tags") == 2 and landing.epoch == "epoch-1":
            landing.epoch = "epoch-2"

    landing.before = restore
    assert pulled(home, api).epoch == "epoch-2"
    assert seqs(home) == [1, 2, 3]


def test_bytes_of_a_landing_that_is_gone_are_gone_from_the_warehouse(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    needle = "vHq7Zk2LxT9wPb4N"
    for _ in range(2000):
        landing.add(task_title=needle)
    pulled(home, api)
    assert needle.encode() in home.warehouse_file.read_bytes()
    landing.epoch, landing.events, landing.seq = "epoch-2", [], 0
    pulled(home, api)
    assert needle.encode() not in home.warehouse_file.read_bytes()


def test_a_cut_off_removes_older_days_and_leaves_no_row_of_itself(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    old = TODAY - timedelta(days=100)
    landing.add(tagged_at=old)
    landing.add()
    pulled(home, api)
    landing.cut_off((TODAY - timedelta(days=90)).date())
    pulled(home, api)
    assert seqs(home) == [2]
    assert rows(home.warehouse_file, "select cutoff_day from raw.pull_state") == [
        ((TODAY - timedelta(days=90)).date(),)
    ]


def test_an_old_day_that_landed_after_the_cut_stays(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    old = TODAY - timedelta(days=100)
    landing.add(tagged_at=old)
    landing.cut_off((TODAY - timedelta(days=90)).date())
    landing.add(tagged_at=old)
    pulled(home, api)
    assert seqs(home) == [3]


def test_a_tag_moved_before_the_cut_off_does_not_come_back_as_it_was(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    tag = landing.add()
    landing.add(
        kind="corrected", tag_id=tag["tag_id"], local_day=(TODAY - timedelta(days=91)).date()
    )
    pulled(home, api)
    landing.cut_off((TODAY - timedelta(days=90)).date())
    pulled(home, api)
    assert seqs(home) == []


def test_a_cut_off_between_stream_and_ledger_is_followed(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add(tagged_at=TODAY - timedelta(days=100))
    landing.add()

    def cut(path: str) -> None:
        if path.endswith("/ledger") and len(landing.events) == 2 and landing.seq == 2:
            landing.cut_off((TODAY - timedelta(days=90)).date())

    landing.before = cut
    assert pulled(home, api).seq == 3
    assert rows(home.warehouse_file, "select events from raw.ledger") == [(1,)]


def test_a_full_pull_starts_over(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.add()
    pulled(home, api)
    with warehouse(home) as connection:
        connection.execute("update raw.tag_events set intensity = 9")
    assert pulled(home, api, full=True).started_over
    assert rows(home.warehouse_file, "select intensity from raw.tag_events") == [(3,)]


def test_a_damaged_warehouse_is_built_again(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.add()
    home.warehouse_file.write_bytes(b"not a database" * 1000)
    pulled(home, api)
    assert seqs(home) == [1]


def test_a_warehouse_that_somebody_has_open_is_not_thrown_away(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add()
    pulled(home, api)
    before = home.warehouse_file.stat().st_ino
    with warehouse(home, read_only=True), pytest.raises(Exception, match="different configuration"):
        pulled(home, api)
    assert home.warehouse_file.stat().st_ino == before


def test_an_api_that_is_away_is_named(home: Home) -> None:
    with Client("http://127.0.0.1:1", "token") as nobody, pytest.raises(StepError) as caught:
        pulled(home, nobody)
    assert "http://127.0.0.1:1 does not answer" in str(caught.value)


def test_the_directory_is_replaced_whole(home: Home, api: Client, landing: FakeLanding) -> None:
    pulled(home, api)
    landing.directory["users"].pop()
    landing.directory["daysOff"] = [{"userId": "ann@example.org", "day": "2026-05-01"}]
    pulled(home, api)
    assert rows(home.warehouse_file, "select user_id from raw.users") == [("ann@example.org",)]
    assert rows(home.warehouse_file, "from raw.days_off") == [("ann@example.org", date(2026, 5, 1))]


def test_a_fixed_day_is_everybodys_today(home: Home, api: Client) -> None:
    day = date(2026, 8, 20)
    pull(home, api, run_id="run", calendar=Calendar(TODAY, day))
    query = "select distinct as_of_day from raw.users union select as_of_day from raw.run"
    assert rows(home.warehouse_file, query) == [(day,)]
    assert rows(home.warehouse_file, "select is_fixed_as_of from raw.run") == [(True,)]
