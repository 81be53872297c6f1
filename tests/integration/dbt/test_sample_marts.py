"""The sample, landed as it is: the marts equal answers that were computed without SQL."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from written_warehouse import WrittenWarehouse

pytestmark = pytest.mark.pipeline

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
LAST_DAY = date(2026, 8, 20)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ANSWERS = {
    "daily": """
        select
            user_id, local_day, total_intensity, band, tag_count, feature_intensity, bug_intensity,
            blocker_intensity, support_intensity, config_intensity, research_intensity
        from marts.fct_daily_intensity
    """,
    # the sample's severity begins at three days, our levels at two
    "streaks": """
        select
            user_id, task_id, work_type, first_day, last_day, days, tag_count,
            case level when 'monitor' then 'none' else level end
        from marts.fct_streaks
        where days >= 2
    """,
    "longest": """
        select
            user_id, task_id, work_type, days, first_day, last_day,
            sum(days) over task, sum(tag_count) over task
        from marts.fct_streaks
        window task as (partition by user_id, task_id, work_type)
        qualify row_number() over (
            partition by user_id, task_id, work_type order by days desc, first_day asc
        ) = 1
    """,
    "bus_factor": """
        select
            window_index, window_start, window_end, area, total_intensity, people, bus_factor,
            top_owner, top_share, hhi
        from marts.fct_bus_factor
    """,
    "weekly": """
        select team_id, week_start, work_type, total_intensity, tag_count, people
        from marts.fct_weekly_trends
        where tag_count > 0
    """,
}


@pytest.fixture(scope="module")
def sample(new_warehouse: Callable[[], WrittenWarehouse]) -> WrittenWarehouse:
    made = new_warehouse()
    made.run_as_of(LAST_DAY)
    people = list(csv.DictReader((SAMPLE / "users.csv").read_text(encoding="utf-8").splitlines()))
    made.write(
        users=[(row["userId"], row["userId"], None, LAST_DAY) for row in people],
        memberships=[(row["userId"], row["team"], None, None) for row in people],
        teams=[(t, t, "UTC", "named", LAST_DAY) for t in sorted({p["team"] for p in people})],
    )
    made.land(events())
    made.build(full_refresh=True)
    return made


def events() -> Iterator[dict[str, Any]]:
    """Every tag of the sample as a landing event."""
    seq = count(1)
    for file in sorted((SAMPLE / "upload").glob("*.ndjson.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for body in map(json.loads, lines):
                yield from (landed(next(seq), body["userId"], tag) for tag in body["tags"])


def landed(seq: int, user_id: str, tag: dict[str, Any]) -> dict[str, Any]:
    tagged_at = EPOCH + timedelta(milliseconds=tag["timestamp"])
    return {
        "seq": seq,
        "kind": "stored",
        "user_id": user_id,
        "tag_id": tag["tagId"],
        "task_scope": "",
        "task_id": tag["taskId"],
        "task_title": tag["taskTitle"],
        "work_type": tag["workType"],
        "intensity": tag["intensity"],
        "tagged_at": tagged_at,
        "tz_offset_min": tag["tzOffsetMin"],
        "local_day": (tagged_at + timedelta(minutes=tag["tzOffsetMin"])).date(),
        "labels": [],
        "area": tag["area"],
        "source": tag["source"],
        "ingested_at": tagged_at,
    }


def expected(answer: str) -> list[tuple[str, ...]]:
    with gzip.open(SAMPLE / "expected" / f"{answer}.csv.gz", "rt", encoding="utf-8") as lines:
        _, *rows = csv.reader(lines)
    return sorted(tuple(row) for row in rows)


def as_text(value: object) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_mart_of_the_sample_equals_the_answer_without_sql(
    sample: WrittenWarehouse, answer: str
) -> None:
    built = sorted(tuple(map(as_text, row)) for row in sample.rows(ANSWERS[answer]))
    assert built == expected(answer)


def test_every_tag_of_the_sample_is_in_force(sample: WrittenWarehouse) -> None:
    assert sample.rows("select count(*), sum(intensity) from marts.fct_tags") == [(19_236, 78_505)]
