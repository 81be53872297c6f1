"""What every answer carries, what the log says, and how often one may ask."""

import json
import logging

import pytest

from ingest_api import limits
from ingest_api.journal import JsonLines


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/me", "/nowhere"])
def test_every_answer_has_a_request_id_and_safe_headers(ann, path):
    answer = ann.get(path)
    assert len(answer.headers["Heat-Request-Id"]) == 16
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Content-Security-Policy" in answer.headers


def test_health_needs_no_token_and_everything_else_does(service):
    assert service.http.get("/healthz").json == {"status": "ok"}
    assert service.http.get("/readyz").json == {"status": "ready"}
    for path in ("/api/v1/status", "/api/v1/tags/ann", "/internal/v1/head"):
        assert service.http.get(path).status_code == 401


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(ann):
    answer = ann.send("PUT", "/api/v1/tags")
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert "POST" in answer.headers["Allow"]


def test_the_log_names_no_titles_no_tokens_and_no_people(ann, tag, caplog):
    caplog.set_level(logging.INFO)
    ann.upload(tag(taskTitle="secret title"), tag(taskTitle="other secret", intensity=0))
    ann.get("/api/v1/tags/ann@example.org")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any(json.loads(line).get("route") == "/api/v1/tags/<user_id>" for line in lines)
    text = "\n".join(lines)
    assert "secret" not in text
    assert "ann@example.org" not in text
    assert ann.token.split("_")[2] not in text


def test_more_than_the_limit_is_answered_429_with_the_wait(settings, landing, monkeypatch, person):
    monkeypatch.setattr(limits, "REQUESTS", 3)
    ann, bob = person("ann"), person("bob")
    answers = [ann.get("/api/v1/me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].mimetype == "application/problem+json"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert bob.get("/api/v1/me").status_code == 200


def test_the_service_is_not_limited(service, monkeypatch):
    monkeypatch.setattr(limits, "REQUESTS", 3)
    assert {service.get("/internal/v1/head").status_code for _ in range(6)} == {200}


def test_status_shows_the_ledger_and_ones_own(ann, person, tag):
    ann.upload(tag(), tag(intensity=0))
    person("bob@example.org").upload(tag())
    status = ann.get("/api/v1/status").json
    assert status["ledger"] == {
        "received": 3,
        "stored": 2,
        "duplicates": 0,
        "conflicts": 0,
        "rejected": 1,
        "removed": 0,
        "residual": 0,
    }
    assert status["mine"]["received"] == 2
    assert status["snapshot"] is None
    assert status["seq"] == 2


def test_the_contract_is_public_and_names_every_public_address(service):
    described = service.http.get("/openapi.json").json
    paths = described["paths"]
    assert "/api/v1/tags/{user_id}" in paths
    assert not [path for path in paths if path.startswith("/internal/")]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    assert all(operation["summary"] for operation in operations)
    assert paths["/api/v1/tags"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ] == {"$ref": "#/components/schemas/Upload"}
