"""Readers while snapshots are published: none fails, none sees half, none waits."""

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from hand_made_marts import make_marts
from landing_server import FakeLanding

from heat.client import Client
from heat.home import Home
from heat.snapshot import connect, current_snapshot
from orchestration.directory import Calendar
from orchestration.publish import publish
from orchestration.pull import pull

READER = """
import sys, time
from pathlib import Path
from heat.home import Home
from heat.snapshot import connect, current_snapshot

home, seen = Home(Path(sys.argv[1])), set()
print("reading", flush=True)
while not (home.tmp / "enough").exists():
    connection = connect(current_snapshot(home), memory_limit="64MB")
    tags, total = connection.execute(
        "select (select count(*) from marts.fct_tags),"
        " (select sum(tag_count) from marts.fct_daily_intensity)"
    ).fetchone()
    ((seq,),) = connection.execute("select seq from meta.snapshot").fetchall()
    connection.close()
    if not tags == total == seq:
        sys.exit(f"half a snapshot: {tags} tags, {total} by day, sequence {seq}")
    seen.add(seq)
    time.sleep(0.05)
print(len(seen), flush=True)
"""

PUBLISHES = 10
PROCESSES = 4
THREADS = 16


def read_in_a_thread(home: Home, failures: list[str], stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            path = current_snapshot(home)
            assert path is not None
            connection = connect(path, memory_limit="256MB")
            ((tags, total, seq),) = connection.execute(
                "select (select count(*) from marts.fct_tags),"
                " (select sum(tag_count) from marts.fct_daily_intensity),"
                " (select seq from meta.snapshot)"
            ).fetchall()
            if not tags == total == seq:
                failures.append(f"{tags} {total} {seq}")
            connection.close()
            time.sleep(0.05)
    except Exception as error:
        failures.append(repr(error))


@pytest.mark.process
def test_twenty_readers_never_fail_and_never_see_half_of_a_snapshot(
    home: Home, api: Client, landing: FakeLanding
) -> None:
    def publish_one(number: int) -> None:
        landing.add()
        pull(home, api, run_id=str(number), calendar=Calendar(datetime.now(UTC)))
        make_marts(home)
        stamp = f"20261125T0900{number:02d}Z-{number:08x}"
        publish(home, snapshot_id=stamp, built_at=datetime.now(UTC), checks=[])

    publish_one(0)
    failures: list[str] = []
    stop = threading.Event()
    threads = [
        threading.Thread(target=read_in_a_thread, args=(home, failures, stop))
        for _ in range(THREADS)
    ]
    with ExitStack() as stack:
        processes = [stack.enter_context(_reader(home)) for _ in range(PROCESSES)]
        stack.callback((home.tmp / "enough").touch)
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "reading\n"
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
        stack.callback(stop.set)
        for number in range(1, PUBLISHES + 1):
            publish_one(number)
        (home.tmp / "enough").touch()
        versions = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES
    assert failures == []
    assert all(int(seen) >= 2 for seen in versions)


def _reader(home: Home) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", READER, str(home.root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
