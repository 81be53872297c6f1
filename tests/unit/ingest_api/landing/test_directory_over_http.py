"""The directory: merged by id, checked as a whole, refused by field."""

import pytest

TEAMS = [{"teamId": "core", "name": "Core"}, {"teamId": "web"}]


@pytest.fixture
def put(service):
    def put(query="", **body):
        return service.send("PUT", f"/api/v1/directory{query}", json=body)

    return put


def test_what_is_put_is_read_back_and_the_rest_stays(put, service):
    put(
        users=[{"userId": "Ann", "displayName": "Ann Lee", "timezone": "Europe/Berlin"}],
        teams=TEAMS,
        memberships=[{"userId": "ann", "teamId": "core", "fromDay": "2026-01-01"}],
        holidays=[{"teamId": "core", "day": "2026-12-25", "name": "Christmas"}],
        areaRules=[
            {"teamId": "core", "position": 1, "field": "task", "pattern": "DB-.*", "area": "db"}
        ],
        daysOff=[{"userId": "ann", "day": "2026-11-30"}],
    )
    put(users=[{"userId": "ann", "email": "ann@example.org"}, {"userId": "bob"}])

    whole = service.get("/api/v1/directory").json
    assert whole["users"] == [
        {
            "userId": "ann",
            "displayName": "Ann Lee",
            "timezone": "Europe/Berlin",
            "email": "ann@example.org",
        },
        {"userId": "bob", "displayName": "bob", "timezone": None, "email": None},
    ]
    assert whole["teams"][1] == {
        "teamId": "web",
        "name": "web",
        "timezone": "UTC",
        "visibility": "named",
    }
    assert whole["memberships"] == [
        {"userId": "ann", "teamId": "core", "fromDay": "2026-01-01", "toDay": None}
    ]
    assert whole["holidays"][0]["name"] == "Christmas"
    assert whole["areaRules"][0]["pattern"] == "DB-.*"
    assert whole["daysOff"] == [{"userId": "ann", "day": "2026-11-30"}]


def test_what_is_read_can_be_put_back_without_a_change(put, service):
    put(teams=TEAMS, memberships=[{"userId": "ann", "teamId": "core"}])
    whole = service.get("/api/v1/directory").json
    answer = put(**whole).json
    assert answer["configVersion"] == whole["configVersion"]
    assert {n for change in answer["changes"].values() for n in change.values()} == {0}


def test_a_dry_run_says_what_would_change_and_changes_nothing(put, landing):
    version = landing.directory.version
    answer = put("?dryRun=true", teams=TEAMS).json
    assert answer["changes"]["teams"] == {"added": 2, "changed": 0, "removed": 0}
    assert landing.directory.teams == {}
    assert landing.directory.version == version


def test_a_manager_who_is_not_among_the_users_is_created(put, landing):
    put(teams=TEAMS, managers=[{"userId": "mia", "teamId": "core"}])
    assert "mia" in landing.directory.users


def test_a_membership_ends_by_naming_it_again_with_its_last_day(put, landing):
    put(teams=TEAMS, memberships=[{"userId": "ann", "teamId": "core"}])
    answer = put(
        memberships=[
            {"userId": "ann", "teamId": "core", "toDay": "2026-06-30"},
            {"userId": "ann", "teamId": "web", "fromDay": "2026-07-01"},
        ]
    )
    assert answer.status_code == 200
    assert [span.team_id for span in landing.directory.memberships_of("ann")] == ["core", "web"]


@pytest.mark.parametrize(
    "memberships",
    [
        [{"teamId": "core"}, {"teamId": "web"}],
        [{"teamId": "core", "toDay": "2026-06-30"}, {"teamId": "web", "fromDay": "2026-06-30"}],
        [{"teamId": "web", "fromDay": "2030-01-01"}, {"teamId": "core"}],
    ],
)
def test_memberships_that_overlap_are_refused(put, landing, memberships):
    answer = put(teams=TEAMS, memberships=[{"userId": "ann", **each} for each in memberships])
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "memberships[1]"
    assert landing.directory.teams == {}


def test_a_membership_that_overlaps_a_stored_one_is_refused(put):
    put(teams=TEAMS, memberships=[{"userId": "ann", "teamId": "core"}])
    answer = put(memberships=[{"userId": "ann", "teamId": "web"}])
    assert answer.status_code == 400
    assert "core" in answer.json["errors"][0]["reason"]


RULE = {"teamId": "core", "position": 1, "field": "task", "pattern": "x", "area": "a"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"users": [{"userId": "a b"}]}, "users[0].userId"),
        ({"users": [{"userId": "a", "timezone": "Mars/Base"}]}, "users[0].timezone"),
        ({"users": [{"userId": "a", "timezone": "../etc/passwd"}]}, "users[0].timezone"),
        ({"users": [{"userId": "a", "displayName": 3}]}, "users[0].displayName"),
        ({"users": [{"userId": "a", "displayName": "\ud800"}]}, "users[0].displayName"),
        ({"users": {"a": 1}}, "users"),
        ({"users": ["a"]}, "users[0]"),
        ({"people": []}, "people"),
        ({"teams": [{"teamId": ""}]}, "teams[0].teamId"),
        ({"teams": [{"teamId": "all"}]}, "teams[0].teamId"),
        ({"teams": [{"teamId": "a", "visibility": "secret"}]}, "teams[0].visibility"),
        ({"teams": [{"teamId": "a", "visibility": []}]}, "teams[0].visibility"),
        ({"memberships": [{"userId": "a", "teamId": "nowhere"}]}, "memberships[0].teamId"),
        (
            {"memberships": [{"userId": "a", "teamId": "core", "fromDay": "1.1.26"}]},
            "memberships[0].fromDay",
        ),
        (
            {
                "memberships": [
                    {
                        "userId": "a",
                        "teamId": "core",
                        "fromDay": "2026-02-01",
                        "toDay": "2026-01-01",
                    }
                ]
            },
            "memberships[0].toDay",
        ),
        ({"holidays": [{"teamId": "core", "name": "x"}]}, "holidays[0].day"),
        ({"areaRules": [{**RULE, "pattern": "("}]}, "areaRules[0].pattern"),
        ({"areaRules": [{**RULE, "pattern": "(?=look)ahead"}]}, "areaRules[0].pattern"),
        ({"areaRules": [{**RULE, "field": "mood"}]}, "areaRules[0].field"),
        ({"areaRules": [{**RULE, "position": "1"}]}, "areaRules[0].position"),
        ({"areaRules": [{**RULE, "area": ""}]}, "areaRules[0].area"),
        ({"daysOff": [{"userId": "a"}]}, "daysOff[0].day"),
    ],
)
def test_a_directory_that_cannot_be_is_refused_by_field_and_written_not_at_all(
    put, landing, body, field
):
    put(teams=TEAMS)
    version = landing.directory.version
    answer = put(**{"teams": [{"teamId": "new"}], **body})
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json["errors"]]
    assert landing.directory.version == version


def test_the_directory_is_for_administrators(ann, person):
    assert ann.get("/api/v1/directory").status_code == 403
    assert ann.send("PUT", "/api/v1/directory", json={}).status_code == 403
    assert person("ada", role="admin").get("/api/v1/directory").status_code == 200


def test_thresholds_are_read_by_all(ann, put):
    put(teams=TEAMS)
    answer = ann.get("/api/v1/config/thresholds?teamId=core").json
    assert answer["thresholds"]["streak.warningDays"] == 3
    assert ann.get("/api/v1/config/thresholds?teamId=nowhere").status_code == 404
