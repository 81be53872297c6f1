"""Which days a page speaks of: the range filter and its place in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CUSTOM = "Custom"
RANGES: Mapping[str, int] = {"30 days": 30, "90 days": 90, "1 year": 365}
LONGEST = 3_660


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included.

    >>> Period(date(2026, 11, 1), date(2026, 11, 30)).before().params
    {'from': '2026-10-02', 'to': '2026-10-31'}
    """

    first: date
    last: date

    @property
    def length(self) -> int:
        """Days in the period."""
        return (self.last - self.first).days + 1

    @property
    def params(self) -> dict[str, str]:
        """As the API takes it."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def before(self) -> "Period":
        """The period of the same length that ends the day before this one."""
        return Period(self.first - timedelta(days=self.length), self.first - timedelta(days=1))


def last_days(n: int, until: date) -> Period:
    """The ``n`` days that end with ``until``.

    >>> last_days(7, date(2026, 11, 25)).first.isoformat()
    '2026-11-19'
    """
    return Period(until - timedelta(days=n - 1), until)


def custom(first: str | None, last: str | None) -> Period | None:
    """The period of an address, or ``None`` if it is none (missing, no dates, reversed, endless).

    >>> custom("2026-11-01", "2026-10-01") is None
    True
    """
    try:
        period = Period(date.fromisoformat(first or ""), date.fromisoformat(last or ""))
    except ValueError:
        return None
    return period if 1 <= period.length <= LONGEST else None
