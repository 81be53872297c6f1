"""Tokens: made, shown once, capped by role and rights, revoked at once."""

from datetime import UTC, datetime, timedelta

import pytest


def test_a_token_is_shown_once_and_kept_only_as_a_hash(service, ann, landing):
    text = ann.token
    rows = landing.cursor().execute("select token_hash, prefix from ops.tokens").fetchall()
    assert len(rows) == 1
    assert text.split("_")[2] not in str(rows)
    assert text not in service.get("/api/v1/tokens").text
    assert rows[0][1] == text.split("_")[1]


def test_an_unknown_user_is_created_without_a_team(ann, landing):
    assert landing.directory.users["ann@example.org"].display_name == "ann@example.org"
    assert landing.directory.memberships_of("ann@example.org") == ()


def test_a_revoked_token_is_refused_at_its_next_request(ann):
    prefix = ann.token.split("_")[1]
    assert ann.get("/api/v1/me").status_code == 200
    assert ann.send("DELETE", f"/api/v1/tokens/{prefix}").status_code == 204
    assert ann.get("/api/v1/me").status_code == 401


def test_an_expired_token_is_refused(person, landing):
    ann = person(expiresInDays=1)
    assert ann.get("/api/v1/me").status_code == 200
    past = datetime.now(UTC) - timedelta(seconds=1)
    landing.change(lambda c, _: c.execute("update ops.tokens set expires_at = ?", [past]))
    assert ann.get("/api/v1/me").status_code == 401


def test_a_wrong_secret_with_a_known_prefix_is_refused(ann):
    ann.headers["Authorization"] = f"Bearer {ann.token[:-1]}{'A' if ann.token[-1] != 'A' else 'B'}"
    assert ann.get("/api/v1/me").status_code == 401


def test_tokens_survive_a_restart(settings, person):
    from ingest_api import create_app
    from ingest_api.landing import Landing

    ann = person()
    landing = ann.http.application.extensions["heat.landing"]
    landing.close()
    with Landing(settings.paths, settings.thresholds) as again:
        http = create_app(settings, again).test_client()
        assert http.get("/api/v1/me", headers=ann.headers).json["userId"] == "ann@example.org"


def test_last_use_is_written_at_most_once_a_minute(ann, landing):
    def commits():
        return landing.cursor().execute("select last_used_at from ops.tokens").fetchall()

    ann.get("/api/v1/me")
    first = commits()
    ann.get("/api/v1/me")
    assert first[0][0] is not None
    assert commits() == first


def test_a_developers_token_does_not_carry_a_managers_rights(service, person):
    mia = person("mia@example.org", role="developer")
    service.send(
        "PUT",
        "/api/v1/directory",
        json={
            "teams": [{"teamId": "core"}],
            "managers": [{"userId": "mia@example.org", "teamId": "core"}],
        },
    )
    assert mia.get("/api/v1/me").json["roles"] == ["developer"]
    wider = person("mia@example.org", role="manager")
    assert wider.get("/api/v1/me").json["roles"] == ["developer", "manager"]


def test_a_managers_token_of_nobodys_manager_is_a_developers(person):
    assert person(role="manager").get("/api/v1/me").json["roles"] == ["developer"]


def test_an_admins_token_grants_the_role_and_losing_it_takes_effect_at_once(person, landing):
    ada = person("ada", role="admin")
    assert ada.get("/api/v1/directory").status_code == 200
    landing.change(lambda c, _: c.execute("delete from ops.roles"))
    assert ada.get("/api/v1/directory").status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 201),
        ({"label": "laptop", "expiresInDays": 30}, 201),
        ({"scopes": ["extension"]}, 201),
        ({"userId": "bob@example.org"}, 403),
        ({"role": "admin"}, 403),
        ({"role": "service"}, 403),
        ({"role": "king"}, 400),
        ({"role": ["admin"]}, 400),
        ({"expiresInDays": 0}, 400),
        ({"expiresInDays": 1.5}, 400),
        ({"scopes": ["ingest:any"]}, 400),
        ({"scopes": "extension"}, 400),
        ({"label": "x" * 101}, 400),
        ({"userId": "no body"}, 400),
    ],
)
def test_a_developer_makes_tokens_for_themself_alone(ann, body, status):
    assert ann.send("POST", "/api/v1/tokens", json=body).status_code == status


def test_people_list_and_revoke_only_their_own_tokens(person):
    ann, bob = person("ann@example.org"), person("bob@example.org")
    listed = ann.get("/api/v1/tokens").json["tokens"]
    assert [each["userId"] for each in listed] == ["ann@example.org"]
    prefix = bob.token.split("_")[1]
    assert ann.send("DELETE", f"/api/v1/tokens/{prefix}").status_code == 404
    assert bob.get("/api/v1/me").status_code == 200


def test_an_extensions_token_makes_no_further_tokens(person):
    extension = person(scopes=["extension"])
    assert extension.send("POST", "/api/v1/tokens", json={}).status_code == 403


def test_the_service_speaks_for_a_person_with_that_persons_rights(service, ann, tag):
    ann.upload(tag())
    as_ann = {"Heat-On-Behalf-Of": "Ann@example.org"}
    assert service.get("/api/v1/me", headers=as_ann).json["userId"] == "ann@example.org"
    assert len(service.get("/api/v1/tags/ann@example.org", headers=as_ann).json["tags"]) == 1
    assert service.get("/internal/v1/head", headers=as_ann).status_code == 403
    assert service.get("/api/v1/directory", headers=as_ann).status_code == 403
    other = {"userId": "bob@example.org", "tags": [tag()]}
    answer = service.send("POST", "/api/v1/tags", json=other, headers=as_ann)
    assert answer.status_code == 403


def test_nobody_else_speaks_for_others(service, ann, person):
    person("bob@example.org")
    as_bob = {"Heat-On-Behalf-Of": "bob@example.org"}
    assert ann.get("/api/v1/me", headers=as_bob).status_code == 403
    unknown = {"Heat-On-Behalf-Of": "nobody@example.org"}
    assert service.get("/api/v1/me", headers=unknown).status_code == 403


def test_a_service_token_made_for_an_importer_may_send_anybodys_tags(person, tag):
    importer = person("importer", role="service")
    assert importer.verdicts(tag(), userId="ann@example.org") == ["stored"]
    narrow = person("importer", role="service", scopes=["ingest:any"])
    assert narrow.verdicts(tag(), userId="ann@example.org") == ["stored"]
    assert narrow.get("/internal/v1/head").status_code == 403
    assert narrow.get("/api/v1/directory").status_code == 403
