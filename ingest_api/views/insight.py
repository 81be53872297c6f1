"""One sentence and one recommendation about a period: a table of rules, the first that holds.

Plain, kind words about work; never blame, never a claim about health, never a comparison with
other people. The rules and their order are those of the definitions ("Insight").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from heat.vocabulary import SHADOW_WORK, WorkType

BLOCKED_SHARE = 0.5
HEAVY_RATIO = 1.5
MANY_CRITICAL_DAYS = 3
UNPLANNED_SHARE = 0.6

_WORDS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True)
class Facts:
    """What a period says about one person.

    :param period_days: length of the period in days.
    :param intensities: work type → intensity.
    :param blocker_labels: label → intensity of the blockers that carry it.
    :param critical_streak: days and task of the longest active critical streak.
    :param load_ratio: load / usual, where there is a usual.
    :param critical_days: days of the band ``critical``.
    :param your: "your", or "their" for somebody else who reads it.
    """

    period_days: int
    intensities: Mapping[str, int]
    blocker_labels: Mapping[str, int] = field(default_factory=dict)
    critical_streak: tuple[int, str] | None = None
    load_ratio: float | None = None
    critical_days: int = 0
    your: str = "your"

    @property
    def total(self) -> int:
        """Intensity of all work types."""
        return sum(self.intensities.values())

    def share(self, *work_types: str) -> float:
        """Part of all intensity that went into some work types; 0 without any."""
        held = sum(self.intensities.get(work_type, 0) for work_type in work_types)
        return held / self.total if self.total else 0.0


@dataclass(frozen=True)
class Insight:
    """What is worth knowing, and what one may do about it."""

    sentence: str
    recommendation: str | None = None


def insight_of(facts: Facts) -> Insight | None:
    """The first rule that holds; ``None`` for a period without tags.

    >>> insight_of(Facts(7, {"Feature": 20, "Bug": 10})).sentence
    'The largest share of your effort in this week went into feature work: 67 %.'
    """
    return next((found for rule in RULES if (found := rule(facts)) is not None), None)


def _critical_streak(facts: Facts) -> Insight | None:
    if facts.critical_streak is None:
        return None
    days, task = facts.critical_streak
    return Insight(
        f"{_number(days)} days on {task}, one after another.",
        "Ask for a pair, or park it for a day.",
    )


def _blockers(facts: Facts) -> Insight | None:
    share = facts.share(WorkType.BLOCKER)
    if share < BLOCKED_SHARE:
        return None
    blocked = facts.intensities[WorkType.BLOCKER]
    label, most = max(facts.blocker_labels.items(), key=lambda held: held[1], default=("", 0))
    of_it = f", most of it {label}" if most * 2 > blocked else ""
    return Insight(
        f"{_percent(share)} of {_period(facts)} went into blockers{of_it}.",
        "Say at the next stand-up what would clear the way.",
    )


def _heavy_days(facts: Facts) -> Insight | None:
    if facts.load_ratio is None or facts.load_ratio < HEAVY_RATIO:
        return None
    your = facts.your
    return Insight(
        f"{your.capitalize()} last five tagged days were {facts.load_ratio:.1f} × {your} usual.",
        "See what can wait until next week.",
    )


def _critical_days(facts: Facts) -> Insight | None:
    if facts.critical_days < MANY_CRITICAL_DAYS:
        return None
    return Insight(
        f"{_number(facts.critical_days)} critical days in {_span(facts)}.",
        "Plan something lighter after the next one.",
    )


def _unplanned(facts: Facts) -> Insight | None:
    share = facts.share(*SHADOW_WORK)
    if share < UNPLANNED_SHARE:
        return None
    return Insight(
        f"{_percent(share)} of {_period(facts)} went into support, configuration and blockers.",
        "Bring it to planning, so that it gets a place in the plan.",
    )


def _largest_share(facts: Facts) -> Insight | None:
    if not facts.total:
        return None
    largest = max(facts.intensities, key=lambda work_type: facts.intensities[work_type])
    return Insight(
        f"The largest share of {_period(facts)} went into {_KINDS.get(largest, largest)}: "
        f"{_percent(facts.share(largest))}."
    )


RULES: tuple[Callable[[Facts], Insight | None], ...] = (
    _critical_streak,
    _blockers,
    _heavy_days,
    _critical_days,
    _unplanned,
    _largest_share,
)

_KINDS: dict[str, str] = {
    WorkType.FEATURE: "feature work",
    WorkType.BUG: "bugs",
    WorkType.BLOCKER: "blockers",
    WorkType.SUPPORT: "support",
    WorkType.CONFIG: "configuration",
    WorkType.RESEARCH: "research",
}


def _number(count: int) -> str:
    return _WORDS[count] if 0 < count < len(_WORDS) else str(count)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _span(facts: Facts) -> str:
    if facts.period_days == 1:
        return "this day"
    return "this week" if facts.period_days == 7 else f"these {facts.period_days} days"


def _period(facts: Facts) -> str:
    return f"{facts.your} effort in {_span(facts)}"
