"""heat refresh: the real pipeline once, and what is said when it does not publish."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from heat.home import Home
from orchestration import run as pipeline
from orchestration.run import RunResult
from orchestration.steps import Check

Heat = Callable[..., Result]
Ask = Callable[..., Any]


def result(outcome: str, *failed: Check) -> RunResult:
    return RunResult("r", outcome, "audit_landed", "3 rows are odd", failed)  # type: ignore[arg-type]


@pytest.mark.pipeline
def test_what_was_imported_is_published(heat: Heat, ask: Ask, tmp_path: Path, home: Home) -> None:
    heat("init")
    now = time.time_ns() // 1_000_000
    path = tmp_path / "tags.csv"
    path.write_text(f"userId,taskId,workType,intensity,timestamp\nann,A-1,Bug,3,{now}\n")
    heat("import", path)
    (waiting,) = ask("status")["problems"]
    assert "nothing is published yet" in waiting["what"]
    done = ask("refresh")
    assert (done["outcome"], done["pulled"]) == ("published", 1)
    state = ask("status")
    assert state["problems"] == []
    assert state["snapshot"]["id"] == done["snapshotId"]


def test_a_failed_audit_ends_with_its_own_code_and_names_the_checks(
    heat: Heat, monkeypatch: pytest.MonkeyPatch
) -> None:
    heat("init")
    failed = result("audit_failed", Check("intensity in range", False, "3 rows are odd"))
    monkeypatch.setattr(pipeline, "refresh", lambda *_, **__: failed)
    said = heat("refresh", code=4).stderr
    assert "checks failed: intensity in range: 3 rows are odd" in said


def test_a_failed_step_is_named(heat: Heat, monkeypatch: pytest.MonkeyPatch) -> None:
    heat("init")
    monkeypatch.setattr(pipeline, "refresh", lambda *_, **__: result("failed"))
    said = heat("refresh", code=1).stderr
    assert said.endswith("nothing was published, audit_landed failed: 3 rows are odd\n")


def test_a_day_that_is_none_is_a_usage_error(heat: Heat) -> None:
    heat("init")
    assert "--as-of" in heat("refresh", "--as-of", "yesterday", code=2).stderr
