"""(a) Every mart over 12.8 million tags, against the plainest question over the same rows.

The floor is ``select user_id, local_day, sum(intensity) … group by`` in the same file, same run,
same two threads: machines differ, ratios less.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import generate
from report import Figure

from heat.home import Home
from heat.thresholds import Thresholds
from orchestration.warehouse import prepare, warehouse

PEOPLE, DAYS, TAGS_A_DAY = 10_000, 90, 20
FLOOR = """
    select max(total) from (
        select user_id, local_day, sum(intensity) as total from raw.tag_events group by all
    )
"""


def measure() -> list[Figure]:
    """Seconds as multiples of the floor, peak memory of the process that built."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).init()
        tags = fill(home)
        floor = time_floor(home)
        done = subprocess.run(  # a process of its own: its peak memory is the build's
            [sys.executable, __file__, folder], capture_output=True, text=True, check=True
        )
        *rows, peak = done.stdout.splitlines()
        seconds = {name: float(value) for name, value in (row.split() for row in rows)}
        size = home.warehouse_file.stat().st_size
    first = seconds.pop("int_tags") + seconds.pop("fct_tags")
    tests = seconds.pop("tests")
    figures = [
        Figure("analytics", f"floor over {tags:,} tags", floor, "s"),
        Figure("analytics", "fct_tags (int_tags, first build)", first / floor, "× floor", 30),
        Figure("analytics", "all other models", sum(seconds.values()) / floor, "× floor", 35),
        Figure("analytics", "streaks", seconds["fct_streaks"] / tags * 1e6, "µs per tag", 1),
        Figure("analytics", "data tests", tests / floor, "× floor"),
        Figure("analytics", "peak memory of the build", float(peak) / 1e9, "GB", 2),
        Figure("analytics", "warehouse", size / tags, "bytes per tag"),
    ]
    slowest = sorted(seconds, key=lambda name: -seconds[name])[:8]
    return figures + [
        Figure("analytics", name, seconds[name] / floor, "× floor") for name in slowest
    ]


def fill(home: Home) -> int:
    """A warehouse as a pull would leave it; returns the number of tags."""
    prepare(home)
    now = datetime.now(UTC)
    last = generate.LAST_DAY
    with warehouse(home) as connection:
        tags = generate.tags_sql(people=PEOPLE, days=DAYS, tags_a_day=TAGS_A_DAY)
        people = generate.people_sql(PEOPLE)
        connection.execute(f"insert into raw.tag_events {tags}")
        ((count, seq),) = connection.execute(
            "select count(*), max(seq) from raw.tag_events"
        ).fetchall()
        for statement in (
            f"insert into raw.users select user_id, user_id, 'UTC', date '{last}' from ({people})",
            f"insert into raw.memberships select user_id, team_id, null, null from ({people})",
            "insert into raw.teams select distinct team_id, team_id, 'UTC', 'named',"
            f" date '{last}' from ({people})",
        ):
            connection.execute(statement)
        connection.execute(
            "insert into raw.pull_state values ('bench', ?, null, 1, 'bench', ?)", [seq, now]
        )
        connection.execute("insert into raw.run values ('bench', ?, ?, true)", [now, last])
        insert_thresholds(connection)
    return int(count)


def insert_thresholds(connection: duckdb.DuckDBPyConnection) -> None:
    """The defaults, resolved for every team."""
    import json

    for key, value in Thresholds().flat().items():
        connection.execute(
            "insert into raw.thresholds select team_id, ?, ? from raw.teams union all"
            " select 'default', ?, ?",
            [key, json.dumps(value), key, json.dumps(value)],
        )


def time_floor(home: Home) -> float:
    """Median of three, warm."""
    with warehouse(home) as connection:
        times = []
        for _ in range(4):
            began = time.perf_counter()
            connection.execute(FLOOR).fetchall()
            times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def build(folder: str) -> None:
    """In the process of its own: build, and print what took how long."""
    from orchestration.build import run_dbt

    built = run_dbt(Home(Path(folder)), full_refresh=True)
    failed = [node for node in built.nodes if node.status not in ("success", "pass", "warn")]
    if failed:
        raise SystemExit(f"{failed[0].name}: {failed[0].message}")
    for node in built.nodes:
        if node.kind == "model":
            print(node.name, node.seconds)
    print("tests", sum(node.seconds for node in built.nodes if node.kind == "test"))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    build(sys.argv[1])
