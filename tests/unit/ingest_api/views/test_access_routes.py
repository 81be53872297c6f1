"""Who gets an answer and who gets the 404 of an unknown id: route × role × whose."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from heat.vocabulary import Role

Get = Callable[..., Any]
DAY = date(2026, 11, 24)

PERSON = ("/dashboard/developer/{}", "/tags/{}/distribution")
TEAM = ("/dashboard/manager/{}", "/analytics/bus-factor/{}")
ANALYTICS = ("/dashboard/analytics/{}",)

WHO: dict[str, tuple[Role | None, str]] = {
    "a developer": (None, "ann"),
    "the manager": (None, "mia"),
    "another team's manager": (None, "max"),
    "a former manager": (None, "ola"),
    "an analyst": (Role.ANALYST, "joe"),
    "an admin": (Role.ADMIN, "joe"),
}

YES, NO = 200, 404
COLLEAGUE, ELSEWHERE, UNKNOWN = "cem", "gus", "nobody"

RIGHTS: list[tuple[tuple[str, ...], str, dict[str, int]]] = [
    (PERSON, "{own}", dict.fromkeys(WHO, YES)),
    (PERSON, COLLEAGUE, dict.fromkeys(WHO, NO) | {"the manager": YES}),
    (PERSON, ELSEWHERE, dict.fromkeys(WHO, NO) | {"another team's manager": YES}),
    # left core on 8 November: core's manager sees the days until then, web's those after
    (PERSON, "ida", dict.fromkeys(WHO, NO)
        | {"the manager": YES, "another team's manager": YES}),
    (PERSON, UNKNOWN, dict.fromkeys(WHO, NO)),
    (TEAM, "core", dict.fromkeys(WHO, NO) | {"the manager": YES}),
    (TEAM, "web", dict.fromkeys(WHO, NO) | {"another team's manager": YES}),
    (TEAM, UNKNOWN, dict.fromkeys(WHO, NO)),
    (ANALYTICS, "core", dict.fromkeys(WHO, NO) | {"the manager": YES, "an analyst": YES}),
    # three members are fewer than five
    (ANALYTICS, "web", dict.fromkeys(WHO, NO) | {"another team's manager": YES}),
    (ANALYTICS, "all", dict.fromkeys(WHO, NO) | {"an analyst": YES}),
    (ANALYTICS, UNKNOWN, dict.fromkeys(WHO, NO)),
]  # fmt: skip

CASES = [
    (route, whom, who, status)
    for routes, whom, statuses in RIGHTS
    for route in routes
    for who, status in statuses.items()
]


@pytest.fixture
def as_somebody(grant: Callable[[str, Role], None]) -> Callable[[str], str]:
    def become(who: str) -> str:
        role, user_id = WHO[who]
        if role is not None:
            grant(user_id, role)
        return user_id

    return become


@pytest.mark.parametrize("who", WHO)
def test_every_route_answers_whom_it_should_and_nobody_else(
    who: str, get: Get, as_somebody: Any, published: Any, tag: Any
) -> None:
    published(fct_tags=[tag(user, DAY) for user in ("ann", "ben", "ida", "gus")])
    by = as_somebody(who)
    wrong = {}
    for route, whom, asker, status in CASES:
        if asker == who:
            path = route.format(by if whom == "{own}" else whom)
            answered = get(path, by=by).status_code
            if answered != status:
                wrong[path] = answered
    assert wrong == {}


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/dashboard/developer/{}", "gus"),
        ("/tags/{}/distribution", "gus"),
        ("/frames/fct_tags?user={}", "gus"),
        ("/frames/fct_tags?team={}", "web"),
        ("/dashboard/manager/{}", "web"),
        ("/dashboard/analytics/{}", "web"),
        ("/analytics/bus-factor/{}", "web"),
    ],
)
def test_what_is_hidden_answers_exactly_as_what_is_not_there(
    path: str, hidden: str, get: Get
) -> None:
    answers = [get(path.format(whose), by="ann") for whose in (hidden, "nobody")]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = ({**answer.json, "requestId": None} for answer in answers)
    assert first == second


def test_a_developers_token_of_a_manager_reaches_their_own_rows_only(
    client: Any, home: Any, published: Any
) -> None:
    published()
    service = {"Authorization": f"Bearer {home.service_token()}"}
    made = client.post(
        "/api/v1/tokens", json={"userId": "mia", "role": "developer"}, headers=service
    )
    token = {"Authorization": f"Bearer {made.json['token']}"}
    assert client.get("/api/v1/dashboard/manager/core", headers=token).status_code == 404
    assert client.get("/api/v1/dashboard/developer/ann", headers=token).status_code == 404
    assert client.get("/api/v1/dashboard/developer/mia", headers=token).status_code == 200


def test_the_service_without_a_person_sees_nobody(client: Any, home: Any, published: Any) -> None:
    published()
    service = {"Authorization": f"Bearer {home.service_token()}"}
    for path in ("/dashboard/developer/ann", "/dashboard/manager/core", "/dashboard/analytics/all"):
        assert client.get(f"/api/v1{path}", headers=service).status_code == 404


def test_ids_are_compared_in_lower_case(get: Get, published: Any) -> None:
    published()
    assert get("/dashboard/developer/ANN", by="ann").json["userId"] == "ann"


def test_a_look_at_somebody_elses_rows_is_noted_and_one_at_oneself_is_not(
    get: Get, published: Any, landing: Any
) -> None:
    published()
    get("/dashboard/developer/ann", by="ann")
    get("/dashboard/developer/ben", by="mia")
    get("/dashboard/manager/core", by="mia")
    landing.viewer_log.write()
    looks = (
        landing.cursor()
        .execute("select viewer, user_id, what from ops.viewer_log where user_id in ('ann', 'ben')")
        .fetchall()
    )
    assert sorted(looks) == [
        ("mia", "ann", "/api/v1/dashboard/manager/core"),
        ("mia", "ben", "/api/v1/dashboard/developer/ben"),
        ("mia", "ben", "/api/v1/dashboard/manager/core"),
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-31", "from"),
        ("to=yesterday", "to"),
        ("from=2026-11-25&to=2026-11-01", "from"),
        ("from=2000-01-01", "from"),
        ("dateRange=2026-11-01", "dateRange"),
        ("dateRange=2026-11-01..2026-13-01", "dateRange"),
        ("dateRange=2026-11-01..2026-11-02&from=2026-11-01", "dateRange"),
        ("dateRange=2026-11-05..2026-11-02", "from"),
        ("form=2026-11-01", "form"),
        ("to=0001-01-05", "to"),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_its_field(
    query: str, field: str, get: Get, published: Any
) -> None:
    published()
    answer = get(f"/dashboard/developer/ann?{query}", by="ann")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_date_range_is_the_short_form_of_from_and_to(get: Get, published: Any) -> None:
    published()
    short = get("/dashboard/manager/core?dateRange=2026-11-02..2026-11-08", by="mia").json
    long = get("/dashboard/manager/core?from=2026-11-02&to=2026-11-08", by="mia").json
    assert short == long
    assert (short["from"], short["to"]) == ("2026-11-02", "2026-11-08")


def test_an_unchanged_dashboard_is_not_sent_twice(get: Get, published: Any) -> None:
    published()
    first = get("/dashboard/developer/ann", by="ann")
    again = get("/dashboard/developer/ann", by="ann", etag=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("change", ["a tag", "a snapshot", "the rights"])
def test_a_dashboard_is_sent_again_when_anything_behind_it_changed(
    change: str, get: Get, published: Any, say: Any, grant: Any
) -> None:
    published()
    etag = get("/dashboard/developer/ann", by="ann").headers["ETag"]
    if change == "a tag":
        say("ann", date(2026, 11, 25))
    elif change == "a snapshot":
        published()
    elif change == "the rights":
        grant("ann", Role.ANALYST)
    assert get("/dashboard/developer/ann", by="ann", etag=etag).status_code == 200


def test_an_etag_is_no_way_around_rights(get: Get, published: Any) -> None:
    published()
    etag = get("/dashboard/developer/ann", by="ann").headers["ETag"]
    assert get("/dashboard/developer/ann", by="ben", etag=etag).status_code == 404
    assert get("/dashboard/developer/ann", by="mia", etag=etag).status_code == 200


def test_frames_answer_with_the_contracts_columns_before_the_first_snapshot(get: Get) -> None:
    from heat.schema import MARTS

    for mart, columns in MARTS.items():
        answer = get(f"/frames/{mart}", by="ann")
        assert answer.status_code == 200
        table = pa.ipc.open_stream(answer.data).read_all()
        assert (table.column_names, table.num_rows) == (list(columns), 0)
