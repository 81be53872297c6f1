"""When a run is due: the sensor's and the schedules' decisions, without Dagster."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from orchestration.trigger import (
    LAST_RETRY_SECONDS,
    Decision,
    Memory,
    begun_at,
    decide,
    is_abandoned,
    zones_past_midnight,
)

NOW = 1_800_000_000.0
HEAD = {"epoch": "e", "seq": 10, "configVersion": 1}
PUBLISHED = {
    "outcome": "published",
    "epoch": "e",
    "seq": 10,
    "configVersion": 1,
    "finishedAt": datetime.fromtimestamp(NOW - 100, UTC).isoformat(),
}
FAILED = {**PUBLISHED, "outcome": "audit_failed"}


def decision(
    head: dict[str, Any] | None = None,
    last_run: dict[str, Any] | None = None,
    memory: Memory | None = None,
    *,
    now: float = NOW,
    newest_start: float = 0.0,
    min_interval: float = 60.0,
) -> Decision:
    return decide(
        head or HEAD,
        last_run,
        memory or Memory(),
        now=now,
        newest_start=newest_start,
        min_interval=lambda: min_interval,
    )


def test_a_home_without_any_run_gets_one() -> None:
    assert decision().due


def test_nothing_new_starts_nothing() -> None:
    answer = decision(last_run=PUBLISHED)
    assert (answer.due, answer.reason) == (False, "nothing new after 10")


@pytest.mark.parametrize(
    "head",
    [HEAD | {"seq": 11}, HEAD | {"configVersion": 2}, HEAD | {"epoch": "f", "seq": 1}],
    ids=["a tag", "a threshold", "another epoch"],
)
def test_what_moved_on_starts_a_run(head: dict[str, Any]) -> None:
    assert decision(head, PUBLISHED).due


def test_the_thresholds_are_asked_only_if_something_is_new() -> None:
    def unasked() -> float:
        raise AssertionError("asked")

    decide(HEAD, PUBLISHED, Memory(), now=NOW, newest_start=0.0, min_interval=unasked)


def test_a_run_that_began_just_now_makes_the_next_one_wait() -> None:
    assert not decision(HEAD | {"seq": 11}, PUBLISHED, newest_start=NOW - 59).due
    assert decision(HEAD | {"seq": 11}, PUBLISHED, newest_start=NOW - 60).due


def test_no_interval_means_at_once() -> None:
    assert decision(HEAD | {"seq": 11}, PUBLISHED, newest_start=NOW - 1, min_interval=0).due


def test_a_failed_run_is_tried_again_but_ever_less_often() -> None:
    memory, moment, starts = Memory(), NOW, []
    while moment < NOW + 3600:
        answer = decision(last_run=FAILED, memory=memory, now=moment, min_interval=0)
        if answer.due:
            starts.append(moment)
        memory, moment = answer.memory, moment + 5
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert gaps[:4] == [15, 30, 60, 120]
    assert gaps[-1] == LAST_RETRY_SECONDS


def test_new_tags_do_not_turn_failing_runs_into_a_hot_loop() -> None:
    memory, starts = Memory(), 0
    for second in range(0, 600, 5):
        answer = decision(
            HEAD | {"seq": 10 + second}, FAILED, memory, now=NOW + second, min_interval=0
        )
        memory, starts = answer.memory, starts + answer.due
    assert starts < 8


def test_a_run_that_published_ends_the_waiting() -> None:
    memory = Memory("e:10:1", NOW - 50, failures=6)
    finished = datetime.fromtimestamp(NOW - 10, UTC).isoformat()
    answer = decision(
        HEAD | {"seq": 11}, PUBLISHED | {"finishedAt": finished}, memory, min_interval=0
    )
    assert answer.due
    assert answer.memory.failures == 1


def test_a_run_that_vanished_counts_as_failed() -> None:
    memory = Memory("e:11:1", NOW - 10, failures=1)
    assert not decision(HEAD | {"seq": 11}, PUBLISHED, memory, min_interval=0).due
    memory = Memory("e:11:1", NOW - 20, failures=1)
    assert decision(HEAD | {"seq": 11}, PUBLISHED, memory, min_interval=0).due


def test_the_memory_survives_as_text() -> None:
    memory = Memory("e:1:1", NOW, 3)
    assert Memory.from_json(memory.as_json()) == memory


@pytest.mark.parametrize("text", [None, "", "7", "not json", '{"seq": 1}'])
def test_a_memory_that_cannot_be_read_is_a_new_start(text: str | None) -> None:
    assert Memory.from_json(text) == Memory()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "now", "zones"),
    [
        ("2026-03-01T14:50", "2026-03-01T15:00", ["Asia/Tokyo"]),
        ("2026-03-01T15:00", "2026-03-01T15:15", []),
        ("2026-03-01T18:14", "2026-03-01T18:15", ["Asia/Kathmandu"]),
        ("2026-03-28T22:59", "2026-03-28T23:00", ["Europe/Berlin"]),
        ("2026-03-29T21:59", "2026-03-29T22:00", ["Europe/Berlin"]),
        # asleep over the weekend: every zone has a new day
        ("2026-03-06T12:00", "2026-03-09T12:00", ["Asia/Kathmandu", "Asia/Tokyo", "Europe/Berlin"]),
    ],
)
def test_midnight_comes_zone_by_zone(since: str, now: str, zones: list[str]) -> None:
    in_use = ["Asia/Kathmandu", "Asia/Tokyo", "Europe/Berlin"]
    assert zones_past_midnight(in_use, moment(since), moment(now)) == zones


def test_the_name_of_a_snapshot_says_when_its_run_began() -> None:
    assert begun_at("heat-20260301T145000Z-00ff00ff.duckdb") == moment("2026-03-01T14:50")


def test_a_run_is_abandoned_only_if_nobody_holds_the_lock_for_a_while() -> None:
    assert is_abandoned(NOW - 121, NOW, lock_is_held=False)
    assert not is_abandoned(NOW - 119, NOW, lock_is_held=False)
    assert not is_abandoned(NOW - 9999, NOW, lock_is_held=True)
