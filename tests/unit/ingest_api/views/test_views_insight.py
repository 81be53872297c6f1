"""Each rule of the insight, and that the first one that holds wins."""

import pytest

from ingest_api.views.insight import Facts, insight_of


def said(facts: Facts) -> tuple[str, str | None]:
    insight = insight_of(facts)
    assert insight is not None
    return insight.sentence, insight.recommendation


def test_a_period_without_tags_says_nothing() -> None:
    assert insight_of(Facts(30, {})) is None


def test_an_active_critical_streak_comes_first() -> None:
    facts = Facts(
        30, {"Blocker": 90}, critical_streak=(6, "HEAT-9"), load_ratio=3.0, critical_days=9
    )
    assert said(facts) == (
        "Six days on HEAT-9, one after another.",
        "Ask for a pair, or park it for a day.",
    )


def test_half_of_the_effort_in_blockers_names_the_label_behind_most_of_it() -> None:
    facts = Facts(7, {"Blocker": 65, "Feature": 35}, {"SQL": 40, "API": 20}, load_ratio=2.0)
    assert said(facts)[0] == "65 % of your effort in this week went into blockers, most of it SQL."


def test_blockers_without_one_main_label_name_none() -> None:
    facts = Facts(30, {"Blocker": 50, "Feature": 50}, {"SQL": 25, "API": 25})
    assert said(facts)[0] == "50 % of your effort in these 30 days went into blockers."


def test_heavy_days_are_compared_with_ones_own_usual() -> None:
    facts = Facts(30, {"Feature": 100}, load_ratio=1.56, critical_days=5)
    assert said(facts) == (
        "Your last five tagged days were 1.6 × your usual.",
        "See what can wait until next week.",
    )


def test_three_critical_days_are_worth_a_word() -> None:
    facts = Facts(30, {"Support": 100}, load_ratio=1.49, critical_days=3)
    assert said(facts)[0] == "Three critical days in these 30 days."


def test_much_unplanned_work_is_a_matter_for_planning() -> None:
    facts = Facts(30, {"Support": 30, "Config": 20, "Blocker": 10, "Feature": 40})
    sentence, recommendation = said(facts)
    assert sentence == (
        "60 % of your effort in these 30 days went into support, configuration and blockers."
    )
    assert recommendation is not None
    assert "planning" in recommendation


def test_otherwise_the_largest_share_is_said_without_advice() -> None:
    facts = Facts(1, {"Feature": 55, "Support": 45}, critical_days=2)
    assert said(facts) == (
        "The largest share of your effort in this day went into feature work: 55 %.",
        None,
    )


def test_somebody_else_is_not_addressed() -> None:
    facts = Facts(30, {"Feature": 1}, load_ratio=2.0, your="their")
    assert said(facts)[0] == "Their last five tagged days were 2.0 × their usual."


@pytest.mark.parametrize("word", ["burn", "health", "stress", "should", "lazy", "must", "only"])
def test_no_sentence_blames_or_diagnoses(word: str) -> None:
    every = [
        Facts(30, {"Feature": 1}, critical_streak=(5, "HEAT-1")),
        Facts(30, {"Blocker": 1}),
        Facts(30, {"Feature": 1}, load_ratio=2.0),
        Facts(30, {"Feature": 1}, critical_days=3),
        Facts(30, {"Support": 1}),
        Facts(30, {"Feature": 1}),
    ]
    assert not any(word in " ".join(filter(None, said(facts))).lower() for facts in every)
