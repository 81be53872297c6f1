"""A warehouse written row by row and built by dbt for real; no landing, no snapshot.

Rows of ``raw`` are given as the pull would write them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa

from heat.home import Home
from heat.thresholds import Thresholds
from orchestration import build
from orchestration.directory import replace_rows
from orchestration.warehouse import warehouse

EVENT = {
    "kind": "stored",
    "task_scope": "jira.example.org",
    "task_id": "HEAT-1",
    "task_title": "",
    "work_type": "Bug",
    "intensity": 1,
    "tz_offset_min": 0,
    "labels": [],
    "area": None,
    "source": "test",
}


def event(seq: int, user_id: str, tag: int, day: date, **changes: Any) -> dict[str, Any]:
    """One landing event about tag number ``tag`` of a user, at noon of its local day."""
    return {
        "seq": seq,
        "user_id": user_id,
        "tag_id": str(UUID(int=tag)),
        # a moment of its own for each tag: which of two is the newer is then no accident
        "tagged_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        + timedelta(microseconds=tag),
        "local_day": day,
        "ingested_at": datetime(2026, 1, 1, tzinfo=UTC),
        **EVENT,
        **changes,
    }


@dataclass(frozen=True)
class WrittenWarehouse:
    """The warehouse of one home, with a way to write, build and read it."""

    home: Home

    def write(self, **tables: Sequence[tuple[Any, ...]]) -> None:
        """Make these rows the whole content of tables of ``raw``."""
        with warehouse(self.home) as connection:
            for name, rows in tables.items():
                replace_rows(connection, name, rows)

    def write_thresholds(self, sets: Mapping[str, Thresholds]) -> None:
        """Resolved thresholds by team; ``default`` is one of them."""
        rows = [
            (team, key, json.dumps(value))
            for team, thresholds in sets.items()
            for key, value in thresholds.flat().items()
        ]
        self.write(thresholds=rows)

    def run_as_of(self, day: date) -> None:
        """Fix the as-of day of the run; people have their own in ``users``."""
        self.write(run=[("run", datetime(2026, 1, 1, tzinfo=UTC), day, True)])

    def land(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Append landing events."""
        given = pa.Table.from_pylist(list(events))
        with warehouse(self.home) as connection:
            connection.register("given_events", given)
            connection.execute("insert into raw.tag_events by name select * from given_events")

    def build(self, *, full_refresh: bool = False) -> None:
        """Build every model and let every data test pass.

        :raises StepError: if a model could not be built.
        :raises AuditFailedError: if a data test failed.
        """
        build.judge(build.run_dbt(self.home, full_refresh=full_refresh).nodes)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Answer of one query."""
        with warehouse(self.home, read_only=True) as connection:
            return connection.execute(query).fetchall()
