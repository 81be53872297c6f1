"""The days a question is about: ``from`` and ``to``, or ``dateRange=A..B``, inclusive."""

from collections.abc import Mapping
from datetime import date, timedelta

from ingest_api.access import Span
from ingest_api.problems import Problem
from ingest_api.questions import day

KEYS = ("from", "to", "dateRange")
LONGEST_DAYS = 3_660


def period_of(asked: Mapping[str, str], *, days: int, end: date) -> Span:
    """The period that a query asks for.

    :param days: length of the period where the query names no first day.
    :param end: last day where the query names none.
    :raises Problem: 400 naming the field, for what is no date, ends before it starts, is longer
        than 3,660 days, or is said twice.

    >>> period_of({"from": "2026-11-01"}, days=30, end=date(2026, 11, 25)).days
    25
    """
    first, last = ends_of(asked)
    if last is None:
        last = max(end, first) if first else end
    if first is None:
        if last.toordinal() < days:
            raise Problem.of_field("to", "is too long ago")
        first = last - timedelta(days=days - 1)
    period = Span(first, last)
    if period.days > LONGEST_DAYS:
        raise Problem.of_field("from", f"asks for {period.days} days; at most {LONGEST_DAYS}")
    return period


def ends_of(asked: Mapping[str, str]) -> tuple[date | None, date | None]:
    """First and last day that a query names, each ``None`` where it names none.

    :raises Problem: 400 naming the field.
    """
    named = dict(asked)
    if "dateRange" in named:
        named |= _split(named)
    first, last = day(named, "from"), day(named, "to")
    if first is not None and last is not None and first > last:
        raise Problem.of_field("from", f"is after to ({first} is later than {last})")
    return first, last


def _split(asked: Mapping[str, str]) -> dict[str, str]:
    if "from" in asked or "to" in asked:
        raise Problem.of_field("dateRange", "stands in place of from and to; give one of them")
    parts = asked["dateRange"].split("..")
    try:
        first, last = parts
        for part in parts:
            day({"dateRange": part}, "dateRange")
    except (ValueError, Problem):
        raise Problem.of_field("dateRange", "must be like 2026-11-01..2026-11-25") from None
    return {"from": first, "to": last}


def usual_end(today: date, as_of: date | None) -> date:
    """Last day of a period that nobody asked for: today, unless the marts end long before.

    A snapshot that was published for a fixed day of the past is looked at on that day.

    >>> usual_end(date(2026, 11, 25), date(2026, 8, 20))
    datetime.date(2026, 8, 20)
    """
    if as_of is not None and today - as_of > timedelta(days=30):
        return as_of
    return today


def monday(day: date) -> date:
    """First day of an ISO week."""
    return day - timedelta(days=day.weekday())


def whole_weeks(period: Span, until: date) -> Span | None:
    """The whole ISO weeks inside a period that have ended by ``until``; ``None`` if there is none.

    >>> whole_weeks(Span(date(2026, 11, 1), date(2026, 11, 25)), date(2026, 11, 25)).last
    datetime.date(2026, 11, 22)
    """
    first = monday(period.first + timedelta(days=6))
    last = monday(min(period.last, until) + timedelta(days=1)) - timedelta(days=1)
    return Span(first, last) if first < last else None


def touched_weeks(period: Span) -> Span:
    """The ISO weeks that a period touches, whole."""
    return Span(monday(period.first), monday(period.last) + timedelta(days=6))
