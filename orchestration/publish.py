"""Publish: the marts into a new snapshot file, then the pointer to it.

A file appears under its name only when it is whole and on disk, and never changes after that.
Which file is current is one line in ``CURRENT``; how the last run ended stands beside it.
"""

import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from heat.home import FILE_MODE, Home, replace_file, sync_folder
from heat.schema import MARTS
from heat.snapshot import current_snapshot
from orchestration.steps import Check, Published, StepError
from orchestration.warehouse import limits

KEEP_NEWEST = 3
KEEP_SECONDS = 600.0
"""A reader that has just chosen a file may take this long to open it."""

SNAPSHOT_NAME = re.compile(r"heat-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\.duckdb")
UNFINISHED = ".building-"

META = """
create table snap.meta.snapshot as
    select
        cast($snapshot_id as varchar) as snapshot_id,
        run.as_of_day,
        cast($built_at as timestamptz) as built_at,
        pull_state.epoch,
        pull_state.seq,
        cast($audits as varchar) as audits
    from warehouse.raw.run cross join warehouse.raw.pull_state
"""

META_TABLES = {
    "calendar": "select user_id, day from warehouse.intermediate.int_rest_days order by all",
    "memberships": (
        "select user_id, team_id, from_day, to_day from warehouse.raw.memberships order by all"
    ),
    "config": "select cutoff_day from warehouse.raw.pull_state",
}


def publish(
    home: Home, *, snapshot_id: str, built_at: datetime, checks: Sequence[Check]
) -> Published:
    """Make a snapshot of the built marts and let ``CURRENT`` point to it.

    :param snapshot_id: unique, and sorting by time.
    :param checks: what the audits found; they travel in ``meta.snapshot``.
    :raises StepError: if a log of unwritten changes was left beside the file.
    """
    name = f"heat-{snapshot_id}.duckdb"
    if not SNAPSHOT_NAME.fullmatch(name):
        raise StepError(f"{snapshot_id!r} cannot be the name of a snapshot")
    unfinished = home.published / f"{UNFINISHED}{name}"
    audits = {check.name: check.as_json() for check in checks}
    rows = _write(
        home,
        unfinished,
        {"snapshot_id": snapshot_id, "built_at": built_at, "audits": json.dumps(audits)},
    )
    if unfinished.with_name(f"{unfinished.name}.wal").exists():
        raise StepError(f"{unfinished} was not written out whole")
    unfinished.chmod(FILE_MODE)
    _sync_file(unfinished)
    older = current_snapshot(home)
    unfinished.rename(home.published / name)
    sync_folder(home.published)
    replace_file(home.current_file, name)
    prune(home, all_older=_is_of_another_landing(older, home.published / name))
    return Published(snapshot_id, name, built_at, rows)


def prune(home: Home, *, all_older: bool = False, now: float | None = None) -> list[Path]:
    """Remove old snapshots: all but the newest three, the young ones and the current one.

    A reader that still has one open keeps it: its bytes go when it lets go.

    :param all_older: keep the current one only. After somebody was erased, the older files
        still know that person.
    :param now: seconds since 1970, for tests.
    :returns: what was removed.
    """
    now = time.time() if now is None else now
    current = home.current_file.read_text().strip() if home.current_file.exists() else ""
    files = sorted(f for f in home.published.iterdir() if SNAPSHOT_NAME.fullmatch(f.name))
    old = [
        file
        for file in (files if all_older else files[:-KEEP_NEWEST])
        if file.name != current and (all_older or now - file.stat().st_mtime > KEEP_SECONDS)
    ]
    for file in old:
        file.unlink()
    return old


def clean_up(home: Home) -> None:
    """Remove what a run that was killed left half-written."""
    for file in home.published.glob(f"{UNFINISHED}*"):
        file.unlink()


def say_outcome(home: Home, outcome: Mapping[str, Any]) -> None:
    """Write ``LAST_RUN.json``, which every view shows beside its numbers."""
    replace_file(home.last_run_file, json.dumps(outcome, indent=2, ensure_ascii=False) + "\n")


def _write(home: Home, file: Path, parameters: Mapping[str, Any]) -> dict[str, int]:
    connection = duckdb.connect(config=limits(home))
    try:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{_quoted(home.warehouse_file)}' as warehouse (read_only)")
        connection.execute(f"attach '{_quoted(file)}' as snap")
        connection.execute("begin")
        connection.execute("create schema snap.marts; create schema snap.meta")
        rows = {name: _copy(connection, name) for name in MARTS}
        connection.execute(META, parameters)
        for name, query in META_TABLES.items():
            connection.execute(f"create table snap.meta.{name} as {query}")
        connection.execute("commit")
        connection.execute("checkpoint snap")
        connection.execute("detach snap")
    finally:
        connection.close()
    return rows


def _copy(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    columns = MARTS[name]
    # readers ask for people, teams and days: rows that stand together are read together
    first = [c for c in ("user_id", "team_id", "local_day", "week_start") if c in columns]
    order = f"order by {', '.join(first)}" if first else ""
    query = f"select {', '.join(columns)} from warehouse.marts.{name} {order}"  # noqa: S608
    ((rows,),) = connection.execute(f"create table snap.marts.{name} as {query}").fetchall()
    return int(rows)


def _is_of_another_landing(older: Path | None, newer: Path) -> bool:
    """Whether landing was restored or somebody erased between two snapshots."""
    if older is None or not older.exists():
        return False
    # attached, not opened: a reader in this process may have it open with other limits
    with duckdb.connect() as connection:
        for name, file in (("older", older), ("newer", newer)):
            connection.execute(f"attach '{_quoted(file)}' as {name} (read_only)")
        ((is_another,),) = connection.execute(
            "select o.epoch != n.epoch from older.meta.snapshot as o, newer.meta.snapshot as n"
        ).fetchall()
    return bool(is_another)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _sync_file(file: Path) -> None:
    fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
