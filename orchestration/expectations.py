"""The Great Expectations suite of what landed, and the process that runs it.

Great Expectations costs seconds and some 200 MB to import, so it lives in a process of its own:
``python -m orchestration.expectations`` starts importing while the pipeline pulls, reads the
rows as an Arrow stream on stdin, answers with counts as JSON on stdout, and ends. Which rows
are asked about, and what a failure means, is decided in :mod:`orchestration.audit`.
"""

import gc
import importlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pyarrow as pa

from heat.vocabulary import EventKind, WorkType
from orchestration.steps import Check

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Older moments are seconds taken for milliseconds."""


class _Later(ModuleType):
    """A module that is imported when somebody first asks it for something."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def great_expectations(module: str = "") -> Any:
    """Import Great Expectations, or a module of it, at two thirds of the price.

    At import it draws in altair and scipy.stats for three expectations that nobody asks here.
    """
    if "great_expectations" not in sys.modules:
        scipy: Any = importlib.import_module("scipy")

        for name in ("altair", "scipy.stats"):
            sys.modules.setdefault(name, _Later(name))
        scipy.stats = sys.modules["scipy.stats"]
    return importlib.import_module(f"great_expectations.{module}".rstrip("."))


def suite() -> dict[str, Any]:
    """Check name → expectation about one landed row.

    Columns are those of :data:`orchestration.audit.FRAME`.
    """
    gxe = great_expectations("expectations")

    def between(column: str, low: Any, high: Any) -> Any:
        return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)

    def within(column: str, values: Sequence[str]) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values))

    kinds = [kind for kind in EventKind if kind is not EventKind.CUTOFF]
    needed = (
        *("seq", "kind", "user_id", "tag_id", "task_scope", "task_id", "work_type"),
        *("intensity", "tagged_at", "tz_offset_min", "local_day", "ingested_at"),
    )
    return {
        **{f"{name}_not_null": gxe.ExpectColumnValuesToNotBeNull(column=name) for name in needed},
        "seq_unique": gxe.ExpectColumnValuesToBeUnique(column="seq"),
        "tag_unique_per_user": between("times_stored", 1, 1),
        "kind_known": within("kind", kinds),
        "work_type_known": within("work_type", list(WorkType)),
        "intensity_range": between("intensity", 1, 10),
        "offset_range": between("tz_offset_min", -840, 840),
        "user_id_length": between("user_id_length", 1, 128),
        "task_id_length": between("task_id_length", 1, 128),
        "label_count": between("label_count", 0, 10),
        "tagged_at_after_2000": between("tagged_at", EARLIEST, None),
        "tagged_at_not_in_the_future": between("hours_ahead", None, 24.0),
        "local_day_agrees_with_offset": gxe.ExpectColumnPairValuesToBeEqual(
            column_A="local_day", column_B="day_by_offset", ignore_row_if="both_values_are_missing"
        ),
    }


def check(batches: Iterable[pa.RecordBatch]) -> list[Check]:
    """Ask the whole suite about some rows; counts add up over the batches.

    :param batches: columns of :data:`orchestration.audit.FRAME`.
    :raises RuntimeError: if an expectation could not be computed: that says nothing about data.
    """
    gx = great_expectations()
    context = gx.get_context(mode="ephemeral")
    types = great_expectations("data_context.types.base")
    context.variables.progress_bars = types.ProgressBarsConfig(globally=False)
    expectations = suite()
    names = {_identity(each.configuration): name for name, each in expectations.items()}
    questions = gx.ExpectationSuite("landed rows", expectations=list(expectations.values()))
    asset = context.data_sources.add_pandas("landing").add_dataframe_asset("rows")
    definition = asset.add_batch_definition_whole_dataframe("new")
    rows, failed = 0, dict.fromkeys(names.values(), 0)
    for batch in batches:
        frame = batch.to_pandas(date_as_object=False)
        # counts, not values: what people said is in no log and no report
        found = definition.get_batch({"dataframe": frame}).validate(
            questions, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
        )
        rows += len(frame)
        for result in found.results:
            name = names[_identity(result.expectation_config)]
            failed[name] += _unexpected(name, result)
    return [
        Check(name, bad == 0, f"{bad} of {rows} rows", counts={"rows": rows, "failed": bad})
        for name, bad in failed.items()
    ]


def _identity(configuration: Any) -> tuple[str, str]:
    kwargs = configuration.kwargs
    return configuration.type, kwargs.get("column") or kwargs["column_A"]


def _unexpected(name: str, result: Any) -> int:
    """Rows that failed; an expectation that failed by an exception looks the same, so look."""
    info = result.exception_info or {}
    entries = [info, *(entry for entry in info.values() if isinstance(entry, Mapping))]
    raised = [entry for entry in entries if entry.get("raised_exception")]
    if raised:
        raise RuntimeError(f"{name} could not be computed: {raised[0]['exception_message']}")
    return int(result.result["unexpected_count"])


def main() -> None:
    """Serve one pipeline run: rows in, answers out."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    # whatever a library prints must not stand between the answers
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # the slow part, while the rows are on their way; nothing in it is garbage
    gc.disable()
    great_expectations()
    gc.enable()
    with pa.ipc.open_stream(sys.stdin.buffer) as reader:
        checks = check(reader)
    json.dump([asdict(each) for each in checks], answers)
    answers.close()


if __name__ == "__main__":
    main()
