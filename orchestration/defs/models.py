"""The dbt models as assets, their data tests as checks, built in one step in this process.

Not through dagster-dbt's command line: that starts dbt anew (five seconds) and asks it for its
version (which asks the network). And one check per model, not per data test: each check is
three writes to Dagster's event log, and readers wait for all of them before the snapshot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from heat.schema import MARTS
from heat.settings import load_settings
from orchestration import build
from orchestration.defs.landing import RAW_DIRECTORY, RAW_TAGS
from orchestration.defs.pipeline import Pipeline, check_result, told_plainly
from orchestration.steps import AuditFailedError, NodeResult

UNIQUE_ID = "dagster_dbt/unique_id"
DATA_TESTS = "data_tests"
TAGS_MART = dg.AssetKey("fct_tags")


class HeatTranslator(DagsterDbtTranslator):
    """Models under their own names, grouped by layer; sources are the pulled assets."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Spec of one model or source."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] == "source":
            return spec.replace_attributes(
                key=RAW_TAGS if props["name"] == "tag_events" else RAW_DIRECTORY
            )
        return spec.replace_attributes(
            key=dg.AssetKey(props["name"]),
            group_name=props["fqn"][1],
            description=props["description"],
        )

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """Spec of the check that speaks for all data tests of a model."""
        one = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if one is None:
            return None
        return dg.AssetCheckSpec(
            DATA_TESTS,
            asset=asset_spec.key,
            blocking=True,
            description="Every data test of the model; those that failed are named.",
        )


@dbt_assets(
    manifest=build.manifest_file(load_settings().paths),
    name="build",
    dagster_dbt_translator=HeatTranslator(
        # every source but the events is part of the one asset raw_directory
        DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)
    ),
)
def models(
    context: dg.AssetExecutionContext, pipeline: Pipeline
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Build and test every model."""
    with told_plainly():
        try:
            nodes, failed = pipeline.run.build().nodes, None
        except AuditFailedError as error:
            nodes, failed = error.nodes, error
        keys = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.specs}
        for node in nodes:
            if node.unique_id in keys and node.status == "success":
                yield dg.MaterializeResult(
                    asset_key=keys[node.unique_id], metadata={"seconds": node.seconds}
                )
        yield from _check_results(context.assets_def.check_keys, keys, nodes)
        if failed is not None:
            raise failed


def _check_results(
    expected: Iterable[dg.AssetCheckKey],
    keys: Mapping[str, dg.AssetKey],
    nodes: Sequence[NodeResult],
) -> Iterator[dg.AssetCheckResult]:
    """One answer for each model whose data tests were run."""
    for key in sorted(expected):
        tests = [
            build.as_check(node)
            for node in nodes
            if node.status in ("pass", "warn", "fail") and keys.get(node.tested) == key.asset_key
        ]
        blocks = any(check.blocking and not check.passed for check in tests)
        severity = dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN
        if tests:
            yield check_result(tests, name=DATA_TESTS, asset=key.asset_key, severity=severity)


@dg.asset_check(
    asset=TAGS_MART,
    name="marts_agree_with_landing",
    additional_deps=[dg.AssetKey(name) for name in MARTS if name != TAGS_MART.path[-1]],
    blocking=True,
    description="The marts add up to landing's ledger and to each other.",
)
def audit_marts(pipeline: Pipeline) -> dg.AssetCheckResult:
    """Hold the marts against landing's own totals."""
    with told_plainly():
        try:
            checks = pipeline.run.audit_marts()
        except AuditFailedError as error:
            checks = list(error.checks)
    return check_result(
        checks,
        name="marts_agree_with_landing",
        asset=TAGS_MART,
        severity=dg.AssetCheckSeverity.ERROR,
    )
