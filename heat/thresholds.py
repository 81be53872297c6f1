"""Thresholds: every limit that a team may tune, validated as a whole.

The names are the contract's (``streak.warningDays``); a metric reads them from
``raw.thresholds``, which is filled from :meth:`Thresholds.flat`.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from heat.vocabulary import Band

Limit = Annotated[int, Field(ge=1, le=10_000)]
Days = Annotated[int, Field(ge=1, le=3_660)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HeatLimits(_Group):
    """Bands of a day's total intensity: below each limit, in this order."""

    coolBelow: Limit = 5
    normalBelow: Limit = 15
    warmBelow: Limit = 30

    @model_validator(mode="after")
    def _limits_rise(self) -> "HeatLimits":
        if not self.coolBelow < self.normalBelow:
            raise ValueError(
                f"normalBelow ({self.normalBelow}) must be above coolBelow ({self.coolBelow})"
            )
        if not self.normalBelow < self.warmBelow:
            raise ValueError(
                f"warmBelow ({self.warmBelow}) must be above normalBelow ({self.normalBelow})"
            )
        return self


class StreakLimits(_Group):
    """When a streak warns, when it is critical, and what counts as a day of it."""

    warningDays: Annotated[int, Field(ge=2, le=365)] = 3
    criticalDays: Annotated[int, Field(ge=2, le=365)] = 5
    minDailyIntensity: Limit = 1
    skipRestDays: bool = False

    @model_validator(mode="after")
    def _critical_above_warning(self) -> "StreakLimits":
        if not self.criticalDays > self.warningDays:
            raise ValueError(
                f"criticalDays ({self.criticalDays}) must be above warningDays ({self.warningDays})"
            )
        return self


class Calendar(_Group):
    """Weekdays on which nobody is expected to work (1 = Monday … 7 = Sunday)."""

    restDays: Annotated[tuple[Weekday, ...], Field(max_length=6)] = (6, 7)

    @model_validator(mode="after")
    def _each_once(self) -> "Calendar":
        if len(set(self.restDays)) != len(self.restDays):
            raise ValueError("restDays names a weekday twice")
        return self


class OverloadLimits(_Group):
    """Critical days among the last five tagged days that make an overload."""

    days: Annotated[int, Field(ge=1, le=5)] = 2


class BusFactorLimits(_Group):
    """Share, window and smallest area of the bus factor; global, since areas cross teams."""

    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    windowDays: Annotated[int, Field(ge=7, le=3_660)] = 90
    minTags: Limit = 10


class TrendLimits(_Group):
    """How far a week must leave its baseline to be a spike."""

    z: Annotated[float, Field(gt=0, le=100)] = 3.5
    minIntensity: Limit = 15


class PrivacyLimits(_Group):
    """Smallest group of people that an aggregate may speak of."""

    minGroupSize: Annotated[int, Field(ge=3, le=1_000)] = 5


class Retention(_Group):
    """Local days that person-level rows are kept; 0 keeps them."""

    days: Annotated[int, Field(ge=0, le=36_600)] = 90


class Refresh(_Group):
    """Seconds that must pass between the starts of two triggered runs."""

    minIntervalSeconds: Annotated[int, Field(ge=0, le=86_400)] = 60


class Thresholds(_Group):
    """One whole set of thresholds.

    >>> Thresholds().streak.warningDays
    3
    >>> Thresholds().band(15)
    <Band.WARM: 'warm'>
    """

    heat: HeatLimits = HeatLimits()
    streak: StreakLimits = StreakLimits()
    calendar: Calendar = Calendar()
    overload: OverloadLimits = OverloadLimits()
    busFactor: BusFactorLimits = BusFactorLimits()
    trend: TrendLimits = TrendLimits()
    privacy: PrivacyLimits = PrivacyLimits()
    retention: Retention = Retention()
    refresh: Refresh = Refresh()

    def band(self, total_intensity: int) -> Band:
        """Band of one day's total intensity, as ``fct_daily_intensity.band`` draws it.

        The model owns the rule; this answers for the day that is still running, and a test
        holds the two together.
        """
        if total_intensity < self.heat.coolBelow:
            return Band.COOL
        if total_intensity < self.heat.normalBelow:
            return Band.NORMAL
        if total_intensity < self.heat.warmBelow:
            return Band.WARM
        return Band.CRITICAL

    def flat(self) -> dict[str, Any]:
        """Dotted keys and values, as stored, published and shown.

        >>> Thresholds().flat()["calendar.restDays"]
        [6, 7]
        """
        groups = self.model_dump(mode="json")
        return {f"{group}.{key}": v for group, keys in groups.items() for key, v in keys.items()}

    def merged(self, changes: Mapping[str, Any]) -> "Thresholds":
        """This set with some dotted keys changed, validated as a whole.

        :param changes: dotted key → new value.
        :raises ThresholdError: naming the field and what is wrong with it.

        >>> Thresholds().merged({"streak.warningDays": 4}).streak.warningDays
        4
        """
        groups = self.model_dump(mode="json")
        for dotted, value in changes.items():
            group, _, key = dotted.partition(".")
            if group not in groups or key not in groups[group]:
                raise ThresholdError(dotted, "unknown threshold")
            groups[group][key] = value
        try:
            # JSON strict mode: arrays are lists, but "4" and 4.0 are no whole numbers
            return Thresholds.model_validate_json(json.dumps(groups), strict=True)
        except ValidationError as error:
            raise ThresholdError.from_pydantic(error) from None


class ThresholdError(ValueError):
    """A threshold that cannot be: ``field`` names it, ``reason`` says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason

    @classmethod
    def from_pydantic(cls, error: ValidationError) -> "ThresholdError":
        """The first of pydantic's complaints, in our words."""
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
        return cls(field, first["msg"].removeprefix("Value error, "))
