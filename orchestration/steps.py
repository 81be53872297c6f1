"""What the steps of a run hand to each other, and how a step fails.

Plain dataclasses without Dagster, dbt or Great Expectations: every step and both ways of
running them (command line, Dagster) import this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Check:
    """One question an audit asked, and its answer.

    :param name: stable name, shown in the views and in Dagster.
    :param passed: whether the data may go on.
    :param message: one sentence with counts, never with anybody's values.
    :param blocking: ``False`` for a check that only warns.
    :param counts: numbers behind the answer.
    """

    name: str
    passed: bool
    message: str
    blocking: bool = True
    counts: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The check as it stands in ``meta.snapshot.audits``."""
        return {"passed": self.passed, "blocking": self.blocking, **self.counts}


@dataclass(frozen=True)
class Pulled:
    """What a pull brought.

    :param epoch: epoch of the landing.
    :param seq: highest sequence in the warehouse now.
    :param rows: events that this pull added.
    :param config_version: version of directory and thresholds that was pulled.
    :param started_over: whether the warehouse was thrown away first.
    :param as_of_day: latest of all people's todays, or the fixed day.
    """

    epoch: str
    seq: int
    rows: int
    config_version: int
    started_over: bool
    as_of_day: date


@dataclass(frozen=True)
class NodeResult:
    """One dbt node of a build; ``status`` is dbt's word: success, pass, fail, error, skipped."""

    unique_id: str
    tested: str
    """Of a data test: unique id of the model that it is about; else empty."""

    name: str
    kind: str
    status: str
    seconds: float
    failures: int | None
    message: str | None


@dataclass(frozen=True)
class Built:
    """What ``dbt build`` did, node by node."""

    nodes: Sequence[NodeResult]
    full_refresh: bool


@dataclass(frozen=True)
class Published:
    """A snapshot that readers can open."""

    snapshot_id: str
    file_name: str
    built_at: datetime
    rows: Mapping[str, int]


class StepError(RuntimeError):
    """A step could not do its work: the message is one sentence for the person who runs it."""


class AuditFailedError(StepError):
    """Data did not hold; nothing is published.

    :param checks: the ones that failed.
    :param nodes: of a build, what became of every node.
    """

    def __init__(self, checks: Sequence[Check], nodes: Sequence[NodeResult] = ()) -> None:
        names = ", ".join(check.name for check in checks)
        super().__init__(f"failed checks: {names}")
        self.checks = checks
        self.nodes = nodes


def require(checks: Sequence[Check]) -> None:
    """Let a run go on only if no blocking check failed.

    :raises AuditFailedError: naming those that did.

    >>> require([Check("volume", False, "half the usual tags", blocking=False)])
    """
    failed = [check for check in checks if check.blocking and not check.passed]
    if failed:
        raise AuditFailedError(failed)
