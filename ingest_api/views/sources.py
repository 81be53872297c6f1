"""What the views ask of the rest of the API, and one question being answered.

Nothing here knows a mart; nothing here decides a right.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from ingest_api.access import Access, Viewer
from ingest_api.landing import Landing
from ingest_api.snapshots import Snapshot, Snapshots


class ViewerLog(Protocol):
    """Remembers who looked at whose rows, for those people to see."""

    def record(self, viewer_id: str, subjects: Collection[str], what: str) -> None:
        """Note one look; may be written later, never fails the answer."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Sources:
    """Everything that the views read from.

    :param clock: this moment; decides what *today* is.
    """

    snapshots: Snapshots
    landing: Landing
    viewer_log: ViewerLog
    clock: Callable[[], datetime] = _now

    @contextmanager
    def asked_by(self, viewer: Viewer) -> Iterator["Question"]:
        """One question of one viewer, answered from one snapshot with the rights of this moment."""
        access = Access(
            self.landing.directory,
            viewer,
            now=self.clock(),
            min_group_size=self.landing.thresholds.of_team(None).privacy.minGroupSize,
        )
        with self.snapshots.reading() as snapshot:
            yield Question(self, access, snapshot)


@dataclass(frozen=True)
class Question:
    """Who asks (with their rights), and the snapshot that answers."""

    sources: Sources
    access: Access
    snapshot: Snapshot | None

    @property
    def as_of(self) -> date | None:
        """Local day at which the marts end."""
        return self.snapshot.info.as_of_day if self.snapshot else None

    def stamp(self) -> dict[str, Any]:
        """Members that every dashboard carries: which snapshot answered, and the last run.

        ``asOf`` is the local day that the marts end at; both are ``null`` before the first
        snapshot.
        """
        if self.snapshot is None:
            return {"snapshot": None, "asOf": None}
        info = self.snapshot.info
        run = self.sources.snapshots.last_run()
        return {
            "snapshot": {
                "id": info.snapshot_id,
                "asOfDay": info.as_of_day.isoformat(),
                "builtAt": info.built_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
                "seq": info.seq,
                "lastRun": {key: run.get(key) for key in ("outcome", "finishedAt", "failedChecks")}
                if run
                else None,
            },
            "asOf": info.as_of_day.isoformat(),
        }

    def version(self) -> tuple[object, ...]:
        """Changes whenever the same question of the same viewer could be answered differently.

        The snapshot, the last run's outcome, the rights (who, which token role, directory and
        thresholds, and the day it is) and what landed since.
        """
        landing, viewer = self.sources.landing, self.access.viewer
        run = self.sources.snapshots.last_run() or {}
        return (
            self.snapshot.info.snapshot_id if self.snapshot else None,
            run.get("runId"),
            run.get("finishedAt"),
            viewer,
            self.access.directory.version,
            landing.epoch,
            landing.seq,
        )

    def looked_at(self, subjects: Collection[str], what: str) -> None:
        """Let other people know that their rows were read; a look at oneself is not noted."""
        viewer = self.access.viewer.user_id
        others = [user_id for user_id in subjects if user_id != viewer]
        if viewer is not None and others:
            self.sources.viewer_log.record(viewer, others, what)
