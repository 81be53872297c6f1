"""``heat refresh``: one run of the pipeline, from landing to a published snapshot."""

import logging
from dataclasses import asdict
from datetime import datetime

import click

from heat.cli.base import Failure, HeatCommand, api_url, initialised, quieter
from heat.cli.output import json_option, print_json, say
from heat.lock import holder_of


class AuditFailure(Failure):
    """The data failed a check: nothing was published."""

    exit_code = 4


_STAGES = {
    "retention": "removing what is past retention.days",
    "pull": "pulling what landed",
    "audit_landed": "auditing what landed",
    "build": "building the marts",
    "audit_marts": "auditing the marts",
    "publish": "publishing the snapshot",
}


@click.command(
    cls=HeatCommand,
    short_help="Run the pipeline once and publish.",
    epilog="heat refresh\nheat refresh --as-of 2026-08-20\nheat refresh --full --json",
)
@click.option("--full", is_flag=True, help="Throw the warehouse away and build it from landing.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A fixed day instead of each person's today; the next scheduled run returns to today.",
)
@json_option
def refresh(full: bool, as_of: datetime | None, as_json: bool) -> None:
    """Pull, audit, build, audit, publish.

    A failed check publishes nothing, is named, and ends with exit code 4; the last good snapshot
    stays.
    """
    of = initialised()
    day = as_of.date() if as_of else None
    if holder := holder_of(of.paths.pipeline_lock):
        say(f"another run is under way (process {holder.get('pid', '?')}); waiting for its end …")
    with api_url(of) as url, quieter("orchestration", logging.ERROR):
        from orchestration.run import refresh as run  # seconds of imports: not before it is needed

        result = run(
            of,
            api_url=url,
            full=full,
            as_of=day,
            on_stage=lambda stage: say(f"{_STAGES.get(stage, stage)} …"),
        )
    if as_json:
        print_json(
            {
                "runId": result.run_id,
                "outcome": result.outcome,
                "stage": result.stage,
                "message": result.message,
                "failedChecks": [asdict(check) for check in result.failed_checks],
                "warnings": [asdict(check) for check in result.warnings],
                "snapshotId": result.snapshot_id,
                "seq": result.seq,
                "pulled": result.rows,
                "seconds": result.seconds,
            }
        )
    for warning in result.warnings:
        say(f"warning: {warning.name}: {warning.message}")
    if result.outcome == "published":
        total = sum(result.seconds.values())
        say(f"published {result.snapshot_id}: {result.rows:,} new events, {total:.1f} s")
        return
    if result.outcome == "audit_failed":
        failed = "; ".join(f"{check.name}: {check.message}" for check in result.failed_checks)
        raise AuditFailure(f"nothing was published, checks failed: {failed}")
    raise Failure(f"nothing was published, {result.stage} failed: {result.message}")
