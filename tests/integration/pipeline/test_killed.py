"""``kill -9`` at each stage of a run: readers keep what they had, the next run repairs."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hand_made_marts import rows
from killed_run import PLACES
from landing_server import FakeLanding

from heat.home import Home
from heat.snapshot import current_snapshot, read_last_run

pytestmark = pytest.mark.process


def run(home: Home, url: str, place: str) -> int:
    script = Path(__file__).with_name("killed_run.py")
    command = [sys.executable, str(script), str(home.root), url, place]
    return subprocess.run(command, check=False, timeout=120).returncode


def tags_in_current(home: Home) -> int:
    ((tags,),) = rows(current_snapshot(home), "select count(*) from marts.fct_tags")
    assert isinstance(tags, int)
    return tags


@pytest.mark.parametrize("place", PLACES)
def test_the_next_run_repairs(home: Home, url: str, landing: FakeLanding, place: str) -> None:
    landing.add()
    assert run(home, url, "nowhere") == 0
    landing.add()
    landing.add()
    assert run(home, url, place) == -signal.SIGKILL
    # readers see the old snapshot or the new one, whole
    assert tags_in_current(home) in (1, 3)
    landing.add()
    assert run(home, url, "nowhere") == 0
    assert tags_in_current(home) == 4
    assert rows(home.warehouse_file, "select list(seq order by seq) from raw.tag_events") == [
        ([1, 2, 3, 4],)
    ]
    last_run = read_last_run(home)
    assert last_run is not None
    assert last_run["outcome"] == "published"
    leftovers = [file.name for file in home.published.iterdir() if file.name.startswith(".")]
    assert leftovers == []
