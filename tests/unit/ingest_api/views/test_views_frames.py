"""Frames: each mart's rows for each viewer, never one row more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from heat.schema import MARTS
from heat.vocabulary import Role
from ingest_api.landing.directory_changes import writing
from ingest_api.views.frame_rows import SCHEMAS

CORE = ("ann", "ben", "cem", "dia", "eva", "fay")
WEB = ("gus", "hal")
MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 25)


@pytest.fixture
def frame(get: Any) -> Callable[..., list[dict[str, Any]]]:
    def frame(mart: str, *, by: str, query: str = "") -> list[dict[str, Any]]:
        answer = get(f"/frames/{mart}?{query}", by=by)
        assert answer.status_code == 200, answer.json
        table = pa.ipc.open_stream(answer.data).read_all()
        assert table.schema == SCHEMAS[mart]
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows

    return frame


@pytest.fixture
def company(published: Any, tag: Any, streak: Any) -> None:
    """Every mart has rows of core, of web, and of ida before and after her change of team."""
    tags = [tag(user, MONDAY, labels=["SQL"]) for user in CORE]
    tags += [tag(user, MONDAY, team_id="web", labels=["SQL"]) for user in WEB]
    tags += [tag("ida", date(2026, 11, 6), labels=["UI"]), tag("ida", MONDAY, team_id="web")]
    people = [(user, "core") for user in CORE] + [(user, "web") for user in (*WEB, "ida")]
    areas = {"HEAT": (CORE, "core"), "PAY": (WEB, "web")}
    published(
        fct_tags=tags,
        fct_streaks=[streak(user, MONDAY, team_id=team) for user, team in people],
        fct_load=[{"user_id": user, "local_day": MONDAY, "load": 5.0} for user, _ in people],
        fct_attention=[
            {"team_id": team, "user_id": user, "rank": 1, "critical_conditions": 0,
             "warning_conditions": 0, "recent_total": 5}
            for user, team in people
        ],
        fct_alert_conditions=[
            *({"fingerprint": user, "type": "overload", "severity": "warning", "user_id": user,
               "team_id": team, "message": "hot", "value": 2.0} for user, team in people),
            {"fingerprint": "s", "type": "spike", "severity": "warning", "team_id": "core",
             "message": "up", "value": 2.0},
        ],
        fct_bus_factor=[
            {"area": area, "team_id": team, "window_index": 0,
             "window_start": TODAY - timedelta(days=89), "window_end": TODAY,
             "total_intensity": 30, "tag_count": 6, "people": len(owners), "bus_factor": 1,
             "top_owner": owners[0], "top_share": 0.6, "hhi": 0.4, "is_at_risk": True}
            for area, (owners, team) in areas.items()
        ],
        fct_area_ownership=[
            {"area": area, "window_index": 0, "user_id": user, "team_id": team, "intensity": 5,
             "share": 0.1, "rank": rank}
            for area, (owners, team) in areas.items()
            for rank, user in enumerate(owners, 1)
        ],
        dim_users=[
            {"user_id": user, "display_name": user, "team_id": team, "timezone": "UTC"}
            for user, team in people
        ],
        dim_teams=[
            {"team_id": team, "name": team, "timezone": "UTC", "visibility": "named",
             "members": 6}
            for team in ("core", "web")
        ],
        dim_thresholds=[
            {"team_id": team, "key": "streak.warningDays", "value": "3"}
            for team in ("default", "core", "web")
        ],
    )  # fmt: skip


PERSONAL = [mart for mart, columns in MARTS.items() if "user_id" in columns]
PAST = {"fct_tags", "fct_daily_intensity", "fct_label_intensity"}
"""Marts in which ida has a row of her days in core."""


def people_in(rows: list[dict[str, Any]]) -> set[str]:
    named = {row.get(column) for row in rows for column in ("user_id", "top_owner")}
    return {user for user in named if user is not None}


@pytest.fixture
def every_mart(frame: Any) -> Callable[..., dict[str, list[dict[str, Any]]]]:
    def every_mart(*, by: str) -> dict[str, list[dict[str, Any]]]:
        return {mart: frame(mart, by=by) for mart in MARTS}

    return every_mart


@pytest.mark.usefixtures("company")
def test_a_developer_gets_their_own_rows(every_mart: Any) -> None:
    for mart, rows in every_mart(by="ann").items():
        # a rank compares with others, so it is the manager's alone
        own = {"ann"} if mart in PERSONAL and mart != "fct_attention" else set()
        assert people_in(rows) == own, mart


@pytest.mark.usefixtures("company")
def test_a_manager_gets_the_rows_of_the_members(every_mart: Any) -> None:
    for mart, rows in every_mart(by="mia").items():
        if mart in PERSONAL:
            assert people_in(rows) == {*CORE, *({"ida"} if mart in PAST else ())}, mart


@pytest.mark.usefixtures("company")
def test_a_person_who_changed_teams_is_seen_on_the_days_of_each(frame: Any) -> None:
    by_core = frame("fct_tags", by="mia", query="user=ida")
    by_web = frame("fct_tags", by="max", query="user=ida")
    assert [row["local_day"] for row in by_core] == [date(2026, 11, 6)]
    assert [row["local_day"] for row in by_web] == [MONDAY]


@pytest.mark.usefixtures("company")
def test_an_admin_gets_no_row_of_anybody(every_mart: Any, grant: Any) -> None:
    grant("joe", Role.ADMIN)
    answers = every_mart(by="joe")
    assert {row["team_id"] for row in answers.pop("dim_thresholds")} == {"default"}
    assert [mart for mart, rows in answers.items() if rows] == []


@pytest.mark.usefixtures("company")
def test_an_analyst_gets_groups_of_large_teams_and_nobody(every_mart: Any, grant: Any) -> None:
    grant("joe", Role.ANALYST)
    large = {"fct_weekly_trends", "fct_shadow_work", "fct_bus_factor", "dim_teams"}
    for mart, rows in every_mart(by="joe").items():
        assert people_in(rows) == set(), mart
        assert "web" not in {row.get("team_id") for row in rows}, mart
        assert bool(rows) == (mart in large | {"dim_thresholds"}), mart


@pytest.mark.usefixtures("company")
def test_the_manager_of_an_aggregate_team_gets_no_row_of_a_member(
    every_mart: Any, landing: Any
) -> None:
    team = {"teamId": "core", "name": "Core", "timezone": "UTC", "visibility": "aggregate"}
    landing.change(writing({"teams": [team]}, "test"))
    for mart, rows in every_mart(by="mia").items():
        assert people_in(rows) == set(), mart


@pytest.mark.usefixtures("company")
def test_an_owner_who_left_the_viewers_teams_is_not_named(frame: Any, edit: Any) -> None:
    (area,) = frame("fct_bus_factor", by="max")
    assert (area["area"], area["top_owner"]) == ("PAY", "gus")
    edit("update ops.memberships set to_day = '2026-11-01' where user_id = 'gus'")
    (area,) = frame("fct_bus_factor", by="max")
    assert area["top_owner"] is None


@pytest.mark.usefixtures("company")
def test_filters_narrow(frame: Any) -> None:
    assert {row["user_id"] for row in frame("fct_load", by="mia", query="user=ben")} == {"ben"}
    assert frame("fct_tags", by="mia", query="to=2026-11-10")[0]["user_id"] == "ida"
    assert frame("fct_tags", by="ann", query="dateRange=2026-11-17..2026-11-30") == []
    assert frame("fct_weekly_trends", by="mia", query="from=2026-11-23") == []
    assert len(frame("fct_tags", by="ida")) == 2
    assert [row["team_id"] for row in frame("fct_tags", by="ida", query="team=core")] == ["core"]


@pytest.mark.usefixtures("company")
def test_moments_are_in_utc(frame: Any) -> None:
    assert frame("fct_tags", by="ann")[0]["tagged_at"].utcoffset() == timedelta(0)


def test_an_unknown_mart_names_those_there_are(get: Any) -> None:
    answer = get("/frames/fct_secrets", by="ann")
    assert answer.status_code == 404
    assert "fct_tags" in answer.json["detail"]


@pytest.mark.usefixtures("company")
def test_reading_members_rows_is_noted_for_them(frame: Any, landing: Any) -> None:
    frame("fct_load", by="mia", query="user=ben")
    landing.viewer_log.write()
    looks = landing.cursor().execute("select viewer, user_id, what from ops.viewer_log").fetchall()
    assert looks == [("mia", "ben", "/api/v1/frames/fct_load")]
