"""What the pipeline pulls: the event stream, the directory, the ledger, retention."""

import time

import pyarrow as pa
import pytest

from heat.schema import TAG_EVENTS

NOW = int(time.time() * 1000)
DAY = 86_400_000


@pytest.fixture
def pull(service):
    def pull(**query):
        answer = service.get("/internal/v1/tags", query_string=query)
        assert answer.status_code == 200, answer.text
        with pa.ipc.open_stream(answer.data) as stream:
            return stream.read_all(), answer.headers

    return pull


def test_an_empty_landing_streams_the_schema_and_no_rows(pull, landing):
    table, headers = pull()
    assert table.schema == TAG_EVENTS
    assert table.num_rows == 0
    assert headers["Heat-Last-Seq"] == "0"
    assert headers["Heat-More"] == "false"
    assert headers["Heat-Epoch"] == landing.epoch


def test_pages_of_the_stream_give_every_event_once_and_in_order(ann, tag, pull):
    for _ in range(5):
        ann.upload(*[tag() for _ in range(5)])
    seen, after = [], 0
    while True:
        table, headers = pull(after=after, limit=7)
        assert table.schema == TAG_EVENTS
        seen += table.column("seq").to_pylist()
        after = int(headers["Heat-Last-Seq"])
        if headers["Heat-More"] == "false":
            break
    assert seen == list(range(1, 26))


def test_events_carry_what_was_said(ann, tag, pull):
    one = tag(taskScope="acme", labels=["SQL"], area="db", source="cli", tzOffsetMin=90)
    ann.upload(one)
    ann.send("DELETE", f"/api/v1/tags/ann@example.org/{one['tagId']}")
    stored, withdrawn = pull()[0].to_pylist()
    assert (stored["kind"], withdrawn["kind"]) == ("stored", "withdrawn")
    assert stored["tag_id"] == withdrawn["tag_id"] == one["tagId"]
    assert stored["labels"] == ["SQL"]
    assert int(stored["tagged_at"].timestamp() * 1000) == one["timestamp"]
    assert withdrawn["local_day"] == stored["local_day"]
    assert withdrawn["seq"] == 2


def test_another_epoch_is_answered_409_with_the_present_one(service, landing):
    answer = service.get("/internal/v1/tags?epoch=elsewhere&after=10")
    assert answer.status_code == 409
    assert answer.json["epoch"] == landing.epoch


def test_the_head_moves_with_tags_and_the_config_version_with_people(service, ann, tag):
    before = service.get("/internal/v1/head").json
    ann.upload(tag(), tag())
    ann.upload(tag(intensity=0))
    after = service.get("/internal/v1/head").json
    assert after["seq"] == before["seq"] + 2
    assert after["configVersion"] == before["configVersion"]
    service.upload(tag(), userId="new@example.org")
    assert service.get("/internal/v1/head").json["configVersion"] > after["configVersion"]


def test_the_ledger_speaks_as_of_a_sequence_number(service, ann, tag):
    ann.upload(tag(intensity=2), tag(intensity=3))
    answer = service.get("/internal/v1/ledger?upTo=1").json
    assert (answer["events"], answer["inForce"], answer["inForceIntensity"]) == (1, 1, 2)
    answer = service.get("/internal/v1/ledger").json
    assert (answer["seq"], answer["events"], answer["inForceIntensity"]) == (2, 2, 5)
    assert answer["residual"] == 0


@pytest.mark.parametrize(
    "path", ["head", "tags", "directory", "ledger", "retention", "nothing-of-that-name"]
)
def test_people_and_admins_have_no_business_here(person, path):
    asker = person("ada", role="admin")
    method = "POST" if path == "retention" else "GET"
    assert asker.send(method, f"/internal/v1/{path}").status_code in {403, 404}


def test_retention_is_one_event_and_the_rows_are_gone(service, ann, tag, pull, landing, residual):
    old, young = tag(timestamp=NOW - 89 * DAY), tag(timestamp=NOW)
    ann.upload(old, young)
    nothing = service.send("POST", "/internal/v1/retention").json
    assert nothing["removed"] == 0
    _shorten(landing, 30)

    answer = service.send("POST", "/internal/v1/retention").json

    assert answer["removed"] == 1
    rows = pull()[0].to_pylist()
    assert [row["kind"] for row in rows] == ["stored", "cutoff", "cutoff"]
    assert rows[-1]["seq"] == answer["seq"]
    assert rows[-1]["local_day"].isoformat() == answer["cutoffDay"]
    ledger = service.get("/internal/v1/ledger").json
    assert (ledger["events"], ledger["inForce"]) == (1, 1)
    assert residual() == 0
    assert ann.verdicts(young) == ["duplicate"]
    assert ann.verdicts(old) == ["rejected"]


def test_a_tag_that_was_moved_to_a_day_now_gone_does_not_come_back(
    service, ann, tag, landing, residual
):
    one = tag(timestamp=NOW)
    ann.upload(one)
    moved = {"timestamp": NOW - 60 * DAY}
    ann.send("PATCH", f"/api/v1/tags/ann@example.org/{one['tagId']}", json=moved)
    _shorten(landing, 30)

    assert service.send("POST", "/internal/v1/retention").json["removed"] == 2

    assert ann.get("/api/v1/tags/ann@example.org").json["tags"] == []
    assert residual() == 0


def test_with_retention_0_nothing_is_ever_removed(service, ann, tag, landing):
    _shorten(landing, 0)
    assert ann.verdicts(tag(timestamp=1_000_000_000_000)) == ["stored"]
    assert service.send("POST", "/internal/v1/retention").json == {
        "cutoffDay": None,
        "removed": 0,
        "seq": 1,
    }


def _shorten(landing, days):
    landing.change(
        lambda connection, _: connection.execute(
            "insert into ops.thresholds "
            "select 'default', count(*) + 1, ?, 'test', now() from ops.thresholds",
            [f'{{"retention.days": {days}}}'],
        )
    )
