"""Stored, duplicate, conflict: one tag is one tag, however often it is sent."""

import threading
from collections import Counter

import pytest

from heat.vocabulary import Verdict
from ingest_api.landing import Landing, reads
from ingest_api.landing.events import Batch
from ingest_api.landing.validation import read_tag


def test_the_same_upload_again_is_all_duplicates_and_counts_as_accepted(ann, tag, residual):
    tags = [tag() for _ in range(5)]
    ann.upload(*tags)

    again = ann.upload(*tags).json

    assert (again["accepted"], again["duplicates"], again["rejected"]) == (5, 5, 0)
    assert len(ann.get("/api/v1/tags/ann@example.org").json["tags"]) == 5
    assert residual() == 0


def test_the_same_id_with_other_content_is_a_conflict_and_changes_nothing(ann, tag, residual):
    first = tag(intensity=3)
    ann.upload(first)

    answer = ann.upload({**first, "intensity": 9}, tag()).json

    assert [result["status"] for result in answer["results"]] == ["conflict", "stored"]
    assert (answer["accepted"], answer["conflicts"]) == (1, 1)
    listed = ann.get("/api/v1/tags/ann@example.org").json["tags"]
    assert {each["intensity"] for each in listed if each["tagId"] == first["tagId"]} == {3}
    assert residual() == 0


def test_twins_in_one_upload_are_stored_once(ann, tag, residual):
    twin = tag()
    assert ann.verdicts(twin, twin, {**twin, "intensity": 1}) == [
        "stored",
        "duplicate",
        "conflict",
    ]
    assert residual() == 0


def test_two_people_may_use_the_same_id(person, tag):
    one = tag()
    assert person("ann@example.org").verdicts(one) == ["stored"]
    assert person("bob@example.org").verdicts(one) == ["stored"]
    assert person("ann@example.org").verdicts(one) == ["duplicate"]
    assert person("bob@example.org").verdicts({**one, "intensity": 1}) == ["conflict"]


def test_ids_of_ones_own_are_mapped_to_the_same_uuid_each_time(person, ann, tag):
    own = tag(tagId=None, id="1700000000-abc")

    first = ann.upload(own).json["results"][0]
    again = ann.upload(own).json["results"][0]

    assert (first["status"], again["status"]) == ("stored", "duplicate")
    assert first["tagId"] == again["tagId"]
    assert first["tagId"][14] == "5"
    other = person("bob@example.org").upload(own).json["results"][0]
    assert other["tagId"] != first["tagId"]


def test_a_tag_without_any_id_can_be_retried(ann, tag):
    bare = tag(tagId=None)
    assert ann.verdicts(bare, {**bare, "intensity": 6}) == ["stored", "stored"]
    assert ann.verdicts(bare) == ["duplicate"]
    assert ann.verdicts({**bare, "taskTitle": "newer title"}) == ["conflict"]


def test_a_uuid_in_upper_case_is_the_same_tag(ann, tag):
    one = tag(tagId="0190C2A1-0000-7000-8000-00000000000A")
    assert ann.verdicts(one) == ["stored"]
    assert ann.verdicts({**one, "tagId": one["tagId"].lower()}) == ["duplicate"]


def test_user_ids_are_compared_in_lower_case(ann, tag):
    assert ann.verdicts(tag(userId="Ann@Example.ORG"), userId="ANN@example.org") == ["stored"]


def test_ids_that_share_their_random_half_are_told_apart(ann, tag):
    one = tag(tagId="00000000-0000-7000-9000-0000000000ff")
    other = tag(tagId="11111111-0000-7000-9000-0000000000ff")
    assert ann.verdicts(one) == ["stored"]
    assert ann.verdicts(other, one) == ["stored", "duplicate"]
    assert ann.verdicts(other, {**one, "intensity": 1}) == ["duplicate", "conflict"]


def test_verdicts_survive_a_restart(settings, tag):
    first = read_tag(tag(), "ann", 2**42)
    changed = read_tag(tag(tagId=first.tag_id), "ann", 2**42)
    with Landing(settings.paths, settings.thresholds) as landing:
        landing.land(Batch([first]))
        seq = landing.seq
    with Landing(settings.paths, settings.thresholds) as landing:
        outcome = landing.land(Batch([first, changed]))
        assert outcome.verdicts == [Verdict.DUPLICATE, Verdict.CONFLICT]
        assert landing.seq == seq


def test_32_threads_that_send_the_same_batch_store_it_once(landing, tag, residual):
    batch = [read_tag(tag(), "ann", 2**42) for _ in range(20)]
    verdicts: Counter[Verdict] = Counter()
    begin = threading.Barrier(32)

    def send():
        begin.wait()
        for verdict in landing.land(Batch(list(batch))).verdicts:
            verdicts[verdict] += 1

    threads = [threading.Thread(target=send) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts == {Verdict.STORED: 20, Verdict.DUPLICATE: 31 * 20}
    ledger = reads.ledger(landing.cursor())
    assert (ledger.received, ledger.on_disk) == (32 * 20, 20)
    assert residual() == 0


def test_a_service_may_send_other_peoples_tags_even_in_one_body(service, tag, landing, residual):
    answer = service.upload(
        tag(), tag(userId="bob@example.org"), tag(userId="b o b"), userId="ann@example.org"
    )
    assert [result["status"] for result in answer.json["results"]] == [
        "stored",
        "stored",
        "rejected",
    ]
    assert set(landing.directory.users) == {"ann@example.org", "bob@example.org"}
    assert reads.ledger(landing.cursor(), "bob@example.org").received == 1
    assert residual() == 0


def test_a_service_must_say_whose_tags_they_are(service, tag, residual):
    answer = service.upload(tag())
    assert answer.status_code == 400
    assert answer.json["results"][0]["errors"][0]["field"] == "userId"
    assert residual() == 0


@pytest.mark.parametrize("count", [1, 4, 16, 17, 100])
def test_every_form_of_insert_keeps_every_field(ann, tag, count):
    sent = [
        tag(
            taskScope="acme/web",
            taskTitle="„Größe“ 🔥 'quoted' \\ \n",
            labels=["SQL", "Ünï"],
            area="core/db",
            source="cli",
            tzOffsetMin=-210,
            workType="Research",
            intensity=10,
        )
        for _ in range(count)
    ]
    ann.upload(*sent)

    listed = ann.get("/api/v1/tags/ann@example.org?limit=1000").json["tags"]

    kept = {each["tagId"]: each for each in listed}
    for one in sent:
        assert {**kept[one["tagId"]], **one} == kept[one["tagId"]]
