"""The manager view: attention order, days of the team only, owners, and no name of an aggregate."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from ingest_api.landing.directory_changes import writing
from ingest_api.views.bus_factor import BusFactorView
from ingest_api.views.manager import ManagerView
from ingest_api.views.sources import Question

Ask = Callable[[str], AbstractContextManager[Question]]
TODAY = date(2026, 11, 25)
YESTERDAY = TODAY - timedelta(days=1)
LAST_WEEK = [date(2026, 11, 16) + timedelta(days=i) for i in range(5)]


@pytest.fixture
def view(asking: Ask) -> Callable[..., dict[str, Any]]:
    def view(team_id: str = "core", *, by: str = "mia", **asked: str) -> dict[str, Any]:
        with asking(by) as question:
            return ManagerView(question, team_id, asked).answer()

    return view


@pytest.fixture
def aggregate(landing: Any) -> None:
    team = {"teamId": "core", "name": "Core Team", "timezone": "UTC", "visibility": "aggregate"}
    landing.change(writing({"teams": [team]}, "test"))


def everything_said(tag: Any, streak: Any) -> dict[str, Any]:
    """Marts in which every person of core leaves a trace."""
    people = ("ann", "ben", "cem", "dia", "eva", "fay")
    return {
        "fct_tags": [tag(user, day, intensity=6) for user in people for day in LAST_WEEK],
        "fct_streaks": [streak(user, LAST_WEEK[-1]) for user in people],
        "fct_attention": [
            {"team_id": "core", "user_id": user, "rank": rank, "critical_conditions": 0,
             "warning_conditions": 0, "recent_total": 30}
            for rank, user in enumerate(people, 1)
        ],
        "fct_alert_conditions": [
            {"fingerprint": user, "type": "overload", "severity": "warning", "user_id": user,
             "team_id": "core", "message": f"{user} is hot", "value": 2.0}
            for user in people
        ],
        "fct_bus_factor": [
            {"area": "HEAT", "team_id": "core", "window_index": 0, "window_start": TODAY,
             "window_end": TODAY, "total_intensity": 180, "tag_count": 30, "people": 6,
             "bus_factor": 4, "top_owner": "ann", "top_share": 0.2, "hhi": 0.2,
             "is_at_risk": False}
        ],
        "fct_area_ownership": [
            {"area": "HEAT", "window_index": 0, "user_id": user, "team_id": "core",
             "intensity": 30, "share": 1 / 6, "rank": rank}
            for rank, user in enumerate(people, 1)
        ],
    }  # fmt: skip


def strings_in(value: Any) -> set[str]:
    """Every text anywhere in an answer, keys included."""
    if isinstance(value, dict):
        return set(value) | {text for part in value.values() for text in strings_in(part)}
    if isinstance(value, list):
        return {text for part in value for text in strings_in(part)}
    return {value} if isinstance(value, str) else set()


def test_before_the_first_snapshot_everything_is_empty(view: Any) -> None:
    answer = view()
    assert answer["asOf"] is None
    assert [answer[part] for part in ("members", "streaks", "alerts", "busFactors")] == [[]] * 4


def test_members_come_in_attention_order_and_those_without_rows_last_by_id(
    view: Any, published: Any
) -> None:
    published(
        fct_attention=[
            {"team_id": "core", "user_id": "eva", "rank": 1, "critical_conditions": 1,
             "warning_conditions": 0, "load_ratio": 1.4, "recent_total": 90},
            {"team_id": "core", "user_id": "ben", "rank": 2, "critical_conditions": 0,
             "warning_conditions": 1, "recent_total": 40},
        ]
    )  # fmt: skip
    members = view()["members"]
    # ida left within the period and stays listed for the days before
    assert [m["userId"] for m in members] == ["eva", "ben", "ann", "cem", "dia", "fay", "ida"]
    assert (members[0]["loadRatio"], members[0]["criticalConditions"]) == (1.4, 1)
    assert members[-1]["rank"] is None


def test_a_member_is_seen_on_the_days_of_the_team_only(view: Any, published: Any, tag: Any) -> None:
    published(
        fct_tags=[
            tag("ben", date(2026, 11, 1), team_id="web"),
            tag("ben", date(2026, 11, 2)),
            tag("ida", date(2026, 11, 8)),
            tag("ida", date(2026, 11, 9), team_id="web"),
        ],
        rest_days=[("ben", date(2026, 11, 1)), ("ida", date(2026, 11, 8))],
    )
    members = {member["userId"]: member for member in view()["members"]}
    assert [day["date"] for day in members["ben"]["days"]] == ["2026-11-02"]
    assert [day["date"] for day in members["ida"]["days"]] == ["2026-11-08"]
    assert (members["ben"]["restDays"], members["ida"]["restDays"]) == ([], ["2026-11-08"])


def test_who_left_is_not_ranked_and_has_no_alert_any_more(view: Any, published: Any) -> None:
    published(
        fct_attention=[
            {"team_id": "core", "user_id": "ida", "rank": 1, "critical_conditions": 1,
             "warning_conditions": 0, "recent_total": 90},
        ],
        fct_alert_conditions=[
            {"fingerprint": "a", "type": "overload", "severity": "warning", "user_id": "ida",
             "team_id": "core", "message": "hot days", "value": 2.0},
        ],
    )  # fmt: skip
    answer = view()
    assert answer["alerts"] == []
    assert {member["rank"] for member in answer["members"]} == {None}


def test_a_manager_who_took_over_later_does_not_see_the_days_before(
    view: Any, published: Any, tag: Any, edit: Any
) -> None:
    edit("update ops.team_managers set from_day = '2026-11-18' where user_id = 'mia'")
    published(fct_tags=[tag("ann", day) for day in LAST_WEEK])
    ann = next(member for member in view()["members"] if member["userId"] == "ann")
    assert [day["date"] for day in ann["days"]] == ["2026-11-18", "2026-11-19", "2026-11-20"]


def test_streaks_and_alerts_carry_names(view: Any, published: Any, streak: Any) -> None:
    published(
        fct_streaks=[streak("ann", YESTERDAY, 5)],
        fct_alert_conditions=[
            {"fingerprint": "a", "type": "pain_streak", "severity": "warning", "user_id": "ann",
             "team_id": "core", "message": "long", "value": 3.0},
            {"fingerprint": "b", "type": "pain_streak", "severity": "critical", "user_id": "ben",
             "team_id": "core", "message": "longer", "value": 5.0},
            {"fingerprint": "c", "type": "spike", "severity": "warning", "team_id": "core",
             "work_type": "Config", "week_start": date(2026, 11, 23), "message": "up",
             "value": 30.0},
        ],
    )  # fmt: skip
    answer = view()
    assert answer["streaks"][0]["displayName"] == "Ann Name"
    assert [alert["displayName"] for alert in answer["alerts"]] == ["Ben Name", None, "Ann Name"]
    assert answer["alerts"][1]["weekStart"] == "2026-11-23"


def test_coverage_of_the_team_counts_people_and_names_nobody(
    view: Any, published: Any, tag: Any
) -> None:
    published(fct_tags=[tag("ann", YESTERDAY), tag("ben", YESTERDAY)])
    # seven belonged to it in the period: ida until 8 November
    assert view()["coverage"] == {"tagged": 2, "members": 7}


def test_a_team_too_small_to_speak_of_has_no_coverage(view: Any, published: Any) -> None:
    published()
    assert view("web", by="max")["coverage"] is None


def test_habit_counts_critical_days_among_tagged_ones(view: Any, published: Any, tag: Any) -> None:
    published(fct_tags=[tag("ann", YESTERDAY, intensity=30), tag("ben", YESTERDAY, intensity=3)])
    assert view()["habit"] == {"criticalDays": 1, "taggedDays": 2}


def test_owners_outside_the_viewers_teams_are_one_row_without_a_name(
    view: Any, published: Any
) -> None:
    owners = [("gus", "web", 60), ("ann", "core", 30), ("hal", "web", 10)]
    published(
        fct_bus_factor=[
            {"area": "PAY", "team_id": "web", "window_index": 0, "window_start": TODAY,
             "window_end": TODAY, "total_intensity": 100, "tag_count": 20, "people": 3,
             "bus_factor": 1, "top_owner": "gus", "top_share": 0.6, "hhi": 0.46,
             "is_at_risk": True},
        ],
        fct_area_ownership=[
            {"area": "PAY", "window_index": 0, "user_id": user, "team_id": team,
             "intensity": intensity, "share": intensity / 100, "rank": rank}
            for rank, (user, team, intensity) in enumerate(owners, 1)
        ],
    )  # fmt: skip
    (area,) = view()["busFactors"]
    assert (area["topOwner"], area["topOwnerName"]) == (None, "another team")
    assert [(o["userId"], o["displayName"], o["intensity"]) for o in area["owners"]] == [
        ("ann", "Ann Name", 30),
        (None, "another team", 70),
    ]
    assert area["owners"][1]["share"] == pytest.approx(0.7)


def test_areas_at_risk_come_first_and_foreign_areas_not_at_all(view: Any, published: Any) -> None:
    areas = [("CALM", 500, False, "core"), ("RISK", 50, True, "core"), ("ALIEN", 900, True, "web")]
    published(
        fct_bus_factor=[
            {"area": area, "team_id": team, "window_index": 0, "window_start": TODAY,
             "window_end": TODAY, "total_intensity": total, "tag_count": 20, "people": 1,
             "bus_factor": 1, "top_owner": "ann", "top_share": 1.0, "hhi": 1.0,
             "is_at_risk": risk}
            for area, total, risk, team in areas
        ],
        fct_area_ownership=[
            {"area": area, "window_index": 0, "user_id": "ann", "team_id": team,
             "intensity": total, "share": 1.0, "rank": 1}
            for area, total, _, team in areas
        ],
    )  # fmt: skip
    assert [area["area"] for area in view()["busFactors"]] == ["RISK", "CALM"]


def test_the_bus_factor_of_an_older_window_is_asked_for_by_index_or_by_period(
    asking: Ask, published: Any
) -> None:
    published(
        fct_bus_factor=[
            {"area": "HEAT", "team_id": "core", "window_index": index, "window_start": end,
             "window_end": end, "total_intensity": 10 + index, "tag_count": 20, "people": 1,
             "bus_factor": 1, "top_owner": "ann", "top_share": 1.0, "hhi": 1.0,
             "is_at_risk": False}
            for index, end in enumerate([TODAY, TODAY - timedelta(days=90)])
        ],
        fct_area_ownership=[
            {"area": "HEAT", "window_index": index, "user_id": "ann", "team_id": "core",
             "intensity": 10, "share": 1.0, "rank": 1}
            for index in (0, 1)
        ],
    )  # fmt: skip

    def windows(**asked: str) -> list[int]:
        with asking("mia") as question:
            areas = BusFactorView(question, "core", asked).answer()["areas"]
        return [area["windowIndex"] for area in areas]

    assert windows() == [0]
    assert windows(window="1") == [1]
    assert windows(**{"from": "2026-08-01", "to": "2026-08-31"}) == [1]
    assert windows(**{"from": "2026-01-01"}) == [0, 1]


@pytest.mark.usefixtures("aggregate")
def test_an_aggregate_team_shows_no_id_and_no_name_of_a_person(
    view: Any, published: Any, tag: Any, streak: Any, get: Any
) -> None:
    published(**everything_said(tag, streak))
    secrets = {user + end for user in ("ann", "ben", "cem", "dia", "eva", "fay") for end in ("",)}
    secrets |= {f"{user.capitalize()} Name" for user in secrets} | {"HEAT-1", "HEAT-42"}
    for path in ("/dashboard/manager/core", "/analytics/bus-factor/core"):
        said = strings_in(get(path, by="mia").json)
        assert not [text for text in said if any(secret in text.split() for secret in secrets)]
    assert view()["groupDays"]


@pytest.mark.usefixtures("aggregate")
def test_an_aggregate_team_shows_whole_weeks_of_enough_people(
    view: Any, published: Any, tag: Any
) -> None:
    published(
        fct_tags=[
            # the week of the 16th: five people; that of the 9th: four; this week is not over
            *(tag(user, LAST_WEEK[0], intensity=30) for user in ("ann", "ben", "cem", "dia")),
            tag("eva", LAST_WEEK[1], intensity=2),
            *(tag(user, date(2026, 11, 10)) for user in ("ann", "ben", "cem", "dia")),
            *(tag(user, YESTERDAY) for user in ("ann", "ben", "cem", "dia", "eva")),
        ]
    )
    answer = view()
    assert answer["groupDays"] == [
        {"weekStart": "2026-11-16", "people": 5, "totalIntensity": 122, "tagCount": 5,
         "taggedDays": 5, "criticalDays": 4},
    ]  # fmt: skip
    assert answer["habit"] == {"criticalDays": 4, "taggedDays": 5}
    assert view(**{"from": "2026-11-17", "to": "2026-11-25"})["groupDays"] == []


@pytest.mark.usefixtures("aggregate")
@pytest.mark.parametrize("path", ["/dashboard/developer/ann", "/tags/ann/distribution",
                                  "/frames/fct_tags?user=ann"])  # fmt: skip
def test_a_member_of_an_aggregate_team_is_not_found_by_the_manager(
    path: str, get: Any, published: Any
) -> None:
    published()
    assert get(path, by="mia").status_code == 404
