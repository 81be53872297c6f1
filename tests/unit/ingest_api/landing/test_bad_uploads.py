"""What people and programs send by mistake: a verdict or a 4xx, never a lost neighbour."""

import json
import logging
import time
from typing import Any

import pytest

from heat.home import Home
from heat.settings import Settings
from ingest_api.landing import Landing

NOW = int(time.time() * 1000)
DAY = 86_400_000


# one store for the whole file: every test looks at its own answers and at the ledger's residual
@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(home=Home(tmp_path_factory.mktemp("home")).init().root)


@pytest.fixture(scope="module")
def landing(settings):
    with Landing(settings.paths, settings.thresholds) as landing:
        yield landing


BAD_TAGS: list[tuple[str, Any, str]] = [
    ("no task", {"taskId": None}, "taskId"),
    ("empty task", {"taskId": "   "}, "taskId"),
    ("task is a number", {"taskId": 42}, "taskId"),
    ("task too long", {"taskId": "x" * 129}, "taskId"),
    ("task with NUL", {"taskId": "HEAT\0-1"}, "taskId"),
    ("task with half a surrogate", {"taskId": "HEAT-\ud800"}, "taskId"),
    ("scope too long", {"taskScope": "x" * 257}, "taskScope"),
    ("scope is a list", {"taskScope": ["a"]}, "taskScope"),
    ("title too long", {"taskTitle": "x" * 501}, "taskTitle"),
    ("title with NUL", {"taskTitle": "a\0b"}, "taskTitle"),
    ("title with half a surrogate", {"taskTitle": "\udfff"}, "taskTitle"),
    ("title is an object", {"taskTitle": {"a": 1}}, "taskTitle"),
    ("no work type", {"workType": None}, "workType"),
    ("unknown work type", {"workType": "Meeting"}, "workType"),
    ("work type in lower case", {"workType": "feature"}, "workType"),
    ("work type is a number", {"workType": 1}, "workType"),
    ("no intensity", {"intensity": None}, "intensity"),
    ("intensity 0", {"intensity": 0}, "intensity"),
    ("intensity 11", {"intensity": 11}, "intensity"),
    ("intensity 3.5", {"intensity": 3.5}, "intensity"),
    ("intensity 5.0", {"intensity": 5.0}, "intensity"),
    ("intensity as text", {"intensity": "5"}, "intensity"),
    ("intensity true", {"intensity": True}, "intensity"),
    ("intensity NaN", {"intensity": float("nan")}, "intensity"),
    ("intensity infinite", {"intensity": float("inf")}, "intensity"),
    ("intensity of 90 digits", {"intensity": 10**90}, "intensity"),
    ("no timestamp", {"timestamp": None}, "timestamp"),
    ("timestamp in seconds", {"timestamp": NOW // 1000}, "timestamp"),
    ("timestamp as text", {"timestamp": "2026-11-25T10:00:00Z"}, "timestamp"),
    ("timestamp with a fraction", {"timestamp": NOW + 0.5}, "timestamp"),
    ("timestamp too far ahead", {"timestamp": NOW + 2 * DAY}, "timestamp"),
    ("timestamp beyond every calendar", {"timestamp": 10**30}, "timestamp"),
    ("negative timestamp", {"timestamp": -1}, "timestamp"),
    ("older than retention", {"timestamp": NOW - 92 * DAY}, "timestamp"),
    ("offset too far east", {"tzOffsetMin": 841}, "tzOffsetMin"),
    ("offset as text", {"tzOffsetMin": "+02:00"}, "tzOffsetMin"),
    ("offset true", {"tzOffsetMin": True}, "tzOffsetMin"),
    ("labels is a text", {"labels": "SQL"}, "labels"),
    ("eleven labels", {"labels": [f"l{n}" for n in range(11)]}, "labels"),
    ("empty label", {"labels": ["SQL", " "]}, "labels[1]"),
    ("label too long", {"labels": ["x" * 33]}, "labels[0]"),
    ("label is null", {"labels": [None]}, "labels[0]"),
    ("label with NUL", {"labels": ["a\0"]}, "labels[0]"),
    ("area empty", {"area": ""}, "area"),
    ("area too long", {"area": "x" * 129}, "area"),
    ("source too long", {"source": "x" * 65}, "source"),
    ("tag id no UUID", {"tagId": "17"}, "tagId"),
    ("tag id in braces", {"tagId": "{00000000-0000-7000-8000-000000000001}"}, "tagId"),
    ("tag id a number", {"tagId": 17}, "tagId"),
    ("own id too long", {"tagId": None, "id": "x" * 129}, "id"),
    ("own id empty", {"tagId": None, "id": ""}, "id"),
    ("own id a number", {"tagId": None, "id": 17}, "id"),
    ("somebody else's", {"userId": "bob@example.org"}, "userId"),
    ("a text", "HEAT-42", "tag"),
    ("null", None, "tag"),
    ("a list", [1], "tag"),
]


@pytest.mark.parametrize(("bad", "field"), [pytest.param(b, f, id=n) for n, b, f in BAD_TAGS])
def test_a_bad_tag_is_rejected_by_field_and_its_neighbours_are_stored(
    ann, tag, residual, caplog, bad, field
):
    bad = tag(**bad) if isinstance(bad, dict) else bad
    answer = ann.upload(tag(), bad, tag())

    assert answer.status_code == 200
    assert [result["status"] for result in answer.json["results"]] == [
        "stored",
        "rejected",
        "stored",
    ]
    (error,) = answer.json["results"][1]["errors"]
    assert error["field"] == field
    assert error["reason"]
    assert residual() == 0
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_only_bad_tags_answer_400_with_the_same_body(ann, residual, tag):
    answer = ann.upload(tag(intensity=0), tag(workType="?"))

    assert answer.status_code == 400
    assert answer.json["error"] == "No valid tags"
    assert (answer.json["accepted"], answer.json["rejected"]) == (0, 2)
    assert len(answer.json["results"]) == 2
    assert residual() == 0


def test_a_rejected_tag_is_kept_as_it_was_sent_with_the_reason(ann, tag):
    ann.upload(tag(), tag(intensity=11, taskId="HEAT-99"))

    kept = ann.get("/api/v1/rejects/ann@example.org?limit=1").json["rejects"][0]
    assert json.loads(kept["raw"])["taskId"] == "HEAT-99"
    assert kept["errors"][0]["field"] == "intensity"
    assert kept["isWhole"]


def test_of_a_very_long_rejected_tag_the_beginning_is_kept_and_that_is_said(ann, tag):
    ann.upload(tag(taskTitle="x" * 20_000))

    kept = ann.get("/api/v1/rejects/ann@example.org?limit=1").json["rejects"][0]
    assert len(kept["raw"]) == 8_192
    assert not kept["isWhole"]


def test_unknown_fields_are_ignored(ann, tag):
    assert ann.verdicts({**tag(), "mood": {"deep": [1, 2]}, "team": None}) == ["stored"]


def test_a_number_too_long_for_python_costs_only_its_own_tag(ann, tag):
    body = json.dumps({"tags": [tag(intensity=1), tag(intensity=2)]})
    body = body.replace('"intensity": 1,', f'"intensity": {"9" * 5_000},')
    answer = ann.send("POST", "/api/v1/tags", data=body)
    assert [result["status"] for result in answer.json["results"]] == ["rejected", "stored"]


BAD_BODIES: list[tuple[str, bytes, int]] = [
    ("nothing", b"", 400),
    ("cut off", b'{"tags": [{"taskId": "HE', 400),
    ("no UTF-8", b'{"tags": ["\xff"]}', 400),
    ("a list", b"[]", 400),
    ("null", b"null", 400),
    ("a number", b"17", 400),
    ("a bare word", b"tags", 400),
    ("no tags", b"{}", 400),
    ("tags is null", b'{"tags": null}', 400),
    ("tags is an object", b'{"tags": {"0": {}}}', 400),
    ("empty tags", b'{"tags": []}', 400),
    ("101 tags", json.dumps({"tags": [{}] * 101}).encode(), 413),
    ("nested without end", b'{"tags": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    ("larger than 256 kB", b'{"tags": [' + b" " * 262_144 + b"]}", 413),
    ("user id is a number", b'{"userId": 1, "tags": [{}]}', 400),
    ("user id with a space", b'{"userId": "ann smith", "tags": [{}]}', 400),
    ("somebody else's body", b'{"userId": "bob@example.org", "tags": [{}]}', 403),
]


@pytest.mark.parametrize(("body", "status"), [pytest.param(b, s, id=n) for n, b, s in BAD_BODIES])
def test_a_bad_body_is_refused_as_a_problem_and_stores_nothing(ann, landing, caplog, body, status):
    before = landing.seq

    answer = ann.send("POST", "/api/v1/tags", data=body)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert {"title", "status", "detail", "errors", "requestId"} <= answer.json.keys()
    assert landing.seq == before
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_tag_nested_without_end_is_refused_or_rejected_but_never_breaks(ann, residual, tag):
    for depth in (100, 500, 900, 990):
        deep = json.dumps(tag())[:-1] + ', "labels": ' + "[" * depth + "]" * depth + "}"
        answer = ann.send("POST", "/api/v1/tags", data='{"tags": [' + deep + "]}")
        assert answer.status_code == 400
    assert residual() == 0


def test_a_compressed_body_is_refused_with_the_way_out(ann, tag):
    answer = ann.send(
        "POST", "/api/v1/tags", data=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415
    assert "uncompressed" in answer.json["detail"]


def test_of_a_key_that_is_given_twice_the_last_one_counts(ann, tag):
    body = json.dumps({"tags": [tag(intensity=3)]}).replace(
        '"intensity": 3', '"intensity": 99, "intensity": 3'
    )
    answer = ann.send("POST", "/api/v1/tags", data=body)
    assert answer.json["results"][0]["status"] == "stored"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer heat_00000000_x", "Basic YTpi", "Bearer é"]
)
def test_without_a_valid_token_nothing_is_answered(service, header, tag):
    headers = {"Authorization": header} if header else {}
    answer = service.http.post("/api/v1/tags", headers=headers, json={"tags": [tag()]})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
