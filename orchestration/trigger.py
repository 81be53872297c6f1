"""When a run is due: pure decisions, asked by the sensor and the schedules every few seconds.

No Dagster and no clock of its own in here: what the caller knows goes in, a reason comes out.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from orchestration.directory import Calendar

FIRST_RETRY_SECONDS = 15.0
LAST_RETRY_SECONDS = 300.0
"""After failures the next try waits twice as long each time, up to this."""


@dataclass(frozen=True)
class Memory:
    """What the sensor remembers between two looks.

    :param position: landing's head for which the last run was started.
    :param started_at: when that was, seconds since 1970.
    :param failures: runs that failed since the last one that published.
    """

    position: str = ""
    started_at: float = 0.0
    failures: int = 0

    @classmethod
    def from_json(cls, text: str | None) -> Self:
        """Read it back; nothing remembered, or nothing readable, is a new start.

        >>> Memory.from_json(None)
        Memory(position='', started_at=0.0, failures=0)
        """
        try:
            return cls(**json.loads(text or "{}"))
        except (TypeError, ValueError):
            return cls()

    def as_json(self) -> str:
        """The memory as text."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Decision:
    """Whether a run is due, why or why not, and what to remember."""

    due: bool
    reason: str
    memory: Memory


def decide(
    head: Mapping[str, Any],
    last_run: Mapping[str, Any] | None,
    memory: Memory,
    *,
    now: float,
    newest_start: float,
    min_interval: Callable[[], float],
) -> Decision:
    """Decide whether what landed calls for a run now; none is queued or under way.

    :param head: landing's ``epoch``, ``seq`` and ``configVersion``.
    :param last_run: ``LAST_RUN.json``, whoever ran it.
    :param now: seconds since 1970.
    :param newest_start: when any run was started last, seconds since 1970.
    :param min_interval: ``refresh.minIntervalSeconds``; asked only if there is something new.
    """
    position = f"{head['epoch']}:{head['seq']}:{head['configVersion']}"
    if last_run is not None and _covers(last_run, head):
        return Decision(False, f"nothing new after {head['seq']}", memory)
    failures = 0 if _published_since(last_run, memory.started_at) else memory.failures
    wait = max(min_interval(), _retry_delay(failures))
    began = max(memory.started_at, newest_start)
    if now - began < wait:
        why = f"after {failures} failed runs" if failures else "refresh.minIntervalSeconds"
        left = f"{wait - (now - began):.0f} s to wait"
        return Decision(False, f"{left} ({why})", memory)
    # counted as failed until it is seen to have published
    return Decision(True, f"landing is at {head['seq']}", Memory(position, now, failures + 1))


def _covers(last_run: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    return (
        last_run.get("outcome") == "published"
        and last_run.get("epoch") == head["epoch"]
        and last_run["seq"] >= head["seq"]
        and last_run["configVersion"] >= head["configVersion"]
    )


def _published_since(last_run: Mapping[str, Any] | None, moment: float) -> bool:
    if last_run is None or last_run.get("outcome") != "published":
        return False
    return datetime.fromisoformat(last_run["finishedAt"]).timestamp() >= moment


def _retry_delay(failures: int) -> float:
    """Seconds to wait after some failed runs in a row.

    >>> [_retry_delay(n) for n in (0, 1, 2, 9)]
    [0.0, 15.0, 30.0, 300.0]
    """
    if failures == 0:
        return 0.0
    return min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(failures - 1, 10))


def zones_past_midnight(zones: Iterable[str], since: datetime, now: datetime) -> list[str]:
    """Zones in which a new day has begun between two moments.

    Asked against the newest snapshot rather than the clock: a midnight that nobody was awake
    for is caught up at the next look.

    >>> moments = datetime(2026, 3, 1, 14, 50, tzinfo=UTC), datetime(2026, 3, 1, 15, 5, tzinfo=UTC)
    >>> zones_past_midnight(["Asia/Tokyo", "UTC"], *moments)
    ['Asia/Tokyo']
    """
    return [zone for zone in zones if Calendar(since).today(zone) < Calendar(now).today(zone)]


def begun_at(snapshot_name: str) -> datetime:
    """When the run behind a snapshot began, by its file name.

    >>> begun_at("heat-20260301T145000Z-00ff00ff.duckdb").isoformat()
    '2026-03-01T14:50:00+00:00'
    """
    stamp = snapshot_name.split("-")[1]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def is_abandoned(started_at: float, now: float, *, lock_is_held: bool) -> bool:
    """Whether a run that calls itself under way has lost its process.

    A living one holds the pipeline lock, but for its first and last seconds.
    """
    return not lock_is_held and now - started_at > timedelta(minutes=2).total_seconds()
