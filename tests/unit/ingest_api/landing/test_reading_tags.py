"""Reading tags back: order, pages, days, rights, and what is already processed."""

import time

import pytest

NOW = int(time.time() * 1000)
HOUR = 3_600_000


def test_tags_come_newest_first_by_timestamp_and_then_id(ann, tag):
    same_moment = [tag(timestamp=NOW - HOUR) for _ in range(3)]
    older, newer = tag(timestamp=NOW - 2 * HOUR), tag(timestamp=NOW)
    ann.upload(same_moment[1], newer, older, same_moment[2], same_moment[0])

    listed = [each["tagId"] for each in ann.get("/api/v1/tags/ann@example.org").json["tags"]]

    middle = [each["tagId"] for each in reversed(same_moment)]
    assert listed == [newer["tagId"], *middle, older["tagId"]]


def test_pages_follow_each_other_without_gap_or_overlap(ann, tag):
    sent = [tag(timestamp=NOW - n // 3 * HOUR) for n in range(25)]
    ann.upload(*sent)
    seen, cursor = [], None
    while True:
        query = {"limit": 4, **({"cursor": cursor} if cursor else {})}
        page = ann.get("/api/v1/tags/ann@example.org", query_string=query).json
        seen += [each["tagId"] for each in page["tags"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
        assert cursor.isascii()
        assert cursor.replace("-", "").replace("_", "").isalnum()
    assert sorted(seen) == sorted(each["tagId"] for each in sent)
    assert len(seen) == 25


def test_from_and_to_are_local_days_and_inclusive(ann, tag):
    # 2026-11-20 23:30 in UTC is the 21st at +60 and the 20th at 0
    moment = 1_795_217_400_000
    ann.upload(tag(timestamp=moment, tzOffsetMin=60), tag(timestamp=moment, tzOffsetMin=0))

    def days(query):
        tags = ann.get(f"/api/v1/tags/ann@example.org?{query}").json["tags"]
        return sorted(each["localDay"] for each in tags)

    assert days("") == ["2026-11-20", "2026-11-21"]
    assert days("from=2026-11-21") == ["2026-11-21"]
    assert days("to=2026-11-20") == ["2026-11-20"]
    assert days("from=2026-11-20&to=2026-11-21") == ["2026-11-20", "2026-11-21"]
    assert days("from=2026-11-22&to=2026-11-23") == []


def test_before_the_first_snapshot_nothing_is_processed(ann, tag):
    ann.upload(tag())
    (one,) = ann.get("/api/v1/tags/ann@example.org").json["tags"]
    assert one["processed"] is False
    assert one["ingestedAt"].endswith("Z")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=ten",
        "limit=1&limit=2",
        "form=2026-01-01",
        "from=yesterday",
        "from=20261125",
        "to=2026-02-30",
        "cursor=!!",
        "cursor=e30",
        "cursor=WzEsMl0",
        "cursor=",
    ],
)
def test_a_query_that_cannot_be_is_refused_by_name(ann, query):
    answer = ann.get(f"/api/v1/tags/ann@example.org?{query}")
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == query.partition("=")[0]


def test_other_peoples_ids_answer_exactly_as_unknown_ones(person, tag):
    ann, bob = person("ann@example.org"), person("bob@example.org")
    bob.upload(tag())
    answers = [
        ann.get(f"/api/v1/tags/{user_id}").json
        for user_id in ("bob@example.org", "nobody@example.org", "no body")
    ]
    for answer in answers:
        answer.pop("requestId")
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["status"] == 404


def test_a_manager_reads_members_of_a_named_team_and_the_member_can_see_that(
    service, person, landing, tag
):
    person("ann@example.org").upload(tag())
    mia = person("mia@example.org", role="manager")
    team = {
        "teams": [{"teamId": "core"}],
        "memberships": [{"userId": "ann@example.org", "teamId": "core"}],
        "managers": [{"userId": "mia@example.org", "teamId": "core"}],
    }
    assert mia.get("/api/v1/tags/ann@example.org").status_code == 404
    service.send("PUT", "/api/v1/directory", json=team)

    assert len(mia.get("/api/v1/tags/ann@example.org").json["tags"]) == 1

    landing.viewer_log.write()
    looks = landing.cursor().execute("select viewer, user_id, count from ops.viewer_log")
    assert looks.fetchall() == [("mia@example.org", "ann@example.org", 1)]


def test_an_admin_administers_but_does_not_read_peoples_tags(person, tag):
    person("ann@example.org").upload(tag())
    assert person("ada", role="admin").get("/api/v1/tags/ann@example.org").status_code == 404
