"""The one DuckDB instance on the landing file: a connection to write, cursors to read.

DuckDB gives up an instance after a failed write to disk ("database has been invalidated"), and
caches instances by path, so getting well again means closing every connection first. That is
why readers get their cursors from here.
"""

import os
import threading
from pathlib import Path

import duckdb

from heat.home import FILE_MODE
from ingest_api.landing import schema

MEMORY_LIMIT = "512MB"


class Database:
    """Landing's file, opened for this process alone (the caller holds the owner lock).

    :param path: the file; made, and its schema brought up to date, if need be.
    :param spill: folder for what does not fit into memory.
    :raises schema.LandingVersionError: if a newer HEAT wrote the file.
    """

    def __init__(self, path: Path, spill: Path) -> None:
        self.path = path
        self._spill = spill
        self._lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[duckdb.DuckDBPyConnection] = []
        self._generation = 0
        self._open()

    @property
    def writer(self) -> duckdb.DuckDBPyConnection:
        """The connection of the writer thread; nobody else may touch it."""
        return self._writer

    def reader(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor: it sees whole commits and never waits for the writer."""
        if getattr(self._local, "generation", None) != self._generation:
            with self._lock:
                cursor = self._root.cursor()
                self._readers.append(cursor)
                self._local.cursor = cursor
                self._local.generation = self._generation
        cursor = self._local.cursor
        assert isinstance(cursor, duckdb.DuckDBPyConnection)  # noqa: S101 - for the type checker
        return cursor

    def reopen(self) -> None:
        """Close everything and open the file anew, replaying its write-ahead log.

        :raises duckdb.Error: if the file cannot be opened; a later call may succeed.
        """
        self.close()
        self._open()

    def close(self) -> None:
        """Close every connection; what was committed is on disk."""
        with self._lock:
            self._generation += 1
            for connection in (*self._readers, self._writer, self._root):
                connection.close()
            self._readers.clear()

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file."""
        self._writer.execute("checkpoint")

    def _open(self) -> None:
        # the write-ahead log is made anew after every checkpoint and must be ours alone as well
        os.umask(0o077)
        connection = duckdb.connect(
            self.path,
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(self._spill),
                # each query runs in the thread that asks; a pool of workers beside it doubles the
                # cost of a small commit (measured: 3.3 ms of CPU per commit with 2, 1.7 with 1)
                "threads": 1,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
            },
        )
        try:
            connection.execute("set global TimeZone = 'UTC'")
            schema.migrate(connection)
            self._writer = connection.cursor()
            self._root = connection
        except BaseException:
            connection.close()
            raise
        self.path.chmod(FILE_MODE)
