"""What can be asked of the event log: a person's tags, the pull stream, the ledger.

Every function takes a reading cursor and sees whole commits only.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from heat.schema import TAG_EVENTS

_IN_FORCE = """
    select * exclude (newest) from (
        select *, row_number() over (partition by tag_id order by seq desc) as newest
        from ops.tag_events
        where user_id = ? and tag_id is not null
    )
    where newest = 1 and kind <> 'withdrawn'
"""


@dataclass(frozen=True, slots=True)
class LandedTag:
    """One tag in force."""

    tag_id: str
    seq: int
    task_scope: str
    task_id: str
    task_title: str
    work_type: str
    intensity: int
    tagged_at: datetime
    tz_offset_min: int
    local_day: date
    labels: list[str]
    area: str | None
    source: str
    ingested_at: datetime
    offset_source: str
    batch_id: int
    content_hash: int


_TAG_COLUMNS = (
    "tag_id::varchar, seq, task_scope, task_id, task_title, work_type, intensity, tagged_at, "
    "tz_offset_min, local_day, labels, area, source, ingested_at, offset_source, batch_id, "
    "content_hash"
)


def tags_of(
    cursor: duckdb.DuckDBPyConnection,
    user_id: str,
    *,
    spans: Sequence[tuple[date, date]],
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> list[LandedTag]:
    """Tags in force of one person, newest first by (timestamp, tag id).

    :param spans: local days to look at, first and last inclusive.
    :param before: only tags after this (moment, tag id) in that order.
    """
    if not spans:
        return []
    days = " or ".join(["local_day between ? and ?"] * len(spans))
    where = [f"({days})"]
    parameters: list[Any] = [user_id, *(day for span in spans for day in span)]
    if before is not None:
        where.append("(tagged_at < ? or (tagged_at = ? and tag_id < ?::uuid))")
        parameters += [before[0], before[0], before[1]]
    rows = cursor.execute(
        f"select {_TAG_COLUMNS} from ({_IN_FORCE}) where {' and '.join(where)} "  # noqa: S608
        "order by tagged_at desc, tag_id desc limit ?",
        [*parameters, limit],
    ).fetchall()
    return [LandedTag(*row) for row in rows]


def tag_of(cursor: duckdb.DuckDBPyConnection, user_id: str, tag_id: str) -> LandedTag | None:
    """One tag in force, or ``None`` if there is none of that id."""
    row = cursor.execute(
        f"select {_TAG_COLUMNS} from ({_IN_FORCE}) where tag_id = ?::uuid",  # noqa: S608
        [user_id, tag_id],
    ).fetchone()
    return LandedTag(*row) if row else None


def events_after(
    cursor: duckdb.DuckDBPyConnection, after: int, limit: int
) -> tuple[pa.Table, int, bool]:
    """Events with a sequence number above ``after``, in order.

    :returns: the events (:data:`heat.schema.TAG_EVENTS`), the last number among them (``after``
        if there are none), and whether there are more.
    """
    columns = ", ".join(
        "tag_id::varchar as tag_id" if name == "tag_id" else name for name in TAG_EVENTS.names
    )
    table = cursor.execute(
        f"select {columns} from ops.tag_events where seq > ? order by seq limit ?",  # noqa: S608
        [after, limit + 1],
    ).to_arrow_table()
    has_more = table.num_rows > limit
    table = table.slice(0, limit).cast(TAG_EVENTS)
    last = table.column("seq")[-1].as_py() if table.num_rows else after
    return table, last, has_more


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was received and what became of it; ``residual`` is 0 while nothing is lost."""

    received: int
    stored: int
    duplicates: int
    conflicts: int
    rejected: int
    removed: int
    on_disk: int

    @property
    def residual(self) -> int:
        """Tags that were received and are neither on disk nor accounted for otherwise."""
        accounted = self.on_disk + self.removed + self.duplicates + self.conflicts + self.rejected
        return self.received - accounted

    def as_json(self) -> dict[str, int]:
        """The shape that ``GET /status`` answers."""
        return {
            "received": self.received,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "conflicts": self.conflicts,
            "rejected": self.rejected,
            "removed": self.removed,
            "residual": self.residual,
        }


def ledger(cursor: duckdb.DuckDBPyConnection, user_id: str | None = None) -> Ledger:
    """The ledger of everybody, or of one person."""
    where = "" if user_id is None else "where user_id = $user"
    parameters = {} if user_id is None else {"user": user_id}
    row = cursor.execute(
        f"""
        select * from
        (
            select
                coalesce(sum(received), 0)::bigint,
                coalesce(sum(stored), 0)::bigint,
                coalesce(sum(duplicates), 0)::bigint,
                coalesce(sum(conflicts), 0)::bigint,
                coalesce(sum(rejected), 0)::bigint
            from ops.batches {where}
        ),
        (select coalesce(sum(removed), 0)::bigint from ops.removals {where}),
        (select count(*) filter (kind = 'stored') from ops.tag_events {where})
        """,  # noqa: S608
        parameters,
    ).fetchone()
    return Ledger(*(row or (0,) * 7))


def in_force(cursor: duckdb.DuckDBPyConnection, up_to: int) -> tuple[int, int, int]:
    """Events, tags in force and their total intensity as of one sequence number.

    Few tags are ever corrected or withdrawn: only those are looked at one by one.
    """
    row = cursor.execute(
        """
        with

        events as (
            select seq, kind, user_id, tag_id, intensity
            from ops.tag_events
            where seq <= ? and kind <> 'cutoff'
        ),

        altered as (
            select user_id, tag_id, arg_max(kind, seq) as kind, arg_max(intensity, seq) as intensity
            from events
            where kind <> 'stored'
            group by user_id, tag_id
        ),

        tags as (
            select intensity from events anti join altered using (user_id, tag_id)
            union all
            select intensity from altered where kind <> 'withdrawn'
        )

        select
            (select count(*) from events),
            count(*),
            coalesce(sum(intensity), 0)::bigint
        from tags
        """,
        [up_to],
    ).fetchone()
    events, tags, intensity = row or (0, 0, 0)
    return events, tags, intensity


def newest_upload(cursor: duckdb.DuckDBPyConnection) -> datetime | None:
    """Moment of the last upload of anybody, or ``None`` before the first one."""
    row = cursor.execute("select max(received_at) from ops.batches").fetchone()
    return row[0] if row else None


def rejects_of(cursor: duckdb.DuckDBPyConnection, user_id: str, limit: int) -> list[dict[str, Any]]:
    """Rejected tags of one person, newest first, as they were sent and with the reasons."""
    rows = cursor.execute(
        """
        select reject_id::varchar, batch_id, position, received_at, errors, raw, raw_length
        from ops.rejects
        where user_id = ?
        order by batch_id desc, position
        limit ?
        """,
        [user_id, limit],
    ).fetchall()
    return [
        {
            "rejectId": reject_id,
            "batchId": batch_id,
            "index": position,
            "receivedAt": received_at,
            "errors": json.loads(errors),
            "raw": raw,
            "isWhole": len(raw) == raw_length,
        }
        for reject_id, batch_id, position, received_at, errors, raw, raw_length in rows
    ]
