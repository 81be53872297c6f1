"""Dice that fall the same way for the same words: every choice of the demo comes from here.

A day's tags depend on the seed, the person and the date alone, never on the day of the call, so
a company asked for later only has more days.
"""

import math
from collections.abc import Mapping
from random import Random


def dice(*words: object) -> Random:
    """A generator for this purpose.

    >>> dice(7, "mira", "2026-01-05").random() == dice(7, "mira", "2026-01-05").random()
    True
    """
    return Random("/".join(str(word) for word in words))  # noqa: S311 (a demo, not a secret)


class Quota:
    """Choices that keep to their weights even over a handful of draws.

    Golden-ratio steps through the unit interval: a week of one person then has the mix it is
    meant to have, instead of a lottery's, and no week of a team stands out by chance.

    >>> quota = Quota(dice(1), {"a": 3.0, "b": 1.0})
    >>> sorted(quota.draw() for _ in range(8)).count("a")
    6
    """

    def __init__(self, rng: Random, weights: Mapping[str, float]) -> None:
        self._at = rng.random()
        self._weights = dict(weights)
        self._whole = sum(weights.values())

    def draw(self) -> str:
        """The next choice."""
        self._at = (self._at + 0.618033988749895) % 1.0
        rest = self._at * self._whole
        for key, weight in self._weights.items():
            rest -= weight
            if rest < 0:
                return key
        return next(reversed(self._weights))


def pick(rng: Random, weights: Mapping[str, float]) -> str:
    """One key, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def lognormal(rng: Random, median: float, sigma: float) -> int:
    """A whole number around ``median``; daily totals of self-reports look like this."""
    return max(1, round(median * math.exp(rng.gauss(0.0, sigma))))


def split(rng: Random, total: int, parts: int) -> list[int]:
    """``total`` as ``parts`` intensities of 1..10.

    :raises ValueError: if no such parts exist.

    >>> sum(split(dice(1), 23, 5))
    23
    """
    if not parts <= total <= 10 * parts:
        raise ValueError(f"{total} cannot be split into {parts} intensities")
    sizes = [1] * parts
    for _ in range(total - parts):
        open_parts = [index for index, size in enumerate(sizes) if size < 10]
        sizes[rng.choice(open_parts)] += 1
    return sizes
