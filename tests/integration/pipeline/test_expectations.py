"""Great Expectations over landed rows: good ones pass, each kind of bad one is caught."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hand_made_marts import rows
from landing_server import FakeLanding

from heat.client import Client
from heat.home import Home
from orchestration import expectations
from orchestration.audit import FRAME, audit_landed
from orchestration.directory import Calendar
from orchestration.pull import pull
from orchestration.steps import Check, StepError
from orchestration.warehouse import warehouse

pytestmark = [
    pytest.mark.pipeline,
    # warnings of Great Expectations itself, about libraries it draws in
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::FutureWarning"),
    pytest.mark.filterwarnings("default::UserWarning"),
]

NOW = datetime.now(UTC).replace(microsecond=0)


def pulled(home: Home, api: Client) -> None:
    pull(home, api, run_id="run", calendar=Calendar(NOW))


def batches(home: Home, size: int = 100) -> Iterator[pa.RecordBatch]:
    with warehouse(home) as connection:
        question = {"after": 0, "last": 10**9}
        yield from connection.execute(FRAME, question).to_arrow_reader(size)


def failed(checks: list[Check]) -> dict[str, float]:
    return {check.name: check.counts["failed"] for check in checks if not check.passed}


def test_good_rows_pass_every_expectation(home: Home, api: Client, landing: FakeLanding) -> None:
    for offset in (-840, 0, 330, 840):
        moment = NOW - timedelta(days=1)
        day = (moment + timedelta(minutes=offset)).date()
        landing.add(tagged_at=moment, tz_offset_min=offset, local_day=day)
    landing.add(area="x" * 128, labels=["l"] * 10, task_id="t" * 128, intensity=10)
    landing.add(labels=[], intensity=1, tagged_at=NOW + timedelta(hours=23))
    pulled(home, api)
    checks = expectations.check(batches(home))
    assert failed(checks) == {}
    assert {check.counts["rows"] for check in checks} == {6}


BAD: dict[str, dict[str, Any]] = {
    "kind_known": {"kind": "imagined"},
    "kind_not_null": {"kind": None},
    "user_id_not_null": {"user_id": None},
    "user_id_length": {"user_id": "u" * 129},
    "tag_id_not_null": {"tag_id": None},
    "task_id_not_null": {"task_id": None},
    "task_id_length": {"task_id": ""},
    "task_scope_not_null": {"task_scope": None},
    "work_type_known": {"work_type": "Meeting"},
    "work_type_not_null": {"work_type": None},
    "intensity_range": {"intensity": 11},
    "intensity_not_null": {"intensity": None},
    "offset_range": {
        "tz_offset_min": 900,
        "tagged_at": datetime(2026, 5, 4, 12, tzinfo=UTC),
        "local_day": datetime(2026, 5, 5, tzinfo=UTC).date(),
    },
    "tz_offset_min_not_null": {"tz_offset_min": None},
    "local_day_agrees_with_offset": {"local_day": (NOW - timedelta(days=2)).date()},
    "local_day_not_null": {"local_day": None},
    "tagged_at_not_null": {"tagged_at": NOW, "set_null": "tagged_at"},
    "tagged_at_after_2000": {"tagged_at": datetime(1970, 1, 21, tzinfo=UTC)},
    "tagged_at_not_in_the_future": {
        "tagged_at": NOW + timedelta(days=2),
        "ingested_at": NOW,
    },
    "ingested_at_not_null": {"ingested_at": None},
    "label_count": {"labels": ["l"] * 11},
}


def test_each_kind_of_bad_row_is_caught(home: Home, api: Client, landing: FakeLanding) -> None:
    """One landing with one bad row of each kind: the suite is imported once."""
    for changes in BAD.values():
        given = dict(changes)
        null = given.pop("set_null", None)
        event = landing.add(**given)
        if null:
            event[null] = None
    landing.add()
    pulled(home, api)
    found = failed(expectations.check(batches(home)))
    assert set(BAD) <= set(found)


@pytest.mark.parametrize("check", ["tag_unique_per_user", "seq_unique"])
def test_a_double_is_caught(home: Home, api: Client, landing: FakeLanding, check: str) -> None:
    tag = landing.add()
    landing.add(tag_id=tag["tag_id"])
    landing.add()["seq"] = 4
    landing.add()
    pulled(home, api)
    assert check in failed(expectations.check(batches(home)))


def test_the_same_tag_id_of_two_people_is_no_double(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    tag = landing.add()
    landing.add(tag_id=tag["tag_id"], user_id="bob@example.org")
    pulled(home, api)
    assert failed(expectations.check(batches(home))) == {}


def test_a_bad_tag_that_was_withdrawn_or_corrected_blocks_nobody(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    withdrawn = landing.add(intensity=99)
    landing.add(intensity=99, kind="withdrawn", tag_id=withdrawn["tag_id"])
    corrected = landing.add(work_type="Meeting")
    landing.add(kind="corrected", tag_id=corrected["tag_id"])
    pulled(home, api)
    checks = expectations.check(batches(home))
    assert failed(checks) == {}
    assert {check.counts["rows"] for check in checks} == {1}


def test_counts_add_up_over_batches(home: Home, api: Client, landing: FakeLanding) -> None:
    for number in range(10):
        landing.add(intensity=99 if number % 5 == 0 else 5)
    pulled(home, api)
    checks = expectations.check(batches(home, size=3))
    assert failed(checks) == {"intensity_range": 2}
    assert {check.counts["rows"] for check in checks} == {10}


def test_an_expectation_that_cannot_be_computed_is_an_error_and_no_finding(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add()
    pulled(home, api)
    (batch,) = batches(home)
    with pytest.raises(RuntimeError, match="could not be computed"):
        expectations.check([batch.drop_columns(["hours_ahead"])])


def test_the_process_answers_and_remembers_how_far_it_went(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add()
    pulled(home, api)
    assert all(check.passed for check in audit_landed(home))
    assert rows(home.warehouse_file, "select seq from raw.audit_state") == [(1,)]


def test_rows_that_failed_are_asked_about_again_with_the_next_ones(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    landing.add(intensity=99)
    pulled(home, api)
    assert failed(audit_landed(home)) == {"intensity_range": 1}
    landing.add()
    pulled(home, api)
    checks = audit_landed(home)
    assert failed(checks) == {"intensity_range": 1}
    assert rows(home.warehouse_file, "select * from raw.audit_state") == []


def test_findings_hold_no_value_of_anybody(home: Home, api: Client, landing: FakeLanding) -> None:
    landing.add(work_type="SecretWord", user_id="someone@example.org")
    pulled(home, api)
    assert "SecretWord" not in str(audit_landed(home))
    log = (home.logs / "expectations.log").read_text()
    assert "SecretWord" not in log
    assert "someone" not in log


def test_a_process_that_dies_is_an_error_and_no_pass(
    home: Home, api: Client, landing: FakeLanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.add()
    pulled(home, api)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(StepError, match=r"expectations\.log"):
        audit_landed(home)
    assert rows(home.warehouse_file, "select * from raw.audit_state") == []
