"""Build: dbt in this process, over the manifest that set-up made.

dbt is imported inside the functions (three seconds), runs on two threads in the warehouse file
and lets go of it afterwards. The unit tests of the models belong to CI and are left out: on a
fresh warehouse they would fail and skip everything behind them.
"""

import contextlib
import gc
import importlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from heat.home import Home
from orchestration.directory import replace_rows
from orchestration.steps import AuditFailedError, Built, Check, NodeResult, StepError
from orchestration.warehouse import warehouse

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
DATABASE = "warehouse"
"""dbt names the database after the stem of the file."""

SOURCES = ("models", "macros", "tests", "dbt_project.yml", "profiles.yml")

STATE = """
select
    pull_state.epoch, pull_state.directory_hash, pull_state.cutoff_day,
    exists (
        select 1 from raw.build_state
        where
            build_state.epoch = pull_state.epoch
            and build_state.directory_hash = pull_state.directory_hash
            and build_state.cutoff_day is not distinct from pull_state.cutoff_day
    ) as is_same
from raw.pull_state
"""


def load_dbt() -> None:
    """Import dbt now, while something else is waited for."""
    importlib.import_module("dbt.adapters.duckdb")
    importlib.import_module("dbt.cli.main")


def build(home: Home, *, full: bool = False) -> Built:
    """Build and test every model.

    Models that grow by new events are built anew if the directory, the cut-off or the epoch
    differ from the last successful build's.

    :raises AuditFailedError: naming the data tests that failed; what depends on a tested model
        was then not built.
    :raises StepError: if a model could not be built, with dbt's own words.
    """
    with warehouse(home) as connection:
        ((epoch, directory_hash, cutoff_day, is_same),) = connection.execute(STATE).fetchall()
    built = run_dbt(home, full_refresh=full or not is_same)
    judge(built.nodes)
    with warehouse(home) as connection:
        replace_rows(connection, "build_state", [(epoch, directory_hash, cutoff_day)])
    return built


def run_dbt(home: Home, *, full_refresh: bool) -> Built:
    """Run ``dbt build`` and say what became of every node; judge nothing.

    :raises StepError: if dbt could not start at all.
    """
    arguments = ["build", *_options(home), "--exclude-resource-type", "unit_test"]
    if full_refresh:
        arguments.append("--full-refresh")
    with _environment(home):
        results, error = _invoke(arguments, _manifest(home))
    if error:
        # its traceback holds dbt's cursors in a circle, and with them the file
        gc.collect()
        raise StepError(f"dbt could not build: {error}")
    return Built([_node_result(result) for result in results], full_refresh)


def _invoke(arguments: list[str], manifest: Any = None) -> tuple[Sequence[Any], str | None]:
    """Results by node, and what stopped dbt before there were any."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        answer = dbtRunner(manifest=manifest).invoke(arguments)
    finally:
        # dbt keeps the file open after it returns, and nobody else could open it
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    error = None if answer.exception is None else _one_line(str(answer.exception))
    return getattr(answer.result, "results", ()), error


def judge(nodes: Sequence[NodeResult]) -> None:
    """Let a run go on only if every model was built and every test passed.

    :raises StepError: naming the model that could not be built.
    :raises AuditFailedError: naming the data tests that failed.
    """
    for node in nodes:
        if node.status == "error":
            raise StepError(f"{node.kind} {node.name}: {_one_line(node.message or 'failed')}")
    failed = [node for node in nodes if node.status == "fail"]
    if failed:
        raise AuditFailedError([as_check(node) for node in failed], nodes)


def as_check(node: NodeResult) -> Check:
    """A data test as an audit's answer; ``warn`` passes nothing but blocks nothing either."""
    failures = node.failures or 0
    return Check(
        node.name,
        node.status == "pass",
        node.message or f"{failures} rows",
        blocking=node.status != "warn",
        counts={"failed": failures},
    )


def manifest_file(home: Home) -> Path:
    """The manifest of the models as they are now.

    Set-up makes it in the project. If it is missing there, older than a model or made for
    another database, it is made in the home (some three seconds, once).

    :raises StepError: if the project does not parse.
    """
    changed = max(file.stat().st_mtime for file in _source_files())
    for folder in (PROJECT / "target", _target(home)):
        file = folder / "manifest.json"
        if file.exists() and file.stat().st_mtime >= changed and _is_ours(file):
            return file
    with _environment(home):
        _, error = _invoke(["parse", *_options(home, write_json=True)])
    if error:
        raise StepError(f"the dbt project does not parse: {error}")
    return _target(home) / "manifest.json"


def _is_ours(file: Path) -> bool:
    """Whether its relations lie in a database named as the warehouse is."""
    nodes = json.loads(file.read_text(encoding="utf-8"))["nodes"].values()
    return {node["database"] for node in nodes} == {DATABASE} and _packed(file).exists()


def _packed(manifest: Path) -> Path:
    """The same manifest as dbt itself reads it back: the JSON form has lost parts of the tests."""
    return manifest.with_name("partial_parse.msgpack")


def _manifest(home: Home) -> Any:
    """The manifest for dbt: loading takes a tenth of a second, parsing thirty times that."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    packed = _packed(manifest_file(home)).read_bytes()
    return Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)


def _options(home: Home, *, write_json: bool = False) -> list[str]:
    return [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(_target(home)), "--log-path", str(home.logs)),
        # what went wrong stands in each node's result; dbt would leave its log file open
        *("--log-level", "none", "--log-level-file", "none", "--no-use-colors"),
        "--write-json" if write_json else "--no-write-json",
    ]


@contextlib.contextmanager
def _environment(home: Home) -> Iterator[None]:
    """What ``profiles.yml`` reads; the working folder, which dbt may change, is put back."""
    given = {
        "HEAT_WAREHOUSE": str(home.warehouse_file),
        "HEAT_TMP": str(home.tmp / "pipeline"),
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        with contextlib.chdir(Path.cwd()):
            yield
    finally:
        _restore(before)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _node_result(result: Any) -> NodeResult:
    node = result.node
    return NodeResult(
        unique_id=str(node.unique_id),
        tested=_tested(node),
        name=str(node.name),
        kind=str(node.resource_type.value),
        status=str(result.status.value),
        seconds=float(result.execution_time or 0.0),
        failures=result.failures,
        message=result.message,
    )


def _tested(node: Any) -> str:
    """Model of a data test: the one it is attached to, or the first it asks about."""
    if node.resource_type.value != "test":
        return ""
    return str(getattr(node, "attached_node", None) or node.depends_on.nodes[0])


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        path = PROJECT / name
        yield from (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _target(home: Home) -> Path:
    return home.warehouse_file.parent / "dbt"


def _one_line(text: str) -> str:
    return " ".join(text.split())
