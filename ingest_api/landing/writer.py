"""The one thread that writes: a bounded queue, group commit, answers after COMMIT.

Uploads that wait together share a transaction; a group that fails is tried again batch by
batch. Whatever happens to the thread or to the disk, the next request finds a writer that
works or an honest :class:`Unavailable`.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

import duckdb

from ingest_api.landing.database import Database
from ingest_api.landing.events import Batch, EventLog, Outcome

log = logging.getLogger("heat.landing")

Result = TypeVar("Result")

QUEUE_LIMIT = 1_024
GROUP_BATCHES = 128
GROUP_TAGS = 4_000
PATIENCE = 20.0
"""Seconds that a request waits for its commit before it is told to come again."""


class Unavailable(RuntimeError):
    """Nothing can be committed now; the same request may be sent again."""


class Refused(Exception):
    """A change that finds, in its transaction, that it must not happen; subclass it."""


class _Job(Generic[Result]):
    __slots__ = ("done", "error", "reloads", "result", "settled", "work")

    def __init__(self, work: Any, *, reloads: bool = False) -> None:
        self.work = work
        self.reloads = reloads
        self.done = threading.Event()
        self.settled = False
        self.result: Result | None = None
        self.error: BaseException | None = None

    def settle(self, result: Result | None, error: BaseException | None = None) -> None:
        if not self.settled:
            self.settled, self.result, self.error = True, result, error
            self.done.set()


Change = Callable[[duckdb.DuckDBPyConnection, EventLog], Any]
"""What a change does in its own transaction; it may raise :class:`Refused`."""


class Writer:
    """Owner of the writing connection of one :class:`Database`.

    :param reload: called in the writer thread after a change of what is kept in memory.
    :param add_people: called in the writer thread with people seen for the first time.
    """

    def __init__(
        self,
        database: Database,
        *,
        reload: Callable[[], None],
        add_people: Callable[[frozenset[str]], None],
    ) -> None:
        self._database = database
        self._reload = reload
        self._add_people = add_people
        self._events = EventLog()
        self._events.reload(database.writer)
        self._queue: deque[_Job[Any]] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = self._started()

    def land(self, batch: Batch) -> Outcome:
        """Queue one upload and wait until it is on disk.

        :raises Unavailable: if it is not known to be on disk; nothing is half stored.
        """
        outcome: Outcome = self._wait(_Job(batch))
        return outcome

    def change(
        self,
        change: Callable[[duckdb.DuckDBPyConnection, EventLog], Result],
        *,
        reloads: bool = True,
    ) -> Result:
        """Run ``change`` in a transaction of its own and wait until it is on disk.

        :param reloads: whether what is kept in memory has to follow.
        :raises Unavailable: if it is not known to be on disk.
        :raises Refused: what the change itself raised; nothing is written then.
        """
        result: Result = self._wait(_Job(change, reloads=reloads))
        return result

    @property
    def seq(self) -> int:
        """Number of the newest event that is on disk."""
        return self._events.seq

    def is_alive(self) -> bool:
        """Whether the thread runs; a dead one is started anew by the next request."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Finish the queue and end the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join(timeout=30)

    def _started(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="heat-writer", daemon=True)
        thread.start()
        return thread

    def _wait(self, job: _Job[Any]) -> Any:
        with self._wake:
            if self._closing:
                raise Unavailable("the landing store is closing")
            if len(self._queue) >= QUEUE_LIMIT:
                raise Unavailable("too many uploads are waiting")
            self._queue.append(job)
            self._wake.notify()
        until = time.monotonic() + PATIENCE
        while not job.done.wait(0.5):
            self._revive()
            if time.monotonic() > until:
                job.settle(None, Unavailable("the disk did not answer in time"))
        if job.error is not None:
            raise job.error
        return job.result

    def _revive(self) -> None:
        with self._wake:
            if not self._thread.is_alive() and not self._closing:
                log.error("the writer thread had died; starting it anew")
                self._events.is_stale = True
                self._thread = self._started()

    def _run(self) -> None:
        while jobs := self._next_group():
            try:
                self._work(jobs)
            finally:
                # also when the thread is being killed: nobody waits for an answer that never comes
                for job in jobs:
                    if not job.settled:
                        self._events.is_stale = True
                        job.settle(None, Unavailable("the writer was interrupted"))

    def _next_group(self) -> list[_Job[Any]]:
        with self._wake:
            while not self._queue:
                if self._closing:
                    return []
                self._wake.wait()
            group: list[_Job[Any]] = []
            tags = 0
            while self._queue and len(group) < GROUP_BATCHES and tags < GROUP_TAGS:
                is_upload = isinstance(self._queue[0].work, Batch)
                if group and not is_upload:
                    break
                job = self._queue.popleft()
                if job.settled:
                    continue
                group.append(job)
                if not is_upload:
                    break
                tags += len(job.work.tags)
            return group or self._next_group()

    def _work(self, jobs: list[_Job[Any]]) -> None:
        if not isinstance(jobs[0].work, Batch):
            # not tried twice: of a failed commit it is not known whether it reached the disk, and
            # only uploads find themselves again
            self._attempt(jobs, is_last=True)
        elif not self._attempt(jobs, is_last=False):
            for job in jobs:
                self._attempt([job], is_last=True)
        if self._events.is_stale:
            # readers share the instance: let them not wait for the next upload to get it well
            with suppress(Exception):
                self._refresh()

    def _attempt(self, jobs: list[_Job[Any]], *, is_last: bool) -> bool:
        try:
            self._refresh()
            connection = self._database.writer
            if isinstance(jobs[0].work, Batch):
                results = self._land(connection, [job.work for job in jobs])
            else:
                results = [self._change(connection, jobs[0])]
        except Refused as refusal:
            jobs[0].settle(None, refusal)
            return True
        except Exception as error:
            self._events.is_stale = True
            _log_failure(error, len(jobs))
            if is_last:
                unavailable = Unavailable(f"it could not be written ({type(error).__name__})")
                for job in jobs:
                    job.settle(None, unavailable)
            return False
        for job, result in zip(jobs, results, strict=True):
            job.settle(result)
        return True

    def _land(self, connection: duckdb.DuckDBPyConnection, batches: list[Batch]) -> list[Outcome]:
        outcomes, strangers = self._events.land(connection, batches)
        if strangers:
            self._add_people(strangers)
        return outcomes

    def _change(self, connection: duckdb.DuckDBPyConnection, job: _Job[Any]) -> Any:
        seq = self._events.seq
        connection.begin()
        try:
            result = job.work(connection, self._events)
        except Refused:
            connection.rollback()
            self._events.seq = seq
            raise
        connection.commit()
        if job.reloads:
            self._events.reload_people(connection)
            self._reload()
        return result

    def _refresh(self) -> None:
        """Get well after a failure: a clean connection, and memory that agrees with the disk."""
        if not self._events.is_stale:
            return
        # most often there is no transaction to roll back
        with suppress(duckdb.Error):
            self._database.writer.rollback()
        try:
            self._events.reload(self._database.writer)
        except duckdb.Error:
            log.warning("opening the landing store anew")
            self._database.reopen()
            self._events.reload(self._database.writer)


def _log_failure(error: Exception, count: int) -> None:
    name = type(error).__name__
    if isinstance(error, duckdb.Error):
        # what a statement complains about may quote a title; what the disk says does not
        is_disk = isinstance(error, (duckdb.IOException, duckdb.FatalException)) or (
            "Could not write" in str(error)
        )
        reason = f": {str(error).splitlines()[0]}" if is_disk else ""
        log.error("a commit of %d requests failed: %s%s", count, name, reason)
    else:
        log.error("a commit of %d requests failed: %s", count, name, exc_info=error)
