"""Who looked at whose rows, for those people to see.

Looks are counted in memory and written once a minute: a page that asks five questions is one
line, and no answer waits for a commit. A crash may lose the last minute of looks.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import duckdb

from ingest_api.landing.writer import Unavailable

log = logging.getLogger("heat.landing")

WRITE_EVERY = 60.0

Look = tuple[str, str, str]


class ViewerLog:
    """Counts looks and hands them to the writer.

    :param change: :meth:`ingest_api.landing.Landing.change`.
    """

    def __init__(self, change: Callable[..., Any]) -> None:
        self._change = change
        self._lock = threading.Lock()
        self._looks: Counter[Look] = Counter()
        self._written_at = time.monotonic()

    def record(self, viewer_id: str, subjects: Collection[str], what: str) -> None:
        """Note one look of ``viewer_id`` at the rows of each of ``subjects``."""
        with self._lock:
            self._looks.update((viewer_id, subject, what) for subject in subjects)
            is_due = time.monotonic() - self._written_at >= WRITE_EVERY
        if is_due:
            self.write()

    def write(self) -> None:
        """Write what was noted; what cannot be written now is kept for the next time."""
        with self._lock:
            looks, self._looks = self._looks, Counter()
            self._written_at = time.monotonic()
        if not looks:
            return
        now = datetime.now(UTC)
        rows = [[now, viewer, user, what, count] for (viewer, user, what), count in looks.items()]

        def insert(connection: duckdb.DuckDBPyConnection, _events: object) -> None:
            for row in rows:
                connection.execute("insert into ops.viewer_log values (?, ?, ?, ?, ?)", row)

        try:
            self._change(insert, reloads=False)
        except Unavailable:
            log.warning("%d looks could not be written yet", len(rows))
            with self._lock:
                self._looks.update(looks)
