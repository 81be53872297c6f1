"""Opening ``warehouse.duckdb``, and the shape of its schema ``raw``.

One process writes the file: whoever holds the pipeline lock. dbt opens it by itself, so a
connection from here must be closed before a build. Everything in it can be pulled and built
again, so a file that cannot be read is thrown away.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from heat.home import Home

logger = logging.getLogger(__name__)

MEMORY_LIMIT = "1200MB"
"""For DuckDB alone; with dbt and pyarrow beside it the process stays below 2 GB."""

RAW_TABLES = {
    "tag_events": (
        "seq bigint, kind varchar, user_id varchar, tag_id uuid, task_scope varchar,"
        " task_id varchar, task_title varchar, work_type varchar, intensity tinyint,"
        " tagged_at timestamptz, tz_offset_min smallint, local_day date, labels varchar[],"
        " area varchar, source varchar, ingested_at timestamptz"
    ),
    "pull_state": (
        "epoch varchar, seq bigint, cutoff_day date, config_version bigint,"
        " directory_hash varchar, pulled_at timestamptz"
    ),
    "build_state": "epoch varchar, directory_hash varchar, cutoff_day date",
    # how far what landed was audited: rows of a run that failed must not slip past the next one
    "audit_state": "epoch varchar, seq bigint",
    # landing's own totals at the pulled sequence; the marts are held against them
    "ledger": (
        "epoch varchar, seq bigint, events bigint, in_force bigint, in_force_intensity bigint"
    ),
    "users": "user_id varchar, display_name varchar, timezone varchar, as_of_day date",
    "teams": (
        "team_id varchar, name varchar, timezone varchar, visibility varchar, as_of_day date"
    ),
    "memberships": "user_id varchar, team_id varchar, from_day date, to_day date",
    "managers": "team_id varchar, user_id varchar, from_day date, to_day date",
    "holidays": "team_id varchar, day date, name varchar",
    "area_rules": (
        "team_id varchar, position integer, field varchar, pattern varchar, area varchar"
    ),
    "days_off": "user_id varchar, day date",
    "thresholds": "team_id varchar, key varchar, value varchar",
    "run": "run_id varchar, run_at timestamptz, as_of_day date, is_fixed_as_of boolean",
}
"""Tables of schema ``raw``: what the pull writes and dbt reads as sources."""


def limits(home: Home) -> dict[str, str | bool | int | float | list[str]]:
    """How much of the machine one DuckDB of the pipeline takes; nothing is downloaded."""
    return {
        "memory_limit": MEMORY_LIMIT,
        "threads": 2,
        "temp_directory": str(home.tmp / "pipeline"),
        # new files only: a fifth less to write than in the form that old releases read too
        "storage_compatibility_version": "v1.5.0",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


@contextmanager
def warehouse(home: Home, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for the block.

    :raises duckdb.Error: if it cannot be opened.
    """
    connection = duckdb.connect(home.warehouse_file, read_only=read_only, config=limits(home))
    try:
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


def prepare(home: Home) -> None:
    """Make sure that the warehouse opens and has every table of ``raw``."""
    try:
        _create_raw(home)
    except duckdb.Error as error:
        if not _is_damage(error):
            raise
        logger.warning("%s cannot be read (%s); it is built again", home.warehouse_file, error)
        forget(home)
        _create_raw(home)


def forget(home: Home) -> None:
    """Throw the warehouse away, bytes and all: deleting rows would leave them in the file."""
    for file in (home.warehouse_file, _wal(home.warehouse_file)):
        file.unlink(missing_ok=True)


def _create_raw(home: Home) -> None:
    with warehouse(home) as connection:
        connection.execute("create schema if not exists raw")
        for name, columns in RAW_TABLES.items():
            connection.execute(f"create table if not exists raw.{name} ({columns})")
    home.warehouse_file.chmod(0o600)


def _is_damage(error: duckdb.Error) -> bool:
    """Whether the file itself is at fault: not a held lock, a missing right or a full disk."""
    if isinstance(
        error, duckdb.SerializationException | duckdb.InternalException | duckdb.FatalException
    ):
        return True
    text = str(error).lower()
    return isinstance(error, duckdb.IOException) and (
        "not a valid duckdb database" in text or "corrupt" in text or "checksum" in text
    )


def _wal(file: Path) -> Path:
    return file.with_name(f"{file.name}.wal")
