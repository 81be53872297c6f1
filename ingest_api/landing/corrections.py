"""Corrections and withdrawals: further events about a tag, never a change of the first one.

Both carry the whole row, so whoever reads the newest event of a tag knows all of it.
"""

import time
from collections.abc import Callable
from typing import Any

import duckdb

from heat.vocabulary import EventKind
from ingest_api.landing import reads
from ingest_api.landing.directory import Directory
from ingest_api.landing.events import EventLog, event_row
from ingest_api.landing.offsets import resolve
from ingest_api.landing.reads import LandedTag
from ingest_api.landing.validation import Reasons, Tag, expired, read_tag
from ingest_api.landing.writer import Refused

_FIXED = ("tagId", "userId", "id")


class NoSuchTagError(Refused):
    """The person has no tag in force of that id."""


class InvalidTagError(Refused):
    """The tag would not be valid after the correction; ``reasons`` name the fields."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__("; ".join(f"{each['field']}: {each['reason']}" for each in reasons))
        self.reasons = reasons


def correcting(
    user_id: str, tag_id: str, fields: dict[str, Any], directory: Directory, keep_days: int
) -> Callable[[duckdb.DuckDBPyConnection, EventLog], int]:
    """The change that replaces some fields of a tag; it answers the event's number.

    :param fields: API names and new values; ``tagId`` and ``userId`` cannot be changed.
    :param keep_days: ``retention.days``; a tag cannot be moved to a day that is not kept.
    """

    def change(connection: duckdb.DuckDBPyConnection, events: EventLog) -> int:
        old = _in_force(connection, user_id, tag_id)
        now_ms = time.time_ns() // 1_000_000
        sent = {key: value for key, value in fields.items() if key not in _FIXED}
        new = read_tag({**_as_sent(old), **sent}, user_id, now_ms, fixed_id=tag_id)
        if not isinstance(new, Tag):
            raise InvalidTagError(new)
        # the offset was said for the old moment: it stays, unless the moment or the offset changes
        if "timestamp" in sent or "tzOffsetMin" in sent:
            new.tz_offset_min, new.offset_source = resolve(
                directory, user_id, new.timestamp_ms, sent.get("tzOffsetMin")
            )
        else:
            new.tz_offset_min, new.offset_source = old.tz_offset_min, old.offset_source
        if too_old := expired(new, keep_days, now_ms):
            raise InvalidTagError(too_old)
        return _append(connection, events, EventKind.CORRECTED, new, old)

    return change


def withdrawing(user_id: str, tag_id: str) -> Callable[[duckdb.DuckDBPyConnection, EventLog], int]:
    """The change that withdraws a tag; it answers the event's number."""

    def change(connection: duckdb.DuckDBPyConnection, events: EventLog) -> int:
        old = _in_force(connection, user_id, tag_id)
        now_ms = time.time_ns() // 1_000_000
        same = read_tag(_as_sent(old), user_id, max(now_ms, _ms(old)), fixed_id=tag_id)
        if not isinstance(same, Tag):
            raise InvalidTagError(same)
        same.tz_offset_min, same.offset_source = old.tz_offset_min, old.offset_source
        return _append(connection, events, EventKind.WITHDRAWN, same, old)

    return change


def _in_force(connection: duckdb.DuckDBPyConnection, user_id: str, tag_id: str) -> LandedTag:
    tag = reads.tag_of(connection, user_id, tag_id)
    if tag is None:
        raise NoSuchTagError(tag_id)
    return tag


def _append(
    connection: duckdb.DuckDBPyConnection,
    events: EventLog,
    kind: EventKind,
    tag: Tag,
    old: LandedTag,
) -> int:
    # the first upload stays what duplicates are compared with
    tag.content_hash = old.content_hash
    now = time.time_ns() // 1_000
    events.append(connection, [event_row(events.seq + 1, kind, tag, old.batch_id, now)])
    return events.seq


def _ms(tag: LandedTag) -> int:
    return round(tag.tagged_at.timestamp() * 1_000)


def _as_sent(tag: LandedTag) -> dict[str, Any]:
    return {
        "taskScope": tag.task_scope,
        "taskId": tag.task_id,
        "taskTitle": tag.task_title,
        "workType": tag.work_type,
        "intensity": tag.intensity,
        "timestamp": _ms(tag),
        "tzOffsetMin": tag.tz_offset_min,
        "labels": tag.labels,
        "area": tag.area,
        "source": tag.source,
    }
