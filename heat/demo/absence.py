"""Who is away when: vacations and single days off, a function of seed, person and date."""

from datetime import date, timedelta
from functools import cache

from heat.demo import stories
from heat.demo.days import EPOCH, is_team_day
from heat.demo.dice import dice
from heat.demo.people import Person, members_of

_QUARTER = 13
"""Weeks; everybody is away once in each."""


@cache
def days_off(seed: int, person: Person, quarter: int) -> frozenset[date]:
    """Days off of one person in one quarter: a week, at times two or only a Friday."""
    # a team agrees on who goes when: nobody starts in the week of somebody else
    weeks = list(range(1, _QUARTER - 1))
    dice(seed, person.team_id, "away", quarter).shuffle(weeks)
    week = weeks[members_of(person.team_id).index(person)]
    monday = EPOCH + timedelta(weeks=_QUARTER * quarter + week)
    length = dice(seed, person.user_id, "away", quarter).choice((1, 5, 5, 5, 12))
    start = monday + timedelta(days=4 if length == 1 else 0)
    return frozenset(
        day
        for day in (start + timedelta(days=n) for n in range(length))
        if is_team_day(person.team_id, day) and not stories.is_needed(seed, person, day)
    )


def is_day_off(seed: int, person: Person, day: date) -> bool:
    """Whether the person has that working day off."""
    return day in days_off(seed, person, (day - EPOCH).days // (7 * _QUARTER))


def is_workday(seed: int, person: Person, day: date) -> bool:
    """Whether the person is expected to work: no rest day of the team, no day off."""
    return is_team_day(person.team_id, day) and not is_day_off(seed, person, day)
