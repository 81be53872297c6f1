"""The words of HEAT: work types, bands, levels, verdicts, roles.

Every other room uses these names; what the numbers behind them mean is said by the dbt models.
"""

from enum import StrEnum


class WorkType(StrEnum):
    """What kind of work a tag speaks of."""

    FEATURE = "Feature"
    BUG = "Bug"
    BLOCKER = "Blocker"
    SUPPORT = "Support"
    CONFIG = "Config"
    RESEARCH = "Research"


class Band(StrEnum):
    """How hot a day is, by its total intensity."""

    COOL = "cool"
    NORMAL = "normal"
    WARM = "warm"
    CRITICAL = "critical"


class Level(StrEnum):
    """How far a streak has come, by its tagged days."""

    NONE = "none"
    MONITOR = "monitor"
    WARNING = "warning"
    CRITICAL = "critical"


class Verdict(StrEnum):
    """What became of one uploaded tag."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class EventKind(StrEnum):
    """What one row of the landing's event log says."""

    STORED = "stored"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    CUTOFF = "cutoff"


class Role(StrEnum):
    """What a token may be used for at most."""

    DEVELOPER = "developer"
    MANAGER = "manager"
    ANALYST = "analyst"
    ADMIN = "admin"
    SERVICE = "service"


class Visibility(StrEnum):
    """Whether a team's managers see its members by name or only as a group."""

    NAMED = "named"
    AGGREGATE = "aggregate"


NO_TICKET = "no-ticket"
"""Task scope of meetings, helping and on-call: counts for intensity, never forms streaks."""

OTHER_TASKS = "other tasks"
"""Name of the pool that hides tasks of too few people."""

ANOTHER_TEAM = "another team"
"""Name of the people outside the viewer's teams."""

SHADOW_WORK = (WorkType.SUPPORT, WorkType.CONFIG, WorkType.BLOCKER)
"""Work types that HEAT reads as work nobody planned."""
