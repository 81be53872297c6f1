"""Retention: one event with a cut-off day, and the rows before it gone, in one transaction.

The cut-off is the day that ``retention.days`` before today leaves where on Earth it is earliest,
so a tag that was accepted as young enough is never removed the same night.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from heat.vocabulary import EventKind
from ingest_api.landing.events import EventLog

_EPOCH_DAY = date(1970, 1, 1)

# removing only the older rows would bring back what a tag said before it was moved to an older day
_TOO_OLD = """(
    local_day < $day
    or (user_id, tag_id) in (
        select (user_id, tag_id)
        from ops.tag_events
        where tag_id is not null
        group by user_id, tag_id
        having arg_max(local_day, seq) < $day
    )
)"""


@dataclass(frozen=True, slots=True)
class Cut:
    """What a retention run did; ``day`` is the first day kept, ``None`` if all are."""

    day: date | None
    removed: int
    seq: int

    def as_json(self) -> dict[str, Any]:
        """The shape that ``POST /internal/v1/retention`` answers."""
        day = self.day.isoformat() if self.day else None
        return {"cutoffDay": day, "removed": self.removed, "seq": self.seq}


def first_day_kept(keep_days: int, now: datetime) -> date | None:
    """First local day that is kept; ``None`` with ``retention.days`` 0.

    >>> first_day_kept(90, datetime(2026, 11, 25, 12, tzinfo=UTC)).isoformat()
    '2026-08-27'
    """
    if keep_days == 0:
        return None
    earliest_today = (now - timedelta(hours=12)).date()
    return earliest_today - timedelta(days=keep_days)


def applying(keep_days: int) -> Callable[[duckdb.DuckDBPyConnection, EventLog], Cut]:
    """The change that applies the cut-off of this moment.

    :param keep_days: ``retention.days``; 0 removes nothing.
    """

    def change(connection: duckdb.DuckDBPyConnection, events: EventLog) -> Cut:
        day = first_day_kept(keep_days, datetime.now(UTC))
        if day is None:
            return Cut(None, 0, events.seq)
        return _cut(connection, events, day)

    return change


def _cut(connection: duckdb.DuckDBPyConnection, events: EventLog, day: date) -> Cut:
    now = time.time_ns() // 1_000
    since_epoch = (day - _EPOCH_DAY).days
    events.append(connection, [_cutoff_row(events.seq + 1, since_epoch, now)])
    connection.execute(
        f"""
        insert into ops.removals
        select user_id, count(*), 'retention', $seq, make_timestamptz($now::bigint)
        from ops.tag_events
        where kind = 'stored' and {_TOO_OLD}
        group by user_id
        """,  # noqa: S608
        {"seq": events.seq, "now": now, "day": day},
    )
    removed = connection.execute(
        f"delete from ops.tag_events where kind <> 'cutoff' and {_TOO_OLD}",  # noqa: S608
        {"day": day},
    ).fetchone()
    connection.execute("delete from ops.rejects where received_at < ?", [day])
    events.forget_removed()
    return Cut(day, removed[0] if removed else 0, events.seq)


def _cutoff_row(seq: int, day: int, now: int) -> tuple[Any, ...]:
    return (
        seq, EventKind.CUTOFF.value, "", None, None, None, None, None, None, None, None, None,
        None, day, None, None, None, now, None,
    )  # fmt: skip
