"""How each person of the demo company tags, whatever they work on."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from heat.demo.days import EPOCH
from heat.demo.dice import dice
from heat.demo.people import SILO_OWNER, TEAMS, Person, members_of, team_of
from heat.demo.stories import QUIET_TEAM
from heat.vocabulary import WorkType

MIX: dict[str, float] = {
    WorkType.FEATURE: 0.42,
    WorkType.BUG: 0.22,
    WorkType.SUPPORT: 0.12,
    WorkType.CONFIG: 0.08,
    WorkType.RESEARCH: 0.08,
    WorkType.BLOCKER: 0.08,
}
CAPTAIN_MIX: dict[str, float] = {
    WorkType.FEATURE: 0.2,
    WorkType.BUG: 0.3,
    WorkType.SUPPORT: 0.2,
    WorkType.CONFIG: 0.05,
    WorkType.RESEARCH: 0.05,
    WorkType.BLOCKER: 0.2,
}
_RHYTHM: dict[str, tuple[float, float]] = {
    WorkType.FEATURE: (1.35, 0.65),
    WorkType.BUG: (0.55, 1.45),
    WorkType.SUPPORT: (0.55, 1.45),
    WorkType.CONFIG: (0.5, 1.5),
    WorkType.RESEARCH: (1.45, 0.55),
    WorkType.BLOCKER: (0.5, 1.5),
}
"""First week of a sprint: build and explore. Second week: test, configure, release, explain.

Weeks that differ by plan keep a week that differs by chance from looking like a spike.
"""
_STEADY = (0.8, 1.2)
"""Where pushes happen Config is steady otherwise, so that they stand out."""


def week_mix(seed: int, person: Person, monday: date, mix: dict[str, float]) -> dict[str, float]:
    """``mix`` as it is in one week of this person."""
    week = (monday - EPOCH).days // 7
    rhythm = dict(_RHYTHM)
    if person.team_id != QUIET_TEAM:
        rhythm[WorkType.CONFIG] = _STEADY
        return {kind: share * rhythm[kind][week % 2] for kind, share in mix.items()}
    return {
        kind: share * rhythm[kind][week % 2] * (1 if kind == WorkType.FEATURE else 3)
        for kind, share in mix.items()
        if kind == WorkType.FEATURE or _on_duty(seed, person, week, kind)
    }


def _on_duty(seed: int, person: Person, week: int, kind: str) -> bool:
    """In the quiet team one person a week looks after bugs, one after questions, and so on."""
    members = members_of(person.team_id)
    turn = week + dice(seed, person.team_id, "duty", kind).randrange(len(members))
    return members[turn % len(members)] == person


@dataclass(frozen=True)
class Habits:
    """One person's way of tagging.

    :param median: daily total intensity of an ordinary day.
    :param spread: sigma of its logarithm.
    :param skips: share of working days without any tag.
    :param intensity: mean intensity of one tag.
    :param begins: earliest hour of a tag, local time.
    :param ends: latest hour.
    :param areas: area → weight; a little of it in another team's area.
    :param mix: work type → weight.
    """

    median: float
    spread: float
    skips: float
    intensity: float
    begins: float
    ends: float
    areas: dict[str, float]
    mix: dict[str, float]


@cache
def habits(seed: int, person: Person) -> Habits:
    """The habits of one person; they do not change with time."""
    rng = dice(seed, person.user_id, "habits")
    quiet = person.team_id == QUIET_TEAM
    own = team_of(person.team_id).areas
    place = members_of(person.team_id).index(person)
    # everybody has another favourite: no area depends on one person by chance
    shares = zip(range(len(own)), (0.4, 0.28, 0.2, 0.12), strict=False)
    areas = {own[(place + n) % len(own)]: share for n, share in shares}
    foreign = rng.choice([area for team in TEAMS for area in team.areas if area not in own])
    return Habits(
        median=rng.uniform(6.0, 8.0) if quiet else rng.uniform(10.5, 14.0),
        spread=0.35 if quiet else rng.uniform(0.65, 0.8),
        skips=0.0 if person.user_id == SILO_OWNER else rng.uniform(0.03, 0.08 if quiet else 0.15),
        intensity=rng.uniform(3.0, 4.6),
        begins=rng.uniform(8.0, 10.0),
        ends=rng.uniform(16.5, 19.0),
        areas=areas | {foreign: 0.05},
        mix={kind: share * rng.uniform(0.85, 1.15) for kind, share in MIX.items()},
    )
