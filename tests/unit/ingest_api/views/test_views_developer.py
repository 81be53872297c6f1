"""The developer view: days, live days, coverage, load, pruned days, and who sees what of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from ingest_api.problems import Problem
from ingest_api.views.developer import DeveloperView
from ingest_api.views.sources import Question

Ask = Callable[[str], AbstractContextManager[Question]]
TODAY = date(2026, 11, 25)


def days_before(count: int) -> date:
    return TODAY - timedelta(days=count)


@pytest.fixture
def view(asking: Ask) -> Callable[..., dict[str, Any]]:
    def view(user_id: str = "ann", *, by: str = "ann", **asked: str) -> dict[str, Any]:
        with asking(by) as question:
            return DeveloperView(question, user_id, asked).answer()

    return view


def test_before_the_first_snapshot_everything_is_empty(view: Any) -> None:
    answer = view()
    assert (answer["asOf"], answer["snapshot"]) == (None, None)
    assert (answer["days"], answer["streaks"], answer["load"]) == ([], [], None)


def test_a_day_has_its_sum_its_band_and_its_work_types(view: Any, published: Any, tag: Any) -> None:
    yesterday = days_before(1)
    published(
        fct_tags=[
            tag("ann", yesterday, intensity=9),
            tag("ann", yesterday, intensity=7, work_type="Bug", task_id="HEAT-2"),
        ]
    )
    (day,) = view()["days"]
    assert day == {
        "date": "2026-11-24",
        "totalIntensity": 16,
        "color": "warm",
        "tagCount": 2,
        "taskCount": 2,
        "breakdown": {
            "Feature": 9, "Bug": 7, "Blocker": 0, "Support": 0, "Config": 0, "Research": 0,
        },
    }  # fmt: skip


def test_a_day_without_tags_has_no_row(view: Any, published: Any, tag: Any) -> None:
    published(fct_tags=[tag("ann", days_before(3)), tag("ann", days_before(1))])
    assert [day["date"] for day in view()["days"]] == ["2026-11-22", "2026-11-24"]


def test_a_tag_of_today_shows_before_any_new_snapshot(view: Any, published: Any, say: Any) -> None:
    published()
    say("ann", TODAY, intensity=9)
    say("ann", TODAY, intensity=8, work_type="Bug", task_id="HEAT-2", labels=["SQL"])
    answer = view()
    (today,) = answer["days"]
    assert (today["totalIntensity"], today["color"], today["taskCount"]) == (17, "warm", 2)
    assert answer["distribution"]["labels"] == [
        {"label": "SQL", "intensity": 8, "tagCount": 1, "share": 8 / 17}
    ]


def test_what_was_added_today_is_put_beside_what_was_published(
    view: Any, published: Any, tag: Any, say: Any
) -> None:
    published(fct_tags=[tag("ann", TODAY, intensity=9)])
    say("ann", TODAY, intensity=4)
    answer = view()
    (today,) = answer["days"]
    assert (today["totalIntensity"], today["tagCount"], today["taskCount"]) == (13, 2, 1)
    assert [row["intensity"] for row in answer["distribution"]["workTypes"]] == [13]


def test_a_day_that_no_snapshot_knows_yet_is_read_from_the_landing(
    view: Any, published: Any, say: Any, landing: Any
) -> None:
    say("ann", TODAY, intensity=4)
    published(as_of=days_before(1), seq=landing.seq)
    assert [day["totalIntensity"] for day in view()["days"]] == [4]


def test_a_late_tag_is_added_to_its_own_day_at_once(
    view: Any, published: Any, tag: Any, say: Any, landing: Any
) -> None:
    monday = days_before(2)
    say("ann", monday, intensity=5)
    published(fct_tags=[tag("ann", monday, intensity=5)], seq=landing.seq)
    say("ann", monday, intensity=6)
    assert [day["totalIntensity"] for day in view()["days"]] == [11]


def test_a_day_that_is_already_published_whole_comes_from_the_snapshot(
    view: Any, published: Any, tag: Any, say: Any, landing: Any
) -> None:
    say("ann", days_before(2), intensity=5)
    published(fct_tags=[tag("ann", days_before(2), intensity=6)], seq=landing.seq)
    assert [day["totalIntensity"] for day in view()["days"]] == [6]


def test_a_withdrawn_tag_leaves_no_day_behind(
    view: Any, published: Any, tag: Any, say: Any, landing: Any
) -> None:
    tag_id = say("ann", days_before(1))
    published(fct_tags=[tag("ann", days_before(1))], seq=landing.seq)
    say("ann", days_before(1), kind="withdrawn", tag_id=tag_id)
    assert view()["days"] == []


def test_a_tag_moved_to_another_day_leaves_the_old_one(
    view: Any, published: Any, tag: Any, say: Any, landing: Any
) -> None:
    tag_id = say("ann", days_before(2))
    published(fct_tags=[tag("ann", days_before(2))], seq=landing.seq)
    say("ann", days_before(1), kind="corrected", tag_id=tag_id)
    assert [day["date"] for day in view()["days"]] == ["2026-11-24"]


def test_after_a_restore_the_landing_answers_for_every_day_it_knows(
    view: Any, published: Any, tag: Any, say: Any
) -> None:
    say("ann", days_before(2), intensity=3)
    published(fct_tags=[tag("ann", days_before(2), intensity=9)], seq=1_000, epoch="another life")
    assert [day["totalIntensity"] for day in view()["days"]] == [3]


def test_the_live_band_follows_the_thresholds_of_the_team(
    view: Any, published: Any, say: Any, landing: Any
) -> None:
    landing.change(
        lambda connection, _: connection.execute(
            "insert into ops.thresholds values ('core', 1, ?, 'mia', now())",
            ['{"heat.coolBelow": 2, "heat.normalBelow": 3, "heat.warmBelow": 4}'],
        )
    )
    published()
    say("ann", TODAY, intensity=5)
    assert view()["days"][0]["color"] == "critical"


def test_the_usual_period_is_ninety_days_that_end_today(view: Any, published: Any) -> None:
    published()
    answer = view()
    assert (answer["from"], answer["to"]) == ("2026-08-28", "2026-11-25")


def test_a_snapshot_of_a_fixed_day_is_looked_at_on_that_day(view: Any, published: Any) -> None:
    published(as_of=date(2026, 8, 20))
    assert view()["to"] == "2026-08-20"


def test_pruned_days_are_told_apart_from_days_without_tags(view: Any, published: Any) -> None:
    published(cutoff=days_before(30))
    assert view()["keptFrom"] == "2026-10-26"


def test_coverage_counts_neither_rest_days_nor_days_no_longer_kept(
    view: Any, published: Any, tag: Any
) -> None:
    weekend = [date(2026, 11, 21), date(2026, 11, 22)]
    published(
        fct_tags=[tag("ann", date(2026, 11, 18)), tag("ann", date(2026, 11, 22))],
        cutoff=date(2026, 11, 18),
        rest_days=[("ann", day) for day in weekend],
    )
    answer = view(**{"from": "2026-11-01", "to": "2026-11-30"})
    assert answer["restDays"] == ["2026-11-21", "2026-11-22"]
    # 18, 19, 20, 23, 24, 25 November; the tag of Sunday the 22nd counts on neither side
    assert answer["coverage"] == {"taggedDays": 1, "days": 6}


def test_load_is_the_newest_of_the_period_and_keeps_its_blanks(view: Any, published: Any) -> None:
    published(
        fct_load=[
            {
                "user_id": "ann",
                "local_day": days_before(9),
                "load": 8.0,
                "usual": 4.0,
                "ratio": 2.0,
            },
            {"user_id": "ann", "local_day": days_before(1), "load": 6.0},
        ]
    )
    assert view()["load"] == {"load": 6.0, "usual": None, "ratio": None, "day": "2026-11-24"}
    assert view(to="2026-11-20")["load"]["ratio"] == 2.0


def test_streaks_of_two_days_and_more_come_active_first(
    view: Any, published: Any, streak: Any
) -> None:
    published(
        fct_streaks=[
            streak("ann", days_before(20), 4, task_id="OLD"),
            streak("ann", days_before(1), 3, task_id="NOW"),
            streak("ann", days_before(10), 1, task_id="SHORT"),
            streak("ann", days_before(5), 2, task_id="NEWER"),
        ]
    )
    streaks = view()["streaks"]
    assert [found["taskId"] for found in streaks] == ["NOW", "NEWER", "OLD"]
    assert streaks[0]["text"] == "🔥 Pain Streak: 3 days on NOW (Blocker)"


def test_a_streak_that_only_reaches_into_the_period_is_shown(
    view: Any, published: Any, streak: Any
) -> None:
    published(fct_streaks=[streak("ann", days_before(8), 5)])
    assert len(view(**{"from": "2026-11-15", "to": "2026-11-20"})["streaks"]) == 1
    assert view(**{"from": "2026-11-18", "to": "2026-11-20"})["streaks"] == []


def test_the_insight_speaks_of_the_active_critical_streak_first(
    view: Any, published: Any, streak: Any, tag: Any
) -> None:
    published(fct_tags=[tag("ann", days_before(1))], fct_streaks=[streak("ann", days_before(1))])
    assert view()["insight"] == {
        "sentence": "Five days on HEAT-42, one after another.",
        "recommendation": "Ask for a pair, or park it for a day.",
    }


def test_a_manager_sees_a_member_without_their_coverage(
    view: Any, published: Any, tag: Any
) -> None:
    published(fct_tags=[tag("ann", days_before(1))])
    answer = view("ann", by="mia")
    assert len(answer["days"]) == 1
    assert answer["coverage"] is None
    assert "your" not in answer["insight"]["sentence"]


def test_a_manager_sees_only_the_days_of_their_own_team(
    view: Any, published: Any, tag: Any, streak: Any
) -> None:
    before, after = date(2026, 11, 7), date(2026, 11, 10)
    published(
        fct_tags=[tag("ida", before), tag("ida", after, team_id="web", task_id="WEB-1")],
        fct_streaks=[streak("ida", before, 2), streak("ida", after, 2, task_id="WEB-1")],
        rest_days=[("ida", before), ("ida", after)],
        fct_load=[{"user_id": "ida", "local_day": after, "load": 1.0}],
    )
    answer = view("ida", by="mia")
    assert [day["date"] for day in answer["days"]] == ["2026-11-07"]
    assert answer["restDays"] == ["2026-11-07"]
    assert [found["taskId"] for found in answer["streaks"]] == ["HEAT-42"]
    assert answer["distribution"]["workTypes"][0]["tagCount"] == 1
    assert answer["load"] is None
    assert (answer["teamId"], view("ida", by="ida")["teamId"]) == ("core", "web")
    assert len(view("ida", by="ida")["days"]) == 2


def test_a_period_after_a_member_left_is_not_found(view: Any, published: Any) -> None:
    published()
    with pytest.raises(Problem) as problem:
        view("ida", by="mia", **{"from": "2026-11-20", "to": "2026-11-25"})
    assert problem.value.status == 404


def test_a_live_day_of_another_team_stays_unseen(view: Any, published: Any, say: Any) -> None:
    published()
    say("ida", TODAY)
    assert view("ida", by="mia")["days"] == []
    assert len(view("ida", by="ida")["days"]) == 1


def test_conditions_are_the_persons_own(view: Any, published: Any) -> None:
    published(
        fct_alert_conditions=[
            {"fingerprint": "a", "type": "overload", "severity": "warning", "user_id": "ann",
             "team_id": "core", "message": "hot days", "value": 2.0},
            {"fingerprint": "b", "type": "overload", "severity": "warning", "user_id": "ben",
             "team_id": "core", "message": "hot days", "value": 2.0},
        ]
    )  # fmt: skip
    (condition,) = view()["conditions"]
    assert (condition["userId"], condition["displayName"]) == ("ann", "Ann Name")
