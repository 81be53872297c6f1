"""The planted stories, as functions of the date: whatever day it is, each of them is true.

* *Burnout*: Payments has a release captain, six weeks at a time. The load of the captain rises
  from the first day; from the third week on every working day is critical and some blocker or bug
  has been on the desk for five days or more. A captain carries on into the fourth week of the
  next one, so that there is always one in trouble.
* *Silo*: one person alone exports the ledger, and always has a streak there.
* *Config push*: in turn, three teams reconfigure something for three weeks, five people each.
* *Quiet team*: Mobile has no part in any of this.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from heat.demo.days import (
    EPOCH,
    monday_of,
    sprint_of,
    team_days_before,
    team_days_between,
)
from heat.demo.dice import dice
from heat.demo.people import (
    CAPTAINS,
    DATA,
    MOBILE,
    PAYMENTS,
    SILO_AREA,
    SILO_OWNER,
    STOREFRONT,
    Person,
    members_of,
    team_of,
)
from heat.demo.work import STORY_SLOT, Task, named, push_task
from heat.vocabulary import WorkType

QUIET_TEAM = MOBILE

_CYCLE_DAYS = 42
_CARRY_ON_DAYS = 28
"""Days that a captain carries on into the next cycle; until then the next one is not critical."""

_FIRST_CRITICAL = 14
"""Working day of a captaincy from which the daily total is critical."""

_CAPTAIN_STREAK_FROM, _CAPTAIN_STREAK_DAYS, _CAPTAIN_STREAK_STEP = 10, 13, 8
"""A new streak begins before the last one ends, by the five days that make it critical."""

_SILO_STREAK_DAYS, _SILO_STREAK_STEP = 10, 7
"""Likewise, by the three days that make a streak a warning."""

_PUSH_WEEKS = 3
_PUSH_TEAMS = (PAYMENTS, STOREFRONT, DATA)
PUSH_PARTS = 5


@dataclass(frozen=True)
class Captaincy:
    """One captain's time: ``first`` is a Monday, ``last`` a Sunday."""

    number: int
    captain: str
    first: date
    last: date

    def workday(self, day: date) -> int:
        """0 on the first working day, 1 on the next, and so on."""
        return team_days_between(PAYMENTS, self.first, day) - 1

    def total(self, day: date) -> float:
        """Expected total intensity of that working day."""
        n = self.workday(day)
        if n < _FIRST_CRITICAL:
            return 14 * math.exp(n * math.log(32 / 14) / _FIRST_CRITICAL)
        return 33 * math.exp(0.0155 * (n - _FIRST_CRITICAL))

    def is_critical(self, day: date) -> bool:
        """Whether every working day from now on is a critical one."""
        return self.workday(day) >= _FIRST_CRITICAL


def captaincy(seed: int, number: int) -> Captaincy:
    """The captaincy with this number; captains take turns."""
    first = EPOCH + timedelta(days=_CYCLE_DAYS * number)
    last = first + timedelta(days=_CYCLE_DAYS + _CARRY_ON_DAYS - 1)
    return Captaincy(number, CAPTAINS[(number + seed) % len(CAPTAINS)], first, last)


def captaincy_of(seed: int, user_id: str, day: date) -> Captaincy | None:
    """The captaincy that this person holds, or still carries, on that day."""
    newest = (day - EPOCH).days // _CYCLE_DAYS
    for number in (newest, newest - 1):
        held = captaincy(seed, number)
        if held.captain == user_id and day <= held.last:
            return held
    return None


def burnout(seed: int, day: date) -> Captaincy:
    """The captaincy that is in trouble on that day."""
    newest = (day - EPOCH).days // _CYCLE_DAYS
    held = captaincy(seed, newest)
    established = (day - held.first).days >= _CARRY_ON_DAYS
    return held if established else captaincy(seed, newest - 1)


def captain_tasks(seed: int, held: Captaincy, day: date) -> list[Task]:
    """What has been on the captain's desk for days; one or two tasks, none at the beginning."""
    n = held.workday(day) - _CAPTAIN_STREAK_FROM
    numbers = _overlapping(n, _CAPTAIN_STREAK_DAYS, _CAPTAIN_STREAK_STEP)
    return [_captain_task(seed, held, number) for number in numbers]


@cache
def _captain_task(seed: int, held: Captaincy, number: int) -> Task:
    turn = dice(seed, "captain").randrange(4) + held.number + number
    work_type, title = (
        (WorkType.BLOCKER, "Release stuck: acquirer rejects every second payment"),
        (WorkType.BUG, "Payments booked twice after a timeout"),
        (WorkType.BLOCKER, "Release stuck: settlement totals do not match"),
        (WorkType.BUG, "Checkout hangs when the bank is slow"),
    )[turn % 4]
    area = team_of(PAYMENTS).areas[turn % 4]
    slot = STORY_SLOT + held.number % 2  # two captaincies overlap, their numbers must not
    return named(PAYMENTS, sprint_of(held.first) + number, slot, title, work_type, area)


def silo_tasks(seed: int, day: date) -> list[Task]:
    """The one or two ledger tasks that the silo's owner works on that day."""
    numbers = _overlapping(team_days_before(DATA, day), _SILO_STREAK_DAYS, _SILO_STREAK_STEP)
    return [_silo_task(seed, number) for number in numbers]


@cache
def _silo_task(seed: int, number: int) -> Task:
    turn = dice(seed, "silo").randrange(4) + number
    work_type, title = (
        (WorkType.FEATURE, "Ledger export for the new entity"),
        (WorkType.BUG, "Ledger export misses reversed bookings"),
        (WorkType.FEATURE, "Period close: corrections after the cut-off"),
        (WorkType.SUPPORT, "Auditors' extract: explain the differences"),
    )[turn % 4]
    # one number per task: seven working days are more than half a sprint
    return named(DATA, number, STORY_SLOT, title, work_type, SILO_AREA)


def _overlapping(n: int, length: int, step: int) -> list[int]:
    """Numbers of the runs that cover day ``n``: run k covers ``step * k`` and what follows."""
    newest = n // step
    numbers = range(max(0, newest - length // step), newest + 1)
    return [number for number in numbers if 0 <= n - step * number < length]


@dataclass(frozen=True)
class Push:
    """Three weeks in which a team reconfigures something."""

    number: int
    team_id: str
    first: date
    people: tuple[str, ...]


def push_of(seed: int, day: date) -> Push:
    """The push of that day's week; there is one every week, each team's turn comes round."""
    return _push(seed, (day - EPOCH).days // (7 * _PUSH_WEEKS))


@cache
def _push(seed: int, number: int) -> Push:
    team_id = _PUSH_TEAMS[(number + seed) % len(_PUSH_TEAMS)]
    first = EPOCH + timedelta(weeks=_PUSH_WEEKS * number)
    days = [first + timedelta(days=n) for n in range(7 * _PUSH_WEEKS)]
    free = [
        person.user_id
        for person in members_of(team_id)
        if person.user_id != SILO_OWNER
        and not any(captaincy_of(seed, person.user_id, day) for day in days)
    ]
    people = dice(seed, "push", number).sample(free, min(PUSH_PARTS, len(free)))
    return Push(number, team_id, first, tuple(sorted(people)))


def push_tasks(seed: int, person: Person, day: date) -> list[Task]:
    """The parts of the push that this person may tag that day; none without a push.

    Two of five parts, moving on by one every working day: none of them becomes a streak.
    """
    push = push_of(seed, day)
    if person.user_id not in push.people:
        return []
    first = team_days_before(push.team_id, day) + push.people.index(person.user_id)
    areas = team_of(push.team_id).areas
    parts = (first % PUSH_PARTS, (first + 1) % PUSH_PARTS)
    sprint = sprint_of(push.first)
    return [push_task(push.team_id, sprint, part, areas[part % len(areas)]) for part in parts]


def spike_week(day: date) -> date:
    """Monday of the last full week before that day's week; its push is a systemic spike."""
    return monday_of(day) - timedelta(days=7)


def is_needed(seed: int, person: Person, day: date) -> bool:
    """Whether a story needs this person at work that day."""
    return (
        person.user_id == SILO_OWNER
        or person.user_id in push_of(seed, day).people
        or captaincy_of(seed, person.user_id, day) is not None
    )
