"""When the demo company works: weekends, public holidays per team, weeks and sprints.

All of it is a function of the date, so that two calls on different days agree on the past.
"""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cache

from heat.demo.people import team_of

EPOCH = date(2024, 1, 1)
"""A Monday before any day that a demo shows; sprints, quarters and stories count from it."""

_FIXED: dict[str, dict[tuple[int, int], str]] = {
    "DE": {
        (1, 1): "New Year",
        (5, 1): "Labour Day",
        (10, 3): "German Unity Day",
        (12, 25): "Christmas Day",
        (12, 26): "Second Christmas Day",
    },
    "IN": {
        (1, 26): "Republic Day",
        (8, 15): "Independence Day",
        (10, 2): "Gandhi Jayanti",
        (12, 25): "Christmas Day",
    },
    "US": {
        (1, 1): "New Year's Day",
        (6, 19): "Juneteenth",
        (7, 4): "Independence Day",
        (12, 25): "Christmas Day",
    },
    "PT": {
        (1, 1): "New Year",
        (4, 25): "Freedom Day",
        (5, 1): "Labour Day",
        (6, 10): "Portugal Day",
        (12, 1): "Restoration of Independence",
        (12, 8): "Immaculate Conception",
        (12, 25): "Christmas Day",
    },
}
_FROM_EASTER = {
    "DE": {-2: "Good Friday", 1: "Easter Monday", 39: "Ascension Day", 50: "Whit Monday"},
    "IN": {-2: "Good Friday"},
    "US": {},
    "PT": {-2: "Good Friday"},
}
_US_MOVING = {
    (1, 0, 3): "Martin Luther King Jr. Day",
    (5, 0, -1): "Memorial Day",
    (9, 0, 1): "Labor Day",
    (11, 3, 4): "Thanksgiving Day",
}


@cache
def holidays(team_id: str, year: int) -> dict[date, str]:
    """Public holidays of a team's country in one year.

    >>> holidays("payments", 2026)[date(2026, 4, 6)]
    'Easter Monday'
    """
    country = team_of(team_id).country
    found = {date(year, month, day): name for (month, day), name in _FIXED[country].items()}
    easter = _easter(year)
    for offset, name in _FROM_EASTER[country].items():
        found[easter + timedelta(days=offset)] = name
    if country == "US":
        for (month, weekday, nth), name in _US_MOVING.items():
            found[_nth_weekday(year, month, weekday, nth)] = name
    return found


def is_team_day(team_id: str, day: date) -> bool:
    """Whether a team works on that day: no weekend, no public holiday."""
    return day.weekday() < 5 and day not in holidays(team_id, day.year)


@cache
def _team_days(team_id: str, until_year: int) -> list[date]:
    span = (date(until_year, 12, 31) - EPOCH).days + 1
    every = (EPOCH + timedelta(days=n) for n in range(span))
    return [day for day in every if is_team_day(team_id, day)]


def team_days_before(team_id: str, day: date) -> int:
    """Working days of a team from :data:`EPOCH` to the day before ``day``."""
    return bisect_left(_team_days(team_id, day.year), day)


def team_days_between(team_id: str, first: date, last: date) -> int:
    """Working days of a team from ``first`` to ``last``, both counted."""
    days = _team_days(team_id, last.year)
    return bisect_right(days, last) - bisect_left(days, first)


def monday_of(day: date) -> date:
    """First day of the ISO week."""
    return day - timedelta(days=day.weekday())


def sprint_of(day: date) -> int:
    """Number of the two-week sprint."""
    return (day - EPOCH).days // 14


def sprint_days(sprint: int) -> list[date]:
    """The fourteen days of a sprint."""
    first = EPOCH + timedelta(days=14 * sprint)
    return [first + timedelta(days=n) for n in range(14)]


def _easter(year: int) -> date:
    """Gregorian Easter Sunday (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * (c // 4) - c % 4 - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The ``nth`` weekday (0 = Monday) of a month; -1 is the last one."""
    if nth < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
