"""Following CURRENT: one whole snapshot per question, old files let go late, none re-opened."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from heat.home import Home, replace_file
from ingest_api.snapshots import LINGER_SECONDS, Snapshots


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def snapshots(home: Home, clock: Clock) -> Any:
    snapshots = Snapshots(home, clock=clock)
    yield snapshots
    snapshots.close()


def total(snapshots: Snapshots) -> int | None:
    with snapshots.reading() as snapshot:
        if snapshot is None:
            return None
        ((intensity,),) = snapshot.rows("select sum(intensity)::bigint from marts.fct_tags")
        return int(intensity)


def is_open(path: Path) -> bool:
    return any(link.resolve() == path for link in Path("/proc/self/fd").iterdir() if link.exists())


def test_before_the_first_snapshot_there_is_none(snapshots: Snapshots) -> None:
    assert total(snapshots) is None


def test_a_new_snapshot_is_read_as_soon_as_it_is_current(
    snapshots: Snapshots, published: Any, tag: Any
) -> None:
    day = date(2026, 11, 24)
    published(fct_tags=[tag("ann", day, intensity=1)])
    assert total(snapshots) == 1
    published(fct_tags=[tag("ann", day, intensity=2)])
    assert total(snapshots) == 2


def test_a_question_reads_one_snapshot_to_its_end(
    snapshots: Snapshots, published: Any, tag: Any, clock: Clock
) -> None:
    published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=1)])
    with snapshots.reading() as old:
        published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=2)])
        assert total(snapshots) == 2
        clock.seconds += 10 * LINGER_SECONDS
        assert total(snapshots) == 2
        assert old is not None
        assert old.rows("select sum(intensity)::bigint from marts.fct_tags") == [(1,)]


def test_an_old_file_is_let_go_late_and_only_without_readers(
    snapshots: Snapshots, published: Any, clock: Clock, tag: Any
) -> None:
    old = published(fct_tags=[tag("ann", date(2026, 11, 24))])
    total(snapshots)
    published(fct_tags=[tag("ann", date(2026, 11, 24))])
    total(snapshots)
    clock.seconds += LINGER_SECONDS - 1
    total(snapshots)
    assert is_open(old)
    clock.seconds += 1
    total(snapshots)
    assert not is_open(old)


def test_a_file_that_changed_under_its_name_is_never_opened_again(
    snapshots: Snapshots, published: Any, home: Home, tag: Any, clock: Clock
) -> None:
    first = published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=1)])
    total(snapshots)
    published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=2)])
    total(snapshots)
    clock.seconds += LINGER_SECONDS
    total(snapshots)
    first.write_bytes(b"something else")
    replace_file(home.current_file, first.name)
    assert total(snapshots) == 2


def test_going_back_to_a_snapshot_that_is_still_open_uses_it(
    snapshots: Snapshots, published: Any, home: Home, tag: Any, clock: Clock
) -> None:
    first = published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=1)])
    total(snapshots)
    published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=2)])
    total(snapshots)
    replace_file(home.current_file, first.name)
    assert total(snapshots) == 1
    clock.seconds += 2 * LINGER_SECONDS
    assert total(snapshots) == 1


@pytest.mark.parametrize("content", [None, b"no database"])
def test_a_current_that_cannot_be_opened_leaves_the_last_good_one(
    snapshots: Snapshots, published: Any, home: Home, tag: Any, content: bytes | None
) -> None:
    published(fct_tags=[tag("ann", date(2026, 11, 24), intensity=7)])
    total(snapshots)
    if content is not None:
        (home.published / "heat-broken.duckdb").write_bytes(content)
    replace_file(home.current_file, "heat-broken.duckdb")
    assert total(snapshots) == 7


def test_twenty_readers_never_fail_while_snapshots_change(
    snapshots: Snapshots, published: Any, tag: Any, clock: Clock
) -> None:
    day = date(2026, 11, 24)
    # two tags of the same intensity: a mix of two snapshots would show as an odd sum
    published(fct_tags=[tag("ann", day, intensity=1), tag("ben", day, intensity=1)])
    stop, failures, sums = threading.Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            try:
                with snapshots.reading() as snapshot:
                    assert snapshot is not None
                    rows = snapshot.rows("select intensity from marts.fct_tags")
                    again = snapshot.rows(
                        "select intensity from marts.fct_daily_intensity, "
                        "(select max(intensity) as intensity from marts.fct_tags)"
                    )
                assert rows == again
                sums.add(sum(row[0] for row in rows))
            except Exception as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    for intensity in range(2, 6):
        published(fct_tags=[tag(user, day, intensity=intensity) for user in ("ann", "ben")])
        total(snapshots)
        clock.seconds += LINGER_SECONDS
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert {sum_ % 2 for sum_ in sums} == {0}
    assert len(sums) > 1


def test_the_last_run_is_read_again_when_it_changed(snapshots: Snapshots, home: Home) -> None:
    assert snapshots.last_run() is None
    replace_file(home.last_run_file, '{"outcome": "published"}')
    assert snapshots.last_run() == {"outcome": "published"}
    replace_file(home.last_run_file, '{"outcome": "audit_failed"}')
    assert snapshots.last_run() == {"outcome": "audit_failed"}


def test_a_last_run_that_is_no_json_is_none(snapshots: Snapshots, home: Home) -> None:
    replace_file(home.last_run_file, "{")
    assert snapshots.last_run() is None
