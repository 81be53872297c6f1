"""Reshaping of the API's answers: what a cell says, in which order things stand."""

from datetime import date
from typing import Any

import polars as pl

from analytics_app import frames
from analytics_app import weeks as week_frames
from analytics_app.theme import NOT_KEPT, NOT_TAGGED, REST_DAY


def answer(**more: Any) -> dict[str, Any]:
    """Monday 16 to Sunday 22 November, tagged on the Tuesday and on the Saturday."""
    tuesday = {"date": "2026-11-17", "totalIntensity": 3, "color": "cool", "tagCount": 1}
    saturday = {"date": "2026-11-21", "totalIntensity": 31, "color": "critical", "tagCount": 5}
    return {
        "from": "2026-11-16",
        "to": "2026-11-22",
        "days": [tuesday, saturday],
        "restDays": ["2026-11-21", "2026-11-22"],
        "keptFrom": "2026-11-17",
        **more,
    }


def states(cells: pl.DataFrame) -> dict[str, str]:
    return dict(zip(cells["iso"], cells["state"], strict=True))


def test_every_kind_of_empty_day_has_a_state_of_its_own() -> None:
    cells = states(frames.calendar_days(answer(), selected=None))
    assert cells["2026-11-16"] == NOT_KEPT
    assert cells["2026-11-17"] == "cool"
    assert cells["2026-11-18"] == NOT_TAGGED
    assert cells["2026-11-22"] == REST_DAY


def test_a_tagged_rest_day_keeps_its_band_and_says_so() -> None:
    cells = frames.calendar_days(answer(), selected=None)
    saturday = cells.filter(pl.col("iso") == "2026-11-21").row(0, named=True)
    assert saturday["state"] == "critical"
    assert saturday["text"] == "31"
    assert saturday["note"] == "tagged on a rest day"


def test_no_day_of_the_range_is_missing_across_a_clock_change() -> None:
    cells = frames.calendar_days(
        answer(**{"from": "2026-03-23", "to": "2026-04-05", "keptFrom": None, "days": []}),
        selected=None,
    )
    assert cells.height == 14
    assert cells["iso"].n_unique() == 14


def test_weeks_before_the_first_tag_are_left_out_of_a_long_calendar() -> None:
    cells = frames.calendar_days(answer(**{"from": "2025-11-23", "keptFrom": None}), selected=None)
    assert cells["iso"].min() == "2026-08-24"


def test_weeks_that_are_no_longer_kept_are_not_left_out() -> None:
    cells = frames.calendar_days(
        answer(**{"from": "2026-01-01", "keptFrom": "2026-11-17"}), selected=None
    )
    assert cells["iso"].min() == "2026-01-01"


def test_the_selected_day_alone_has_the_edge_of_a_selection() -> None:
    cells = frames.calendar_days(answer(), selected=date(2026, 11, 18))
    assert cells.filter(pl.col("edge") == "selected")["iso"].to_list() == ["2026-11-18"]


def test_members_stay_in_the_order_of_the_api() -> None:
    members = [
        {"userId": u, "displayName": n, "days": [], "restDays": []}
        for u, n in (("z", "Zoe"), ("a", "Kim"), ("b", "Kim"))
    ]
    cells = frames.team_cells(answer(members=members), selected=None)
    names = cells["member"].unique(maintain_order=True).to_list()
    assert names == ["Zoe", "Kim (a)", "Kim (b)"]


def area(name: str, owners: dict[str | None, int], *, risk: bool = False) -> dict[str, Any]:
    total = sum(owners.values())
    return {
        "area": name,
        "busFactor": 1 if risk else 2,
        "isAtRisk": risk,
        "owners": [
            {"userId": u, "displayName": u or "another team", "intensity": v, "share": v / total}
            for u, v in owners.items()
        ],
    }


def test_people_outside_the_team_stand_last_in_the_matrix() -> None:
    cells = frames.ownership_cells([area("web/cart", {None: 90, "bo": 5, "ann": 9})])
    assert cells["person"].unique(maintain_order=True).to_list() == ["ann", "bo", "another team"]


def test_areas_at_risk_stand_first_then_what_the_team_carries() -> None:
    areas = [area("a", {"ann": 1}), area("b", {"ann": 50}), area("c", {"ann": 2}, risk=True)]
    assert [a["area"] for a in frames.areas_to_show(areas)] == ["c", "b", "a"]


def trend(
    team: str, total: int, *, verdict: str = "stable", systemic: bool = False
) -> dict[str, Any]:
    return {
        "teamId": team,
        "weekStart": "2026-11-16",
        "workType": "Bug",
        "totalIntensity": total,
        "tagCount": 2,
        "people": 2,
        "baseline": 10.0,
        "verdict": verdict,
        "isSystemic": systemic,
    }


def test_several_teams_are_added_up_and_lose_their_baseline() -> None:
    weeks = week_frames.trend_weeks([trend("web", 10), trend("ops", 32)])
    assert weeks["total"].to_list() == [42]
    assert weeks["baseline"].to_list() == [None]


def test_a_systemic_spike_of_one_team_marks_the_sum() -> None:
    spikes = [
        trend("web", 90, verdict="spike", systemic=True),
        trend("ops", 80, verdict="spike"),
        trend("app", 5),
    ]
    assert week_frames.trend_weeks(spikes)["mark"].to_list() == ["systemic"]


def test_only_a_spike_is_marked() -> None:
    assert week_frames.spike_mark(trend("web", 1, verdict="rising")) == ""


def test_shadow_work_of_several_teams_is_one_share() -> None:
    weeks = week_frames.shadow_weeks(
        [
            {"weekStart": "2026-11-16", "shadowIntensity": 30, "totalIntensity": 40},
            {"weekStart": "2026-11-16", "shadowIntensity": 10, "totalIntensity": 60},
        ]
    )
    assert weeks["share"].to_list() == [0.4]


def test_a_distribution_without_tags_has_no_shadow_share() -> None:
    assert week_frames.shadow_share({"workTypes": []}) is None


def test_a_work_type_missing_from_one_period_is_nothing_there() -> None:
    table = frames.before_and_now([{"workType": "Bug", "share": 1.0}], [])
    assert table.height == 6
    assert table.row(0, named=True) == {"name": "Bug", "before": 0.0, "now": 1.0}
