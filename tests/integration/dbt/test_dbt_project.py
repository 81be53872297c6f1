"""dbt's own view of the project: it parses without a warning, its unit tests pass."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from written_warehouse import WrittenWarehouse

from heat.home import Home
from orchestration.build import PROJECT

pytestmark = pytest.mark.pipeline


@pytest.fixture
def dbt(
    new_warehouse: Callable[[], WrittenWarehouse], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """``dbt(*arguments)`` in this process, on an empty warehouse that nobody holds afterwards."""
    home: Home = new_warehouse().home
    monkeypatch.setenv("HEAT_WAREHOUSE", str(home.warehouse_file))
    monkeypatch.setenv("HEAT_TMP", str(home.tmp / "pipeline"))
    # dbt may change it
    monkeypatch.chdir(tmp_path)
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(tmp_path / "target"), "--log-path", str(home.logs)]
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-write-json"]

    def invoke(*arguments: str, flags: Sequence[str] = ()) -> Any:
        try:
            return dbtRunner().invoke([*flags, *arguments, *places, *quiet])
        finally:
            DuckDBConnectionManager.close_all_connections()

    return invoke


def test_the_project_parses_without_a_warning(dbt: Callable[..., Any]) -> None:
    answer = dbt("parse", "--no-partial-parse", flags=["--warn-error"])
    assert answer.success, answer.exception


def test_every_unit_test_of_the_models_passes(dbt: Callable[..., Any]) -> None:
    # a unit test asks the built relations for the types of their columns
    assert dbt("run", "--empty").success
    answer = dbt("test", "--select", "test_type:unit")
    assert answer.exception is None
    results = list(answer.result)
    failed = {r.node.name: r.message for r in results if r.status.value != "pass"}
    assert not failed
    assert len(results) > 60
