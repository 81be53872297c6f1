"""One run of the pipeline, from landing to a published snapshot.

:func:`refresh` is the whole run for the command line; Dagster's assets call the same steps of
:class:`Run` one by one. Either way the pipeline lock is held, and whatever happens ends up in
``LAST_RUN.json``.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Literal, Self

from heat.client import ApiError, Client
from heat.home import Home
from heat.lock import OwnerLock
from heat.settings import Settings
from orchestration import audit, build, publish, pull, reconcile
from orchestration.directory import Calendar, utc_now
from orchestration.steps import (
    AuditFailedError,
    Built,
    Check,
    Published,
    Pulled,
    StepError,
    require,
)

logger = logging.getLogger(__name__)

WAIT_SECONDS = 600.0
"""A second run waits this long for the first one."""

Outcome = Literal["published", "audit_failed", "failed"]
Stage = Literal["retention", "pull", "audit_landed", "build", "audit_marts", "publish"]


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    :param outcome: ``published``, ``audit_failed`` (the data) or ``failed`` (anything else).
    :param stage: the step that was reached.
    :param failed_checks: blocking checks that failed.
    :param warnings: checks that only warn.
    :param snapshot_id: the new snapshot, or ``None``.
    :param seconds: stage → seconds it took.
    """

    run_id: str
    outcome: Outcome
    stage: Stage
    message: str
    failed_checks: Sequence[Check] = ()
    warnings: Sequence[Check] = ()
    snapshot_id: str | None = None
    seq: int | None = None
    rows: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


class Run:
    """The steps of one run, in their order, while the pipeline lock is held.

    .. code-block:: python

        with Run(settings.paths, client) as run:
            run.pull()
            run.audit_landed()
            run.build()
            run.audit_marts()
            run.publish()
    """

    def __init__(
        self,
        home: Home,
        api: Client,
        *,
        full: bool = False,
        as_of: date | None = None,
        wait: float = WAIT_SECONDS,
        on_stage: Callable[[Stage], None] | None = None,
    ) -> None:
        self.home = home
        self.api = api
        self.full = full
        self.as_of = as_of
        self.run_id = ""
        self.outcome: Outcome = "failed"
        self.stage: Stage = "pull"
        self.message = "ended before it was done"
        self.checks: list[Check] = []
        self.pulled: Pulled | None = None
        self.published: Published | None = None
        self.seconds: dict[str, float] = {}
        self._wait = wait
        self._on_stage = on_stage
        self._lock = OwnerLock(home.pipeline_lock)

    def __enter__(self) -> Self:
        """Take the lock, and tidy up after a run that was killed.

        :raises LockHeldError: if another run still holds it after ``wait`` seconds.
        """
        self._lock.acquire(wait=self._wait)
        # named after the lock is held: names sort as runs happened
        self.started_at = utc_now()
        self.run_id = f"{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        publish.clean_up(self.home)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write how the run ended and give the lock back."""
        try:
            publish.say_outcome(self.home, self._last_run())
        finally:
            self._lock.release()

    def apply_retention(self) -> None:
        """Let landing drop what is past ``retention.days``; the pull then hears of it."""
        with self._step("retention"):
            try:
                self.api.retention()
            except ApiError as error:
                raise StepError(str(error)) from error

    def pull(self) -> Pulled:
        """Bring what landed into the warehouse."""
        with self._step("pull"):
            calendar = Calendar(self.started_at, self.as_of)
            self.pulled = pull.pull(
                self.home, self.api, run_id=self.run_id, calendar=calendar, full=self.full
            )
        return self.pulled

    def audit_landed(self) -> list[Check]:
        """Audit the new rows; :raises AuditFailedError: if one blocks."""
        with self._step("audit_landed"):
            checks = audit.audit_landed(self.home, everything=self.full)
            self.checks += checks
            require(checks)
        return checks

    def build(self) -> Built:
        """Build and test the models; :raises AuditFailedError: if a data test fails."""
        with self._step("build"):
            built = build.build(self.home, full=self.full)
            self.checks += [build.as_check(node) for node in built.nodes if node.kind == "test"]
        return built

    def audit_marts(self) -> list[Check]:
        """Hold the marts against the ledger; :raises AuditFailedError: if one differs."""
        with self._step("audit_marts"):
            checks = reconcile.audit_marts(self.home)
            self.checks += checks
            require(checks)
        return checks

    def publish(self) -> Published:
        """Make the snapshot current."""
        with self._step("publish"):
            self.published = publish.publish(
                self.home, snapshot_id=self.run_id, built_at=utc_now(), checks=self.checks
            )
        self.outcome, self.message = "published", f"published {self.published.snapshot_id}"
        return self.published

    def result(self) -> RunResult:
        """How the run stands now."""
        return RunResult(
            self.run_id,
            self.outcome,
            self.stage,
            self.message,
            [check for check in self.checks if check.blocking and not check.passed],
            [check for check in self.checks if not check.blocking and not check.passed],
            self.published.snapshot_id if self.published else None,
            self.pulled.seq if self.pulled else None,
            self.pulled.rows if self.pulled else 0,
            self.seconds,
        )

    @contextmanager
    def _step(self, stage: Stage) -> Iterator[None]:
        self.stage = stage
        if self._on_stage:
            self._on_stage(stage)
        began = utc_now()
        try:
            yield
        except AuditFailedError as error:
            self.outcome, self.message = "audit_failed", str(error)
            known = {check.name for check in self.checks}
            self.checks += [check for check in error.checks if check.name not in known]
            raise
        except Exception as error:
            self.message = str(error) or type(error).__name__
            raise
        finally:
            self.seconds[stage] = (utc_now() - began).total_seconds()
            logger.info("%s: %.2f s", stage, self.seconds[stage])

    def _last_run(self) -> dict[str, Any]:
        result = self.result()
        return {
            "runId": result.run_id,
            "startedAt": self.started_at.isoformat(),
            "finishedAt": utc_now().isoformat(),
            "outcome": result.outcome,
            "stage": result.stage,
            "message": result.message,
            "failedChecks": [_as_json(check) for check in result.failed_checks],
            "warnings": [_as_json(check) for check in result.warnings],
            "snapshotId": result.snapshot_id,
            "epoch": self.pulled.epoch if self.pulled else None,
            "seq": result.seq,
            "configVersion": self.pulled.config_version if self.pulled else None,
        }


def refresh(
    settings: Settings,
    *,
    api_url: str,
    full: bool = False,
    as_of: date | None = None,
    wait: float = WAIT_SECONDS,
    on_stage: Callable[[Stage], None] | None = None,
) -> RunResult:
    """Run the pipeline once: pull, audit, build, audit, publish.

    :param api_url: where the API that owns landing answers.
    :param full: throw the warehouse away and build everything from landing.
    :param as_of: a fixed day instead of each person's today.
    :param wait: seconds to wait for another run.
    :param on_stage: told the name of each stage as it begins.
    :returns: the outcome; a failed audit or step is an outcome, not an exception.
    :raises LockHeldError: if another run is still under way after ``wait`` seconds.
    """
    home = settings.paths
    with (
        Client(api_url, home.service_token()) as api,
        Run(home, api, full=full, as_of=as_of, wait=wait, on_stage=on_stage) as run,
    ):
        try:
            run.pull()
            run.audit_landed()
            run.build()
            run.audit_marts()
            run.publish()
        except StepError as error:
            logger.warning("%s: %s", run.stage, error)
    return run.result()


def _as_json(check: Check) -> dict[str, str]:
    return {"name": check.name, "message": check.message}
