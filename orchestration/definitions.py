"""Everything that Dagster loads, named one by one: nothing can vanish from a folder unseen."""

import dagster as dg

from orchestration.defs import automation, landing, models, snapshot
from orchestration.defs.pipeline import Pipeline

defs = dg.Definitions(
    assets=[landing.pull, models.models, snapshot.published_snapshot],
    asset_checks=[landing.audit_landed, models.audit_marts],
    jobs=[automation.refresh, automation.nightly_job],
    sensors=[automation.new_tags],
    schedules=[automation.nightly_schedule, automation.after_midnight],
    resources={"pipeline": Pipeline()},
)
