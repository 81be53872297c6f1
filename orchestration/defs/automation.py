"""Jobs, and what starts them: new tags, the night, and everybody's midnight."""

import time
from datetime import UTC, datetime

import dagster as dg

from heat.client import ApiError
from heat.home import Home
from heat.lock import holder_of
from heat.settings import Settings, load_settings
from heat.snapshot import current_snapshot, read_last_run
from orchestration import trigger
from orchestration.defs.pipeline import quick_client
from orchestration.directory import zones_in_use

LOOK_SECONDS = 5
"""The sensor daemon does not look more often anyway."""

UNDER_WAY = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
ACTIVE = [*UNDER_WAY, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED]

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Pull what landed, audit, build, audit, publish.",
)

nightly_job = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    config={"resources": {"pipeline": {"config": {"full": True, "nightly": True}}}},
    description="Retention, then everything anew from landing; old Dagster runs go.",
)


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run when landing has moved on.",
)
def new_tags(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask landing's head; start a run if it is ahead of what is published and none is under way."""
    settings = load_settings()
    fail_abandoned_runs(context.instance, settings.paths)
    active = context.instance.get_run_records(dg.RunsFilter(statuses=ACTIVE), limit=1)
    if active:
        return dg.SkipReason(f"run {active[0].dagster_run.run_id} is queued or under way")
    memory = trigger.Memory.from_json(context.cursor)
    newest = context.instance.get_run_records(limit=1)
    try:
        api = quick_client(settings)
        decision = trigger.decide(
            api.head(),
            read_last_run(settings.paths),
            memory,
            now=time.time(),
            newest_start=newest[0].create_timestamp.timestamp() if newest else 0.0,
            min_interval=lambda: min_interval(settings, api.directory()),
        )
    except (ApiError, FileNotFoundError) as error:
        return dg.SkipReason(str(error))
    if not decision.due:
        return dg.SkipReason(decision.reason)
    key = f"{decision.memory.position}:{decision.memory.failures}:{decision.memory.started_at:.0f}"
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=key)], cursor=decision.memory.as_json()
    )


@dg.schedule(
    job=nightly_job,
    name="nightly",
    cron_schedule="20 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a night, at 02:20 UTC.",
)
def nightly_schedule() -> dg.RunRequest:
    """The night's run."""
    return dg.RunRequest()


@dg.schedule(
    job=refresh,
    cron_schedule="*/15 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="A run where a new day has begun for somebody: active, load and coverage move on.",
)
def after_midnight(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start a run if it became midnight in a zone in use since the current snapshot's run."""
    settings = load_settings()
    current = current_snapshot(settings.paths)
    if current is None:
        return dg.SkipReason("nothing is published yet")
    try:
        zones = zones_in_use(quick_client(settings).directory())
    except (ApiError, FileNotFoundError) as error:
        return dg.SkipReason(str(error))
    begun = trigger.zones_past_midnight(zones, trigger.begun_at(current.name), datetime.now(UTC))
    if not begun:
        return dg.SkipReason("no new day in any zone in use")
    return dg.RunRequest(tags={"heat/new_day_in": begun[0]})


def min_interval(settings: Settings, directory: dict[str, dict[str, dict[str, float]]]) -> float:
    """Seconds between two starts, as set through the API, else by the settings."""
    default = settings.thresholds.refresh.minIntervalSeconds
    return float(directory["thresholds"]["default"].get("refresh.minIntervalSeconds", default))


def fail_abandoned_runs(instance: dg.DagsterInstance, home: Home) -> None:
    """Mark runs whose process is gone: they would hold the only place in the queue for ever."""
    records = instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY))
    for record in records:
        is_held = holder_of(home.pipeline_lock) is not None
        began = record.start_time or record.create_timestamp.timestamp()
        if trigger.is_abandoned(began, time.time(), lock_is_held=is_held):
            instance.report_run_failed(record.dagster_run, "its process is gone")
