"""Rows into landing's tables, in the form that is quickest for their number.

Up to 16 rows as VALUES, more as an Arrow table: measured on an idle machine, 16 rows cost 1.9 ms
as VALUES and 1.9 ms through Arrow, 100 rows 57 and 2.3 ms (and 221 ms through ``executemany``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

FEW = 16

Row = Sequence[Any]


@dataclass(frozen=True)
class Target:
    """A table and how each of its columns crosses over.

    ``columns``: name → (Arrow type, SQL that turns the value ``{}`` into the column's type).
    """

    table: str
    columns: dict[str, tuple[pa.DataType, str]]

    def insert(self, connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
        """Insert ``rows``, whose values stand in the order of ``columns``."""
        if not rows:
            return
        names = ", ".join(self.columns)
        if len(rows) <= FEW:
            one = ", ".join(sql.format("?") for _, sql in self.columns.values())
            values = ", ".join([f"({one})"] * len(rows))
            parameters = [value for row in rows for value in row]
            connection.execute(f"insert into {self.table} ({names}) values {values}", parameters)  # noqa: S608
            return
        schema = pa.schema([(name, kind) for name, (kind, _) in self.columns.items()])
        arrays = [
            pa.array(values, kind)
            for values, (kind, _) in zip(
                zip(*rows, strict=True), self.columns.values(), strict=True
            )
        ]
        select = ", ".join(sql.format(name) for name, (_, sql) in self.columns.items())
        # found by its name as a local of this frame: registering would write to the catalog
        arriving = pa.Table.from_arrays(arrays, schema=schema)
        connection.execute(f"insert into {self.table} ({names}) select {select} from arriving")  # noqa: S608
        del arriving


_TEXT = (pa.string(), "{}")
_DAY = (pa.int32(), "(date '1970-01-01' + {}::integer)")
_MOMENT = (pa.int64(), "make_timestamptz({}::bigint)")

EVENTS = Target(
    "ops.tag_events",
    {
        "seq": (pa.int64(), "{}"),
        "kind": _TEXT,
        "user_id": _TEXT,
        "tag_id": (pa.string(), "{}::uuid"),
        "batch_id": (pa.int64(), "{}"),
        "task_scope": _TEXT,
        "task_id": _TEXT,
        "task_title": _TEXT,
        "work_type": _TEXT,
        "intensity": (pa.int8(), "{}"),
        "tagged_at": _MOMENT,
        "tz_offset_min": (pa.int16(), "{}"),
        "offset_source": _TEXT,
        "local_day": _DAY,
        "labels": (pa.list_(pa.string()), "{}"),
        "area": _TEXT,
        "source": _TEXT,
        "ingested_at": _MOMENT,
        "content_hash": (pa.uint64(), "{}"),
    },
)
"""Moments are microseconds since 1970 (UTC), days are days since 1970-01-01."""

BATCHES = Target(
    "ops.batches",
    {
        "batch_id": (pa.int64(), "{}"),
        "user_id": _TEXT,
        "received_at": _MOMENT,
        **{
            name: (pa.int32(), "{}")
            for name in ("received", "stored", "duplicates", "conflicts", "rejected")
        },
    },
)

REJECTS = Target(
    "ops.rejects",
    {
        "reject_id": (pa.string(), "{}::uuid"),
        "batch_id": (pa.int64(), "{}"),
        "position": (pa.int32(), "{}"),
        "user_id": _TEXT,
        "received_at": _MOMENT,
        "errors": _TEXT,
        "raw": _TEXT,
        "raw_length": (pa.int32(), "{}"),
    },
)
