"""Files of tags: what is read from them, and the line that each tag comes from."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from heat.cli.readers import BadLine, UnreadableFileError, Upload, is_expired, read

TAG = {"taskId": "A-1", "workType": "Bug", "intensity": 3, "timestamp": 1_764_064_000_000}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY_MS = 86_400_000


def uploads(path: Path) -> list[Upload]:
    parts = list(read(path))
    assert all(isinstance(part, Upload) for part in parts)
    return [part for part in parts if isinstance(part, Upload)]


def ndjson(path: Path, *bodies: object) -> Path:
    path.write_text("\n".join(json.dumps(body) for body in bodies) + "\n", encoding="utf-8")
    return path


def test_each_line_of_ndjson_is_one_body(tmp_path: Path) -> None:
    path = ndjson(
        tmp_path / "a.ndjson", {"userId": "ann", "tags": [TAG]}, {"userId": "bo", "tags": [TAG]}
    )
    first, second = uploads(path)
    assert first.body() == {"userId": "ann", "tags": [TAG]}
    assert second.lines == [2]


def test_gzip_is_read_like_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(json.dumps({"userId": "ann", "tags": [TAG]}).encode()))
    (only,) = uploads(path)
    assert only.tags == [TAG]


def test_a_body_of_too_many_tags_is_sent_in_parts(tmp_path: Path) -> None:
    path = ndjson(tmp_path / "a.ndjson", {"userId": "ann", "tags": [TAG] * 250})
    assert [len(upload.tags) for upload in uploads(path)] == [100, 100, 50]


def test_a_line_that_is_no_body_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text(f'{{"tags": [{json.dumps(TAG)}]}}\n{{oops\n[]\n\n', encoding="utf-8")
    good, *bad = read(path)
    assert isinstance(good, Upload)
    assert [one.line for one in bad if isinstance(one, BadLine)] == [2, 3]


def test_rows_of_csv_become_bodies_of_one_user(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "userId,taskId,workType,intensity,timestamp,labels,tzOffsetMin,unknown\n"
        "ann,A-1,Bug,3,1764064000000,SQL; API,60,x\n"
        'bo,"A\n2",Bug,3,1764064000000,,,\n'
        "ann,A-3,Bug,much,1764064000000,,,\n",
        encoding="utf-8",
    )
    ann, bo = uploads(path)
    assert ann.user_id == "ann"
    assert ann.tags[0] == {**TAG, "labels": ["SQL", "API"], "tzOffsetMin": 60}
    assert ann.tags[1]["intensity"] == "much"
    assert (ann.lines, bo.lines) == ([2, 5], [4])


def test_parquet_keeps_types_and_turns_moments_into_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "userId": ["ann"],
            "taskId": ["A-1"],
            "workType": ["Bug"],
            "intensity": [3],
            "timestamp": [datetime(2025, 11, 25, 9, 46, 40, tzinfo=UTC)],
            "labels": [["SQL"]],
            "area": [None],
        }
    ).write_parquet(path)
    (only,) = uploads(path)
    assert only.tags == [{**TAG, "labels": ["SQL"]}]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_table_without_a_required_column_is_refused_with_its_name(
    tmp_path: Path, name: str
) -> None:
    frame = pl.DataFrame({"userId": ["ann"], "taskId": ["A-1"]})
    path = tmp_path / name
    frame.write_csv(path) if name.endswith("csv") else frame.write_parquet(path)
    with pytest.raises(UnreadableFileError, match=r"workType, intensity, timestamp is missing"):
        list(read(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"x"),
        ("a", b"x"),
        ("a.parquet", b"no parquet"),
        ("a.ndjson.gz", b"no gzip"),
        ("a.ndjson", b"\xff\xfe\xff"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=name):
        list(read(path))


@pytest.mark.parametrize(
    ("days_ago", "keep_days", "expected"),
    [(90, 90, False), (91, 90, True), (5_000, 0, False)],
)
def test_a_tag_is_expired_by_its_local_day(days_ago: int, keep_days: int, expected: bool) -> None:
    moment = round(NOW.timestamp() * 1000) - days_ago * DAY_MS
    assert is_expired({"timestamp": moment}, keep_days, NOW) is expected


def test_an_offset_moves_a_tag_over_the_edge_of_retention() -> None:
    midnight = round(datetime(2025, 12, 1, tzinfo=UTC).timestamp() * 1000)
    assert not is_expired({"timestamp": midnight}, 90, NOW)
    assert is_expired({"timestamp": midnight, "tzOffsetMin": -60}, 90, NOW)


@pytest.mark.parametrize("tag", ["text", {}, {"timestamp": "soon"}, {"timestamp": True}])
def test_what_is_no_tag_is_left_to_the_api(tag: object) -> None:
    assert not is_expired(tag, 90, NOW)
