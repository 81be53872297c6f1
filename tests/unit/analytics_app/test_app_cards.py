"""Pieces of HTML: what people typed stays text."""

from typing import Any

from analytics_app import cards
from analytics_app.theme import LIGHT
from heat.thresholds import Thresholds

NASTY = '<img src="https://example.org/x.png"> & "q"'


def streak(**more: Any) -> dict[str, Any]:
    return {
        "taskTitle": NASTY,
        "firstDay": "2026-11-20",
        "lastDay": "2026-11-25",
        "days": 4,
        "meanIntensity": 6.25,
        "level": "warning",
        "isActive": True,
        "text": "🔥 Pain Streak: 4 days on WEB-1 (Bug)",
        "displayName": NASTY,
        **more,
    }


def test_titles_and_names_are_escaped_everywhere() -> None:
    alert = {
        "severity": "warning",
        "displayName": NASTY,
        "taskId": NASTY,
        "area": NASTY,
        "message": NASTY,
        "suggestedAction": NASTY,
    }
    html = [
        cards.streaks([streak()], LIGHT, named=True),
        cards.attention([alert], LIGHT),
        cards.title(NASTY, NASTY),
        cards.heading(NASTY, NASTY),
        cards.kpis([(NASTY, NASTY, NASTY)]),
        cards.note(NASTY, strong=NASTY, code=NASTY),
        cards.facts([(NASTY, NASTY)]),
        cards.signed_in(NASTY, "/sign-out"),
        cards.link(NASTY, "my-heat", {"person": NASTY}),
        cards.two_legend(NASTY, NASTY, LIGHT),
        cards.panel_title(NASTY, {"total": 1, "verdict": NASTY}),
    ]
    assert all("<img" not in text for text in html)


def test_a_streak_has_a_square_per_day_and_one_line_of_advice() -> None:
    html = cards.streaks([streak()], LIGHT)
    assert html.count('<i style="background:') == 4
    assert "Worth a mention at stand-up." in html
    assert "4 days since Fri 20 Nov" in html


def test_a_long_streak_does_not_grow_a_longer_row() -> None:
    html = cards.streaks([streak(days=40, level="critical")], LIGHT)
    assert html.count('<i style="background:') == cards.MAX_SQUARES
    assert "+26" in html
    assert "park it for a day" in html


def test_a_streak_that_ended_asks_for_nothing() -> None:
    html = cards.streaks([streak(isActive=False, level="critical")], LIGHT)
    assert "Ended. Nothing to do." in html
    assert LIGHT.bands["critical"].fill not in html


def test_the_legend_speaks_the_teams_limits() -> None:
    limits = Thresholds().merged({"heat.warmBelow": 40}).flat()
    html = cards.legend(limits, LIGHT)
    assert "critical, 40 and more" in html
    assert "warm, 15–39" in html
    for word in ("not tagged", "rest day", "no longer kept"):
        assert word in html


def test_load_is_a_sentence_and_hidden_without_history() -> None:
    told = {"load": 33.4, "usual": 20.6, "ratio": 1.62}
    assert "1.6 × your usual" in cards.load(told, own=True)
    assert "1.6 × their usual" in cards.load(told, own=False)
    assert "×" not in cards.load({"load": 3.0, "usual": None, "ratio": None}, own=True)
