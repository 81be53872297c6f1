"""The event log as the writer thread keeps it: verdicts, sequence numbers, one transaction.

Everything here runs in the writer thread alone. What it remembers between transactions is
re-read from the file after anything goes wrong, so memory never claims more than the disk.
"""

import json
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from heat.vocabulary import EventKind, Verdict
from ingest_api.landing import inserts
from ingest_api.landing.known import Known, KnownTags
from ingest_api.landing.validation import Reasons, Tag

RAW_LIMIT = 8_192
"""Characters of a rejected tag that are kept; ``raw_length`` says how long it was."""

_First = tuple[int, bool]
"""Content hash of a tag's first upload, and whether it was corrected or withdrawn since."""


@dataclass(slots=True)
class Reject:
    """One tag that was refused: its position in the upload, why, and its JSON as it was sent."""

    position: int
    user_id: str
    reasons: Reasons
    raw: str


@dataclass(slots=True)
class Batch:
    """One upload after validation: valid tags and refused ones, each in the order sent."""

    tags: list[Tag] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What became of one batch: its number and a verdict per valid tag, in their order."""

    batch_id: int
    verdicts: list[Verdict]


class EventLog:
    """Sequence numbers and known tags of an open landing store."""

    def __init__(self) -> None:
        self.seq = 0
        self.batch_id = 0
        self.is_stale = True
        self._known: KnownTags
        self._users: set[str] = set()

    def reload(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Re-read everything that is remembered from the file."""
        row = connection.execute("select value, batch_id from ops.sequence").fetchone()
        self.seq, self.batch_id = row or (0, 0)
        self._known = KnownTags.load(connection)
        self.reload_people(connection)
        self.is_stale = False

    def reload_people(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Re-read who is in the directory, after a change of it."""
        rows = connection.execute("select user_id from ops.users").fetchall()
        self._users = {str(user_id) for (user_id,) in rows}

    def land(
        self, connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]
    ) -> tuple[list[Outcome], frozenset[str]]:
        """Store a group of batches in one transaction; they are on disk when this returns.

        :returns: an outcome per batch, and the people who were not in the directory yet; they
            were added to it without a team.
        :raises duckdb.Error: if it cannot be committed; then nothing of the group is stored, or
            (a failure while committing) all of it, which :meth:`reload` finds out.
        """
        now = time.time_ns() // 1_000
        tags = [tag for batch in batches for tag in batch.tags]
        known, landed = self._look_up(connection, tags)
        states = iter(known)
        seq, batch_id = self.seq, self.batch_id
        outcomes: list[Outcome] = []
        events: list[tuple[Any, ...]] = []
        ledger: list[tuple[Any, ...]] = []
        rejects: list[tuple[Any, ...]] = []
        new: list[Tag] = []
        for batch in batches:
            batch_id += 1
            counts: dict[str, dict[Verdict, int]] = {}
            verdicts = []
            for tag in batch.tags:
                verdict = _verdict(tag, next(states), landed)
                verdicts.append(verdict)
                _count(counts, tag.user_id, verdict)
                if verdict is Verdict.STORED:
                    seq += 1
                    new.append(tag)
                    events.append(event_row(seq, EventKind.STORED, tag, batch_id, now))
            for reject in batch.rejects:
                _count(counts, reject.user_id, Verdict.REJECTED)
                rejects.append(_reject_row(reject, batch_id, now))
            ledger += [_ledger_row(batch_id, user, now, count) for user, count in counts.items()]
            outcomes.append(Outcome(batch_id, verdicts))
        strangers = frozenset(tag.user_id for tag in new) - self._users

        connection.begin()
        self._write_marks(connection, seq, batch_id)
        inserts.EVENTS.insert(connection, events)
        inserts.BATCHES.insert(connection, ledger)
        inserts.REJECTS.insert(connection, rejects)
        if strangers:
            add_users(connection, strangers)
        connection.commit()

        self.seq, self.batch_id = seq, batch_id
        self._users |= strangers
        self._known.add([tag.key for tag in new], [tag.content_hash for tag in new])
        return outcomes, strangers

    def forget_removed(self) -> None:
        """Rows were removed: what is known has to be re-read before the next upload."""
        self.is_stale = True

    def append(
        self, connection: duckdb.DuckDBPyConnection, rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Append events other than uploads, in the caller's transaction.

        ``rows`` carry the numbers ``self.seq + 1`` and following.
        """
        self.seq += len(rows)
        self._write_marks(connection, self.seq, self.batch_id)
        inserts.EVENTS.insert(connection, rows)

    @staticmethod
    def _write_marks(connection: duckdb.DuckDBPyConnection, seq: int, batch_id: int) -> None:
        connection.execute("update ops.sequence set value = ?, batch_id = ?", [seq, batch_id])

    def _look_up(
        self, connection: duckdb.DuckDBPyConnection, tags: Sequence[Tag]
    ) -> tuple[list[Known], dict[tuple[str, str], _First]]:
        known = self._known.look_up([tag.key for tag in tags], [tag.content_hash for tag in tags])
        unsure = [tag for tag, state in zip(tags, known, strict=True) if state is Known.ASK]
        return known, _first_uploads(connection, unsure) if unsure else {}


def _verdict(tag: Tag, state: Known, landed: dict[tuple[str, str], _First]) -> Verdict:
    if state is Known.SAME:
        return Verdict.DUPLICATE
    who = (tag.user_id, tag.tag_id)
    if who in landed:
        first, is_altered = landed[who]
        is_same = is_altered or first == tag.content_hash
        return Verdict.DUPLICATE if is_same else Verdict.CONFLICT
    # the next one of this id in the same group meets it here
    landed[who] = (tag.content_hash, False)
    return Verdict.STORED


def event_row(seq: int, kind: EventKind, tag: Tag, batch_id: int, now: int) -> tuple[Any, ...]:
    """The row of an event, in the order of :data:`ingest_api.landing.inserts.EVENTS`."""
    return (
        seq, kind.value, tag.user_id, tag.tag_id, batch_id, tag.task_scope, tag.task_id,
        tag.task_title, tag.work_type, tag.intensity, tag.timestamp_ms * 1_000, tag.tz_offset_min,
        tag.offset_source, tag.local_day, tag.labels, tag.area, tag.source, now, tag.content_hash,
    )  # fmt: skip


def add_users(connection: duckdb.DuckDBPyConnection, user_ids: Iterable[str]) -> None:
    """Add people of whom only the id is known, in the caller's transaction."""
    for user_id in sorted(user_ids):
        connection.execute("insert into ops.users values (?, ?, null, null)", [user_id, user_id])
    bump_config(connection)


def bump_config(connection: duckdb.DuckDBPyConnection) -> None:
    """Say that directory, days off or thresholds changed, in the caller's transaction."""
    connection.execute(
        "update ops.meta set value = (value::bigint + 1)::varchar where key = 'config_version'"
    )


def _first_uploads(
    connection: duckdb.DuckDBPyConnection, tags: Sequence[Tag]
) -> dict[tuple[str, str], _First]:
    rows = connection.execute(
        """
        select user_id, tag_id::varchar, arg_min(content_hash, seq), bool_or(kind <> 'stored')
        from ops.tag_events
        where tag_id in (select unnest(?::varchar[])::uuid)
        group by all
        """,
        [[tag.tag_id for tag in tags]],
    ).fetchall()
    return {(user, tag_id): (first, altered) for user, tag_id, first, altered in rows}


def _count(counts: dict[str, dict[Verdict, int]], user_id: str, verdict: Verdict) -> None:
    per_user = counts.setdefault(user_id, dict.fromkeys(Verdict, 0))
    per_user[verdict] += 1


def _ledger_row(
    batch_id: int, user_id: str, now: int, count: dict[Verdict, int]
) -> tuple[Any, ...]:
    return (
        batch_id, user_id, now, sum(count.values()), count[Verdict.STORED],
        count[Verdict.DUPLICATE], count[Verdict.CONFLICT], count[Verdict.REJECTED],
    )  # fmt: skip


def _reject_row(reject: Reject, batch_id: int, now: int) -> tuple[Any, ...]:
    return (
        str(uuid.uuid4()), batch_id, reject.position, reject.user_id, now,
        json.dumps(reject.reasons), reject.raw[:RAW_LIMIT], len(reject.raw),
    )  # fmt: skip
