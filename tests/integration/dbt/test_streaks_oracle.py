"""Streaks of some 200 random people against the definition, written out day by day in Python.

All people are built at once. They differ in their team's rules, and some change teams.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from written_warehouse import WrittenWarehouse, event

from heat.thresholds import Calendar, StreakLimits, Thresholds

pytestmark = pytest.mark.pipeline

FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(19)]
ONE_DAY = timedelta(days=1)

TEAMS = {
    f"team-{n}": Thresholds(
        streak=StreakLimits(
            skipRestDays=n % 2 == 0,
            minDailyIntensity=1 + n % 3,
            warningDays=2 + n % 4,
            criticalDays=4 + n % 4,
        ),
        calendar=Calendar(restDays=[(), (6, 7), (5,), (3, 6, 7)][n % 4]),
    )
    for n in range(12)
}
HOLIDAYS = {team: {Random(team).choice(DAYS), Random(team[::-1]).choice(DAYS)} for team in TEAMS}


class Key(NamedTuple):
    """What a streak is about, for one person."""

    task_scope: str
    task_id: str
    work_type: str


KEYS = [Key("jira", "HEAT-1", "Bug"), Key("", "HEAT-1", "Bug"), Key("no-ticket", "HEAT-1", "Bug")]


@dataclass
class Person:
    """One random case."""

    user_id: str
    today: date
    team_before: str
    team: str
    changes_on: date
    days_off: set[date]
    tags: list[tuple[date, Key, int]] = field(default_factory=list)

    def team_on(self, day: date) -> str:
        return self.team if day >= self.changes_on else self.team_before

    def rests_on(self, day: date) -> bool:
        team = self.team_on(day)
        return (
            day.isoweekday() in TEAMS[team].calendar.restDays
            or day in HOLIDAYS[team]
            or day in self.days_off
        )


def random_person(n: int) -> Person:
    random = Random(n)
    team = random.choice(list(TEAMS))
    moves = random.random() < 0.2
    person = Person(
        user_id=f"user-{n:03}",
        today=random.choice(DAYS[10:]),
        team_before=random.choice(list(TEAMS)) if moves else team,
        team=team,
        changes_on=random.choice(DAYS[:10]),
        days_off=set(random.sample(DAYS, random.randint(0, 3))),
    )
    often = random.choice([0.3, 0.6, 0.85])
    # also days after today
    for day in DAYS:
        for key in KEYS:
            while random.random() < often:
                person.tags.append((day, key, random.randint(1, 2)))
                if random.random() < 0.5:
                    break
    return person


def expected(person: Person) -> Iterator[tuple[Any, ...]]:
    """Rows of ``fct_streaks`` by the definition."""
    limits = TEAMS[person.team_on(person.today)].streak
    totals: dict[Key, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for day, key, intensity in person.tags:
        if day <= person.today and key.task_scope != "no-ticket":
            totals[key][day] += intensity

    def nothing_between(earlier: date, later: date) -> bool:
        between = [day for day in DAYS if earlier < day < later]
        return all(limits.skipRestDays and person.rests_on(day) for day in between)

    for key, by_day in totals.items():
        runs: list[list[date]] = []
        for day in sorted(
            day for day, total in by_day.items() if total >= limits.minDailyIntensity
        ):
            if runs and nothing_between(runs[-1][-1], day):
                runs[-1].append(day)
            else:
                runs.append([day])
        for run in runs:
            yield (
                person.user_id,
                *key,
                run[0],
                run[-1],
                len(run),
                sum(by_day[day] for day in run),
                level(len(run), TEAMS[person.team_on(run[-1])].streak),
                nothing_between(run[-1], person.today),
            )


def level(days: int, limits: StreakLimits) -> str:
    if days >= limits.criticalDays:
        return "critical"
    if days >= limits.warningDays:
        return "warning"
    return "monitor" if days >= 2 else "none"


def memberships(people: list[Person]) -> Iterator[tuple[Any, ...]]:
    for person in people:
        yield person.user_id, person.team_before, None, person.changes_on - ONE_DAY
        yield person.user_id, person.team, person.changes_on, None


def events(people: list[Person]) -> Iterator[dict[str, Any]]:
    """Every tag as stored; a few more that were withdrawn again."""
    seq = 0
    for person in people:
        for tag, (day, key, intensity) in enumerate(person.tags, start=1):
            seq += 1
            yield event(seq, person.user_id, tag, day, intensity=intensity, **key._asdict())
        for tag, kind in ((1_000, "stored"), (1_000, "withdrawn")):
            seq += 1
            yield event(seq, person.user_id, tag, DAYS[5], kind=kind, **KEYS[0]._asdict())


def test_streaks_are_those_of_the_definition(new_warehouse: Callable[[], WrittenWarehouse]) -> None:
    people = [random_person(n) for n in range(200)]
    made = new_warehouse()
    made.run_as_of(DAYS[-1])
    made.write_thresholds({"default": Thresholds(), **TEAMS})
    made.write(
        teams=[(team, team, "UTC", "named", DAYS[-1]) for team in TEAMS],
        users=[(person.user_id, "", "UTC", person.today) for person in people],
        memberships=list(memberships(people)),
        holidays=[(team, day, "") for team, days in HOLIDAYS.items() for day in sorted(days)],
        days_off=[(person.user_id, day) for person in people for day in sorted(person.days_off)],
    )
    made.land(events(people))
    made.build()
    built = made.rows(
        "select user_id, task_scope, task_id, work_type, first_day, last_day, days,"
        " total_intensity, level, is_active from marts.fct_streaks order by all"
    )
    wanted = sorted(row for person in people for row in expected(person))
    assert len(wanted) > 500
    assert built == wanted
