"""What is planted in the demo company is what a reader finds first, in the view it belongs to."""

from typing import Any

import pytest

pytestmark = [pytest.mark.pipeline, pytest.mark.process]


def team_view(demo: Any, team_id: str) -> dict[str, Any]:
    manager = demo.manager_of(team_id)
    view: dict[str, Any] = demo.ask_as(manager, f"/api/v1/dashboard/manager/{team_id}")
    return view


def test_the_burnout_is_the_first_row_and_the_first_alert_of_its_team(demo: Any) -> None:
    story = demo.answers["burnout"]
    view = team_view(demo, story["teamId"])
    assert view["members"][0]["userId"] == story["userId"]
    first = view["alerts"][0]
    assert (first["severity"], first["userId"]) == ("critical", story["userId"])
    assert first["taskId"] == story["taskId"]


def test_the_person_hears_of_their_streak_first_on_their_own_page(demo: Any) -> None:
    story = demo.answers["burnout"]
    path = f"/api/v1/dashboard/developer/{story['userId']}"
    view = demo.ask_as(story["userId"], path)
    assert view["streaks"][0]["level"] == "critical"
    assert view["streaks"][0]["taskId"] == story["taskId"]
    assert view["insight"]["recommendation"]


def test_the_silo_is_the_first_area_of_its_team(demo: Any) -> None:
    story = demo.answers["silo"]
    first = team_view(demo, story["teamId"])["busFactors"][0]
    assert (first["area"], first["topOwner"]) == (story["area"], story["userId"])
    assert (first["busFactor"], first["isAtRisk"]) == (1, True)


def test_the_config_spike_is_the_newest_of_its_teams_trends(demo: Any) -> None:
    story = demo.answers["spike"]
    manager = demo.manager_of(story["teamId"])
    view = demo.ask_as(manager, f"/api/v1/dashboard/analytics/{story['teamId']}")
    weeks = [(one["weekStart"], one["workType"]) for one in view["spikes"]]
    assert (story["weekStart"], story["workType"]) in weeks[:2]
    assert all(work_type == story["workType"] for _, work_type in weeks[:2])


def test_the_quiet_team_has_nothing(demo: Any) -> None:
    view = team_view(demo, demo.answers["quiet"]["teamId"])
    assert view["members"]
    assert view["alerts"] == []
    bands = {day["color"] for member in view["members"] for day in member["days"]}
    assert bands <= {"cool", "normal"}
