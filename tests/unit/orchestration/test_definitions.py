"""What Dagster shows, name by name: a definition that vanishes is seen here.

``definitions.txt`` is the agreed list. After a change that is meant, write it anew:
``HEAT_UPDATE_SNAPSHOTS=1 pytest tests/unit/orchestration/test_definitions.py``.
"""

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.pipeline

AGREED = Path(__file__).with_name("definitions.txt")


def listed(definitions: Any) -> str:
    repository = definitions.get_repository_def()
    graph = repository.asset_graph
    assets = [(key.to_user_string(), graph.get(key)) for key in graph.get_all_asset_keys()]
    jobs = [job.name for job in repository.get_all_jobs() if not job.name.startswith("__")]
    schedules = [(each.name, each.cron_schedule) for each in repository.schedule_defs]
    lines = [
        *(f"asset {name} ({node.group_name})" for name, node in assets),
        *(f"check {key.asset_key.to_user_string()}: {key.name}" for key in graph.asset_check_keys),
        *(f"job {name}" for name in jobs),
        *(f"sensor {sensor.name}" for sensor in repository.sensor_defs),
        *(f"schedule {name} {cron}" for name, cron in schedules),
    ]
    return "\n".join(sorted(lines)) + "\n"


def test_every_definition_is_on_the_list(definitions: Any) -> None:
    found = listed(definitions)
    if os.environ.get("HEAT_UPDATE_SNAPSHOTS"):
        AGREED.write_text(found)
    assert found == AGREED.read_text()


def test_the_pulled_assets_are_what_dbt_reads(definitions: Any) -> None:
    graph = definitions.get_repository_def().asset_graph
    parents = {
        parent.to_user_string()
        for key in graph.get_all_asset_keys()
        if graph.get(key).group_name == "staging"
        for parent in graph.get(key).parent_keys
    }
    assert parents == {"raw_tags", "raw_directory"}


def test_the_snapshot_waits_for_the_audits(definitions: Any) -> None:
    repository = definitions.get_repository_def()
    job = repository.get_job("refresh")
    order = [step.key for step in _plan(job).get_all_steps_in_topo_order()]
    assert order == [
        "pull",
        "audit_landed",
        "build",
        "fct_tags_marts_agree_with_landing",
        "published_snapshot",
    ]


def _plan(job: Any) -> Any:
    from dagster._core.execution.api import create_execution_plan

    return create_execution_plan(job)


def test_every_job_runs_in_one_process(definitions: Any) -> None:
    jobs = [j for j in definitions.get_repository_def().get_all_jobs() if j.name != "__ASSET_JOB"]
    assert {job.executor_def.name for job in jobs} == {"in_process"}
