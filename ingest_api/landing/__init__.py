"""The landing store: what people said, on disk before it is acknowledged.

:class:`Landing` is all that routes see of it. It owns ``landing.duckdb`` (the caller holds the
owner lock), writes through one thread and answers from memory what is small.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self, TypeVar

import duckdb

from heat.home import Home
from heat.thresholds import Thresholds
from heat.vocabulary import Verdict
from ingest_api.landing import schema
from ingest_api.landing.database import Database
from ingest_api.landing.directory import Directory, User, load_directory
from ingest_api.landing.events import Batch, EventLog, Outcome
from ingest_api.landing.team_thresholds import TeamThresholds
from ingest_api.landing.tokens import Tokens
from ingest_api.landing.viewer_log import ViewerLog
from ingest_api.landing.writer import Refused, Unavailable, Writer

__all__ = ["Batch", "Landing", "Outcome", "Refused", "Unavailable", "Verdict"]

Result = TypeVar("Result")


class Landing:
    """One open landing store.

    :param home: an initialised home whose owner lock the caller holds.
    :param thresholds: the defaults of the settings; stored ones win.
    :raises schema.LandingVersionError: if a newer HEAT wrote the file.
    """

    def __init__(self, home: Home, thresholds: Thresholds) -> None:
        self._defaults = thresholds
        self._database = Database(home.landing_file, home.tmp)
        self.tokens = Tokens(home.service_token())
        self._epoch = ""
        self._directory = Directory(0)
        self._thresholds = TeamThresholds(thresholds, {}, {})
        self._reload()
        self._writer = Writer(self._database, reload=self._reload, add_people=self._add_people)
        self.viewer_log = ViewerLog(self.change)

    @property
    def directory(self) -> Directory:
        """Who is who, as of the last change."""
        return self._directory

    @property
    def thresholds(self) -> TeamThresholds:
        """Every team's thresholds, as of the last change."""
        return self._thresholds

    @property
    def epoch(self) -> str:
        """Name of this life of the store; sequence numbers compare only within one."""
        return self._epoch

    @property
    def seq(self) -> int:
        """Number of the newest event on disk."""
        return self._writer.seq

    def land(self, batch: Batch) -> Outcome:
        """Store one upload; it is on disk when this returns.

        :raises Unavailable: if it is not known to be on disk.
        """
        return self._writer.land(batch)

    def change(
        self,
        change: Callable[[duckdb.DuckDBPyConnection, EventLog], Result],
        *,
        reloads: bool = True,
    ) -> Result:
        """Run one change in a transaction of its own; memory follows before this returns.

        :param reloads: whether directory, thresholds or tokens may have changed.
        :raises Unavailable: if it is not known to be on disk.
        :raises Refused: what ``change`` raised; nothing is written then.
        """
        return self._writer.change(change, reloads=reloads)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's reading cursor."""
        return self._database.reader()

    def can_commit(self) -> bool:
        """Whether a commit reaches the disk right now."""
        try:
            self.change(_touch, reloads=False)
        except Unavailable:
            return False
        return True

    def close(self) -> None:
        """Finish what is queued, fold the log into the file, let go of it."""
        self.viewer_log.write()
        self._writer.close()
        # if it cannot be, the log stays beside the file and is replayed by whoever opens it next
        with suppress(duckdb.Error):
            self._database.checkpoint()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _add_people(self, user_ids: frozenset[str]) -> None:
        # reading everything anew would cost more than the commit that brought a new name
        old = self._directory
        users = {**old.users, **{user_id: User(user_id, user_id) for user_id in user_ids}}
        self._directory = replace(old, users=users, version=old.version + 1)

    def _reload(self) -> None:
        cursor = self._database.reader()
        self._epoch = schema.get_meta(cursor, "epoch")
        self._directory = load_directory(cursor)
        self._thresholds = TeamThresholds.load(cursor, self._defaults, self._directory.teams)
        self.tokens.reload(cursor)


def _touch(connection: duckdb.DuckDBPyConnection, _events: EventLog) -> None:
    schema.set_meta(connection, "ready_at", str(int(time.time())))
