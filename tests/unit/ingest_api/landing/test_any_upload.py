"""Whatever is sent: no 5xx, a verdict for each tag, and a ledger that closes."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_texts = st.text('aÄ🔥 \0\ud800\n"', max_size=20)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | _texts
    | st.sampled_from(["Feature", "Bug", 1_764_000_000_000, 5, "ann@example.org"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=6,
)
_fields = (
    "tagId", "id", "userId", "taskId", "taskScope", "taskTitle", "workType", "intensity",
    "timestamp", "tzOffsetMin", "labels", "area", "source",
)  # fmt: skip
_valid: dict[str, st.SearchStrategy[Any]] = {
    "taskId": st.sampled_from(["HEAT-1", "#7"]),
    "workType": st.sampled_from(["Feature", "Blocker"]),
    "intensity": st.integers(1, 10),
    "timestamp": st.integers(1_795_000_000_000, 1_795_600_000_000),
}
_nearly = st.fixed_dictionaries(
    {
        name: strategy | (_json if name == "intensity" else strategy)
        for name, strategy in _valid.items()
    },
    optional={name: _json for name in _fields if name not in _valid},
)
_tags = _nearly | st.dictionaries(st.sampled_from(_fields), _json) | _json
_bodies = st.fixed_dictionaries(
    {"tags": st.lists(_tags, max_size=6) | _json}, optional={"userId": _json}
)


@pytest.fixture
def service_without_retention(monkeypatch):
    monkeypatch.setenv("HEAT_THRESHOLDS__RETENTION__DAYS", "0")


@given(body=_bodies)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_body_gets_verdicts_or_a_4xx(service_without_retention, ann, residual, body):
    answer = ann.send("POST", "/api/v1/tags", data=json.dumps(body))

    assert answer.status_code < 500
    if "results" in answer.json:
        assert len(answer.json["results"]) == len(body["tags"])
        counted = sum(answer.json[name] for name in ("accepted", "conflicts", "rejected"))
        assert counted == len(body["tags"])
    assert residual() == 0


@given(raw=st.binary(max_size=200))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_get_a_4xx(ann, raw):
    assert 400 <= ann.send("POST", "/api/v1/tags", data=raw).status_code < 500
