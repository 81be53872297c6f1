"""The published snapshot as the last asset: what readers see."""

import dagster as dg

from heat.schema import MARTS
from orchestration.defs.pipeline import Pipeline, told_plainly


@dg.asset(
    deps=[dg.AssetKey(name) for name in MARTS],
    group_name="published",
    kinds={"duckdb"},
    description="The file that CURRENT names: all marts at one moment, never changed again.",
)
def published_snapshot(pipeline: Pipeline) -> dg.MaterializeResult[None]:
    """Copy the marts into a new file and let readers find it."""
    with told_plainly():
        published = pipeline.run.publish()
    return dg.MaterializeResult(
        metadata={"snapshot": published.snapshot_id, "rows": sum(published.rows.values())}
    )
