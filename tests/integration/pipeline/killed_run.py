"""One pipeline run that kills itself, as ``kill -9`` would, at a place given by name.

Started as a process of its own by the tests: ``killed_run.py HOME URL PLACE``. The build and the
audit of landed rows are stood in for; pull, reconciliation, publish and lock are the real ones.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from hand_made_marts import make_marts

from heat.home import Home
from heat.settings import Settings
from orchestration import audit, build, publish, pull, reconcile, run
from orchestration.steps import Built, Check

PLACES: dict[str, tuple[Any, str]] = {
    "inside_the_pull": (pull, "write_directory"),
    "after_the_pull": (pull, "pull"),
    "after_the_audit": (audit, "audit_landed"),
    "after_the_build": (build, "build"),
    "after_the_mart_audit": (reconcile, "audit_marts"),
    "snapshot_written_not_named": (publish, "_write"),
    "snapshot_named_not_current": (publish, "sync_folder"),
    "current_moved_not_pruned": (publish, "replace_file"),
    "pruned_not_said": (publish, "prune"),
}


def dies_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **options: Any) -> Any:
        function(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return wrapped


def all_passed(home: Home, *, everything: bool = False) -> list[Check]:
    """Instead of Great Expectations: seconds saved per run."""
    return []


def by_hand(home: Home, *, full: bool = False) -> Built:
    """Instead of dbt."""
    return make_marts(home)


def main() -> None:
    home, url, place = sys.argv[1:]
    audit.audit_landed, build.build = all_passed, by_hand
    if place != "nowhere":
        module, name = PLACES[place]
        setattr(module, name, dies_after(getattr(module, name)))
    result = run.refresh(Settings(home=Path(home)), api_url=url)
    sys.exit(0 if result.outcome == "published" else result.message)


if __name__ == "__main__":
    main()
