"""Dagster's own processes: what lands is published without anybody asking for it."""

import subprocess
import time
from contextlib import ExitStack
from typing import Any

import pytest
from landing_server import FakeLanding

from heat.home import Home
from heat.lock import OwnerLock
from heat.snapshot import read_last_run
from orchestration.instance import Process, processes, write_instance

pytestmark = [pytest.mark.pipeline, pytest.mark.process, pytest.mark.slow]

PATIENCE = 240.0


def started(process: Process, home: Home, stack: ExitStack) -> "subprocess.Popen[bytes]":
    log = stack.enter_context((home.logs / f"{process.name}.log").open("wb"))
    child = subprocess.Popen(process.argv, env=process.env, cwd=process.cwd, stdout=log, stderr=log)
    stack.callback(child.wait)
    stack.callback(child.terminate)
    wait_for(lambda: process.ready_file is None or process.ready_file.exists())
    return child


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def published_up_to(home: Home, seq: int) -> bool:
    last_run = read_last_run(home)
    return last_run is not None and last_run["outcome"] == "published" and last_run["seq"] >= seq


def test_what_lands_is_published_by_itself(pipeline: Any, url: str, landing: FakeLanding) -> None:
    landing.directory["thresholds"]["default"]["refresh.minIntervalSeconds"] = 0
    home = pipeline.home
    write_instance(pipeline.settings)
    code_server, daemon = processes(pipeline.settings, lean=True)
    with ExitStack() as stack:
        stack.enter_context(OwnerLock(home.owner_lock).acquire(url=url))
        started(code_server, home, stack)
        started(daemon, home, stack)
        landing.add()
        wait_for(lambda: published_up_to(home, 1))
        landing.add()
        wait_for(lambda: published_up_to(home, 2))
