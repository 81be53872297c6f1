"""The run that a Dagster run's steps share: one lock, one client, one outcome."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import dagster as dg
from dagster import DagsterInstance
from pydantic import PrivateAttr

from heat.client import Client
from heat.lock import holder_of
from heat.settings import Settings, load_settings
from orchestration.run import Run
from orchestration.steps import Check, StepError

KEEP_RUNS = timedelta(days=7)
PAGE = 100

ANSWER_SECONDS = 3.0
"""The API answers the cheap question in milliseconds, or is away."""


def api_url(settings: Settings) -> str:
    """Where landing's owner answers: what it wrote into its lock, else the configured address."""
    holder = holder_of(settings.paths.owner_lock) or {}
    return str(holder.get("url") or settings.api_url)


def connect(settings: Settings) -> Client:
    """A client with the home's own token, for one run."""
    return Client(api_url(settings), settings.paths.service_token())


def quick_client(settings: Settings) -> Client:
    """The client of the sensor and the schedules: one connection, kept open between looks.

    :raises FileNotFoundError: if the home was not initialised.
    """
    return _quick_client(api_url(settings), settings.paths.service_token())


@lru_cache(maxsize=1)
def _quick_client(url: str, token: str) -> Client:
    # making one costs more than asking: the certificates of the system are read each time
    return Client(url, token, timeout=ANSWER_SECONDS)


class Pipeline(dg.ConfigurableResource):  # type: ignore[type-arg]
    """One run of the pipeline, for as long as the Dagster run lasts.

    The executor runs all steps in one process, so the lock is taken once and given back after
    the last step, and ``LAST_RUN.json`` is written whatever happened.
    """

    full: bool = False
    """Throw the warehouse away and build everything from landing."""

    nightly: bool = False
    """Apply retention first, and delete old Dagster runs last."""

    _run: Run | None = PrivateAttr(default=None)

    @property
    def run(self) -> Run:
        """The run under way."""
        if self._run is None:
            raise RuntimeError("there is a run only while a job is being executed")
        return self._run

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Pipeline"]:
        """Hold the run open for the steps."""
        settings = load_settings()
        with (
            connect(settings) as api,
            Run(settings.paths, api, full=self.full) as run,
        ):
            self._run = run
            yield self
        if self.nightly and context.instance is not None:
            delete_old_runs(context.instance, datetime.now(UTC) - KEEP_RUNS)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Let a step fail with its one sentence instead of a stack of frames."""
    try:
        yield
    except StepError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


def check_result(
    checks: list[Check], *, name: str, asset: dg.AssetKey, severity: dg.AssetCheckSeverity
) -> dg.AssetCheckResult:
    """Several answers as one asset check; the failed ones stand in its metadata."""
    failed = [check for check in checks if not check.passed]
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=asset,
        passed=not failed,
        severity=severity,
        description="; ".join(f"{check.name}: {check.message}" for check in failed) or "all hold",
        metadata={check.name: check.message for check in checks},
    )


def delete_old_runs(instance: DagsterInstance, before: datetime) -> int:
    """Delete finished Dagster runs, their events and their captured output.

    :param before: runs created earlier are deleted.
    :returns: how many were.
    """
    finished = dg.RunsFilter(
        created_before=before,
        statuses=[
            dg.DagsterRunStatus.SUCCESS,
            dg.DagsterRunStatus.FAILURE,
            dg.DagsterRunStatus.CANCELED,
        ],
    )
    deleted = 0
    while records := instance.get_run_records(finished, limit=PAGE):
        for record in records:
            run_id = record.dagster_run.run_id
            instance.delete_run(run_id)
            shutil.rmtree(f"{instance.storage_directory()}/{run_id}", ignore_errors=True)
            deleted += 1
    return deleted
