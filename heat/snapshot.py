"""Published snapshots, for readers: which one is current, and how to open it.

A snapshot never changes after its name was published, so readers never wait and never lock.
Publishing is the pipeline's and lives there.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from heat.home import Home


class NoSnapshotError(FileNotFoundError):
    """Nothing has been published yet."""


@dataclass(frozen=True)
class SnapshotInfo:
    """The one row of ``meta.snapshot``.

    :param snapshot_id: sorts by time of building.
    :param as_of_day: latest local day that the marts speak of.
    :param built_at: moment of publishing, UTC.
    :param epoch: epoch of the landing that it was built from.
    :param seq: highest landing sequence inside.
    :param audits: check name → outcome and counts.
    """

    snapshot_id: str
    as_of_day: date
    built_at: datetime
    epoch: str
    seq: int
    audits: dict[str, Any]


def current_snapshot(home: Home) -> Path | None:
    """Path of the current snapshot, or ``None`` before the first one."""
    try:
        name = home.current_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return home.published / name if name else None


def connect(path: Path, *, memory_limit: str = "512MB") -> duckdb.DuckDBPyConnection:
    """Open a snapshot file read-only.

    :raises NoSnapshotError: if the file is not there.
    """
    if not path.exists():
        raise NoSnapshotError(f"{path}: no such snapshot; run `heat refresh` first")
    return duckdb.connect(
        path,
        read_only=True,
        config={
            "memory_limit": memory_limit,
            "threads": 2,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def read_info(connection: duckdb.DuckDBPyConnection) -> SnapshotInfo:
    """What an open snapshot says about itself."""
    rows = connection.execute(
        "select snapshot_id, as_of_day, built_at, epoch, seq, audits from meta.snapshot"
    ).fetchall()
    ((snapshot_id, as_of_day, built_at, epoch, seq, audits),) = rows
    return SnapshotInfo(snapshot_id, as_of_day, built_at, epoch, seq, json.loads(audits))


def read_last_run(home: Home) -> dict[str, Any] | None:
    """Outcome of the last pipeline run, or ``None`` if there was none."""
    try:
        last_run = json.loads(home.last_run_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return last_run if isinstance(last_run, dict) else None
