"""Corrections and withdrawals: further events, and the first upload stays known."""

import time

import pytest

from ingest_api.landing import reads

PATH = "/api/v1/tags/ann@example.org"


@pytest.fixture
def one(ann, tag):
    one = tag(intensity=3, labels=["SQL"])
    ann.upload(one)
    return one


def test_a_correction_changes_only_what_it_names(ann, one, landing):
    answer = ann.send("PATCH", f"{PATH}/{one['tagId']}", json={"intensity": 8})

    assert answer.json["status"] == "corrected"
    (listed,) = ann.get(PATH).json["tags"]
    assert listed["intensity"] == 8
    assert {**listed, **one, "intensity": 8} == listed
    assert reads.in_force(landing.cursor(), landing.seq) == (2, 1, 8)
    assert reads.in_force(landing.cursor(), landing.seq - 1) == (1, 1, 3)


def test_a_withdrawn_tag_leaves_and_does_not_come_back_when_it_is_sent_again(ann, one, landing):
    assert ann.send("DELETE", f"{PATH}/{one['tagId']}").json["status"] == "withdrawn"

    assert ann.get(PATH).json["tags"] == []
    assert ann.verdicts(one) == ["duplicate"]
    assert ann.verdicts({**one, "intensity": 9}) == ["duplicate"]
    assert ann.get(PATH).json["tags"] == []
    assert reads.in_force(landing.cursor(), landing.seq) == (2, 0, 0)


def test_a_corrected_tag_stays_corrected_when_its_first_upload_is_retried(ann, one):
    ann.send("PATCH", f"{PATH}/{one['tagId']}", json={"intensity": 8})
    assert ann.verdicts(one) == ["duplicate"]
    assert ann.get(PATH).json["tags"][0]["intensity"] == 8


def test_a_correction_may_move_a_tag_to_another_day(ann, one):
    yesterday = int(time.time() * 1000) - 86_400_000
    ann.send("PATCH", f"{PATH}/{one['tagId']}", json={"timestamp": yesterday})
    assert ann.get(PATH).json["tags"][0]["timestamp"] == yesterday


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"intensity": 11}, "intensity"), ({"timestamp": 1}, "timestamp"), ({"labels": 1}, "labels")],
)
def test_a_correction_that_would_make_it_invalid_is_refused(ann, one, landing, fields, field):
    answer = ann.send("PATCH", f"{PATH}/{one['tagId']}", json=fields)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == field
    assert landing.seq == 1


def test_id_and_person_of_a_tag_cannot_be_corrected(ann, one):
    ann.send("PATCH", f"{PATH}/{one['tagId']}", json={"tagId": "x", "userId": "bob"})
    (listed,) = ann.get(PATH).json["tags"]
    assert listed["tagId"] == one["tagId"]


def test_nobody_corrects_or_withdraws_somebody_elses_tag(person, one, service):
    bob = person("bob@example.org")
    for asker in (bob, service):
        assert asker.send("DELETE", f"{PATH}/{one['tagId']}").status_code == 404
    own = "/api/v1/tags/bob@example.org"
    assert bob.send("PATCH", f"{own}/{one['tagId']}", json={}).status_code == 404
    assert bob.send("DELETE", f"{own}/no-uuid").status_code == 404


def test_a_tag_withdrawn_twice_is_not_there_the_second_time(ann, one):
    ann.send("DELETE", f"{PATH}/{one['tagId']}")
    assert ann.send("DELETE", f"{PATH}/{one['tagId']}").status_code == 404
