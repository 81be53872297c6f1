"""The analytics view: no names, small groups hidden, tasks pooled, periods and teams compared."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from heat.vocabulary import Role
from ingest_api.landing.directory_changes import writing
from ingest_api.problems import Problem
from ingest_api.views.analytics import AnalyticsView
from ingest_api.views.sources import Question

Ask = Callable[[str], AbstractContextManager[Question]]
CORE = ("ann", "ben", "cem", "dia", "eva", "fay")
MONDAY = date(2026, 11, 16)


@pytest.fixture
def view(asking: Ask, grant: Any) -> Callable[..., dict[str, Any]]:
    grant("joe", Role.ANALYST)

    def view(team_id: str = "core", *, by: str = "joe", **asked: str) -> dict[str, Any]:
        with asking(by) as question:
            return AnalyticsView(question, team_id, asked).answer()

    return view


@pytest.fixture
def said(tag: Any) -> Callable[..., list[dict[str, Any]]]:
    def said(
        people: Iterable[str], work_type: str = "Feature", **fields: Any
    ) -> list[dict[str, Any]]:
        day = fields.pop("day", MONDAY)
        return [tag(user, day, work_type=work_type, **fields) for user in people]

    return said


def kinds(answer: dict[str, Any]) -> list[str]:
    return sorted(trend["workType"] for trend in answer["trends"])


def test_before_the_first_snapshot_everything_is_empty(view: Any) -> None:
    answer = view("all")
    assert [answer[part] for part in ("trends", "spikes", "shadowWork", "tasks")] == [[]] * 4
    assert answer["asOf"] is None


def test_the_teams_manager_sees_every_week_and_work_type(
    view: Any, published: Any, said: Any
) -> None:
    published(fct_tags=[*said(CORE), *said(["ann"], "Bug")])
    answer = view(by="mia")
    assert kinds(answer) == ["Bug", "Feature"]
    assert [row["workType"] for row in answer["distribution"]["workTypes"]] == ["Feature", "Bug"]


def test_an_analyst_sees_no_cell_of_fewer_than_five_people(
    view: Any, published: Any, said: Any
) -> None:
    published(
        fct_tags=[
            *said(CORE),
            *said(CORE, "Support", intensity=8),
            *said(["ann"], "Bug"),
            *said(["ann", "ben"], day=date(2026, 11, 9)),
        ]
    )
    answer = view()
    # Bug is one person's; Feature, the smallest of the others, hides what Bug would be
    assert kinds(answer) == ["Support"]
    assert [row["workType"] for row in answer["distribution"]["workTypes"]] == ["Support"]
    assert all(trend["people"] >= 5 for trend in answer["trends"])
    # one half of the week is two people's: its shadow share would say how much
    assert "2026-11-09" not in {row["weekStart"] for row in answer["shadowWork"]}


def test_the_manager_of_an_aggregate_team_sees_what_an_analyst_sees(
    view: Any, published: Any, said: Any, landing: Any
) -> None:
    team = {"teamId": "core", "name": "Core", "timezone": "UTC", "visibility": "aggregate"}
    landing.change(writing({"teams": [team]}, "test"))
    published(fct_tags=[*said(CORE), *said(["ann"], "Bug"), *said(CORE, "Support")])
    assert view(by="mia")["trends"] == view(by="joe")["trends"]


def test_all_is_every_team_of_at_least_five_members(view: Any, published: Any, said: Any) -> None:
    published(fct_tags=[*said(CORE), *said(["gus", "hal", "ida"], team_id="web")])
    answer = view("all")
    assert answer["teams"] == [{"teamId": "core", "name": "Core Team"}]
    assert {trend["teamId"] for trend in answer["trends"]} == {"core"}


def test_tasks_of_too_few_people_are_one_for_everybody(
    view: Any, published: Any, said: Any
) -> None:
    published(
        fct_tags=[
            *said(CORE, task_id="HEAT-1", task_title="Shared"),
            *said(["ann", "ben", "cem"], task_id="HEAT-2", task_title="Secret of three"),
            *said(["dia", "eva", "ann"], task_id="HEAT-3", task_title="Secret of others"),
        ]
    )
    for by in ("mia", "joe"):
        tasks = {task["taskId"]: task for task in view(by=by)["tasks"]}
        assert set(tasks) == {"HEAT-1", "other tasks"}
        assert (tasks["HEAT-1"]["people"], tasks["HEAT-1"]["taskTitle"]) == (6, "Shared")
        assert (tasks["other tasks"]["people"], tasks["other tasks"]["totalIntensity"]) == (5, 30)


def test_an_analyst_cannot_subtract_the_pool_that_is_too_small(
    view: Any, published: Any, said: Any
) -> None:
    published(fct_tags=[*said(CORE, task_id="HEAT-1"), *said(["ann"], task_id="HEAT-2")])
    assert view(by="joe")["tasks"] == []
    assert {task["taskId"] for task in view(by="mia")["tasks"]} == {"HEAT-1", "other tasks"}


def test_labels_are_shares_of_all_effort(view: Any, published: Any, said: Any) -> None:
    published(fct_tags=[*said(CORE, labels=["SQL", "API"]), *said(CORE)])
    labels = view(by="mia")["distribution"]["labels"]
    assert [(row["label"], row["share"]) for row in labels] == [("API", 0.5), ("SQL", 0.5)]


def test_an_analyst_sees_labels_of_enough_people_only(view: Any, published: Any, said: Any) -> None:
    published(fct_tags=said(CORE, labels=["SQL"]) + said(CORE[:4], labels=["Rare"]))
    assert [row["label"] for row in view()["distribution"]["labels"]] in ([], ["SQL"])
    assert "Rare" not in {row["label"] for row in view()["distribution"]["labels"]}


def test_spikes_are_the_systemic_ones_newest_first(view: Any, published: Any) -> None:
    weeks = [MONDAY - timedelta(weeks=back) for back in (2, 1, 0)]
    published(
        fct_weekly_trends=[
            {"team_id": "core", "week_start": week, "work_type": "Config",
             "total_intensity": 60, "tag_count": 9, "people": 5, "share": 0.5,
             "baseline": 10.0, "z": 9.0, "verdict": "spike", "is_systemic": week != weeks[1]}
            for week in weeks
        ]
    )  # fmt: skip
    spikes = view(by="mia")["spikes"]
    assert [spike["weekStart"] for spike in spikes] == ["2026-11-16", "2026-11-02"]


def test_a_period_means_the_whole_weeks_that_it_touches(
    view: Any, published: Any, said: Any
) -> None:
    published(fct_tags=said(CORE))
    wednesday = view(**{"from": "2026-11-18", "to": "2026-11-18"})
    assert [trend["weekStart"] for trend in wednesday["trends"]] == ["2026-11-16"]
    assert wednesday["distribution"]["workTypes"][0]["tagCount"] == 6


def test_two_periods_are_compared_by_work_type(view: Any, published: Any, said: Any) -> None:
    published(fct_tags=[*said(CORE), *said(CORE, "Bug", day=date(2026, 11, 9), intensity=7)])
    answer = view(by="mia", compareFrom="2026-11-09", compareTo="2026-11-15")
    assert answer["compare"] == {
        "teamId": "core",
        "from": "2026-11-09",
        "to": "2026-11-15",
        "workTypes": [{"workType": "Bug", "intensity": 42, "tagCount": 6, "share": 1.0}],
    }


def test_a_team_is_compared_only_with_one_that_the_viewer_may_see(
    view: Any, published: Any
) -> None:
    published()
    with pytest.raises(Problem) as problem:
        view(by="mia", compareTeam="web")
    assert problem.value.status == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"compareFrom": "2026-11-01"}, "compareTo"),
        ({"compareTo": "2026-11-01"}, "compareFrom"),
        ({"compareFrom": "2026-11-02", "compareTo": "2026-11-01"}, "compareFrom"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused_by_its_field(
    view: Any, published: Any, asked: dict[str, str], field: str
) -> None:
    published()
    with pytest.raises(Problem) as problem:
        view(by="mia", **asked)
    assert [error["field"] for error in problem.value.errors] == [field]


def test_coverage_counts_people_of_teams_large_enough(view: Any, published: Any, said: Any) -> None:
    published(fct_tags=said(CORE[:5]))
    assert view(**{"from": "2026-11-16", "to": "2026-11-22"})["coverage"] == {
        "tagged": 5,
        "members": 6,
    }
    assert view("web", by="max")["coverage"] is None


def test_no_name_of_a_person_is_anywhere(view: Any, published: Any, said: Any) -> None:
    published(fct_tags=[*said(CORE), *said(["ann"], "Bug")])
    for by in ("mia", "joe"):
        text = str(view(by=by))
        assert not [
            user for user in CORE if f"'{user}'" in text or f"{user.capitalize()} N" in text
        ]
