"""What landed, as assets: the tag events and the directory, and the audit between them and dbt."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.pipeline import Pipeline, check_result, told_plainly
from orchestration.steps import AuditFailedError, Check

RAW_TAGS = dg.AssetKey("raw_tags")
RAW_DIRECTORY = dg.AssetKey("raw_directory")
WARNINGS = ("freshness", "volume")


@dg.multi_asset(
    name="pull",
    specs=[
        dg.AssetSpec(
            RAW_TAGS,
            group_name="landing",
            kinds={"duckdb"},
            description="Tag events of landing, in sequence order, up to the last pull.",
        ),
        dg.AssetSpec(
            RAW_DIRECTORY,
            group_name="landing",
            kinds={"duckdb"},
            description="People, teams, rules and thresholds as of the last pull.",
        ),
    ],
)
def pull(
    context: dg.AssetExecutionContext, pipeline: Pipeline
) -> Iterator[dg.MaterializeResult[None]]:
    """Pull what landed since the last run; both assets come from one transaction."""
    run = pipeline.run
    with told_plainly():
        if pipeline.nightly:
            run.apply_retention()
        pulled = run.pull()
    yield dg.MaterializeResult(
        asset_key=RAW_TAGS,
        metadata={
            "new rows": pulled.rows,
            "sequence": pulled.seq,
            "started over": pulled.started_over,
        },
    )
    yield dg.MaterializeResult(
        asset_key=RAW_DIRECTORY,
        metadata={"version": pulled.config_version, "as of": pulled.as_of_day.isoformat()},
    )


@dg.multi_asset_check(
    name="audit_landed",
    specs=[
        dg.AssetCheckSpec(
            "landed_rows",
            asset=RAW_TAGS,
            blocking=True,
            description="Great Expectations over the new rows: ranges, sets, uniqueness, offsets.",
        ),
        *(dg.AssetCheckSpec(name, asset=RAW_TAGS, description="Only warns.") for name in WARNINGS),
    ],
)
def audit_landed(pipeline: Pipeline) -> Iterator[dg.AssetCheckResult]:
    """Audit the rows that no earlier audit has passed."""
    with told_plainly():
        checks = _checks(pipeline)
    yield check_result(
        [check for check in checks if check.blocking],
        name="landed_rows",
        asset=RAW_TAGS,
        severity=dg.AssetCheckSeverity.ERROR,
    )
    for name in WARNINGS:
        yield check_result(
            [check for check in checks if check.name == name],
            name=name,
            asset=RAW_TAGS,
            severity=dg.AssetCheckSeverity.WARN,
        )


def _checks(pipeline: Pipeline) -> list[Check]:
    try:
        return pipeline.run.audit_landed()
    except AuditFailedError:
        # the failed check itself stops the run, where everybody can see it
        return pipeline.run.checks
