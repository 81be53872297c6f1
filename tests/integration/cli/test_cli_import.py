"""heat import: real files, the real API, the ledger afterwards."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Heat = Callable[..., Result]
Ask = Callable[..., Any]

DAY_MS = 86_400_000


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """A file of one body per line; a tag is (task, days ago, what else)."""

    def write(*tags: tuple[str, int, dict[str, Any]]) -> Path:
        now = time.time_ns() // 1_000_000
        lines = [
            {
                "userId": "ann@example.org",
                "tags": [
                    {"taskId": task, "workType": "Bug", "intensity": 3,
                     "timestamp": now - days * DAY_MS, **more}
                ],
            }
            for task, days, more in tags
        ]  # fmt: skip
        path = tmp_path / "tags.ndjson"
        path.write_text("\n".join(map(json.dumps, lines)))
        return path

    return write


def test_an_import_may_be_repeated(heat: Heat, ask: Ask, file: Callable[..., Path]) -> None:
    heat("init")
    path = file(("A-1", 1, {}), ("A-2", 2, {}))
    assert ask("import", path)["stored"] == 2
    again = ask("import", path)
    assert (again["stored"], again["duplicate"], again["refused"]) == (0, 2, [])


def test_a_rejected_tag_is_named_with_its_line_and_the_others_land(
    heat: Heat, ask: Ask, file: Callable[..., Path]
) -> None:
    heat("init")
    path = file(("A-1", 1, {}), ("A-2", 1, {"intensity": 11}))
    answer = ask("import", path, code=3)
    assert (answer["stored"], answer["rejected"]) == (1, 1)
    (refused,) = answer["refused"]
    assert (refused["file"], refused["line"]) == (str(path), 2)
    assert "intensity" in refused["reasons"][0]
    assert f"{path}:2, tag 1: rejected: intensity" in heat("import", path, code=3).stderr


def test_a_tag_with_other_content_is_a_conflict(
    heat: Heat, ask: Ask, file: Callable[..., Path]
) -> None:
    heat("init")
    same = {"tagId": "0197c1a0-0000-7000-8000-000000000001", "timestamp": 1}
    now = time.time_ns() // 1_000_000
    ask("import", file(("A-1", 1, {**same, "timestamp": now})))
    answer = ask("import", file(("A-2", 1, {**same, "timestamp": now})), code=3)
    assert answer["conflict"] == 1


def test_what_is_past_retention_is_counted_before_it_begins(
    heat: Heat, file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    heat("init")
    path = file(("A-1", 1, {}), ("A-2", 200, {}))
    said = heat("import", path, code=3).stderr
    assert "1 of them are older than the 90 days that tags are kept" in said
    assert f"{path}:2, tag 1: rejected: timestamp expired" in said
    monkeypatch.setenv("HEAT_THRESHOLDS__RETENTION__DAYS", "0")
    assert "older" not in heat("import", path).stderr


def test_an_unreadable_file_is_said_in_one_sentence(heat: Heat, tmp_path: Path) -> None:
    heat("init")
    path = tmp_path / "tags.parquet"
    path.write_bytes(b"no parquet")
    assert heat("import", path, code=1).stderr.startswith(f"heat: {path}: no Parquet file of tags")


def test_a_file_that_is_not_there_is_a_usage_error(heat: Heat, tmp_path: Path) -> None:
    heat("init")
    assert "does not exist" in heat("import", tmp_path / "no.ndjson", code=2).stderr
