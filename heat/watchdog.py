"""Ends the children of a supervisor that was killed: nothing of HEAT outlives ``heat up``.

A process of its own. It reads ``+<process group>`` and ``-<process group>`` line by line; when
the supervisor is gone the pipe ends, and whatever is still named is ended with it. Standard
library only: it must not cost anything.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 10.0


def groups_left(lines: Iterable[str]) -> set[int]:
    """Process groups that were named and not taken back.

    >>> sorted(groups_left(["+12", "+15", "-12"]))
    [15]
    """
    left: set[int] = set()
    for line in lines:
        group = int(line[1:])
        if line.startswith("+"):
            left.add(group)
        else:
            left.discard(group)
    return left


def end_groups(groups: Iterable[int], grace: float = GRACE_SECONDS) -> None:
    """Ask every process group to end, and kill what has not after ``grace`` seconds."""
    left = {group for group in groups if _send(group, signal.SIGTERM)}
    until = time.monotonic() + grace
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = {group for group in left if _send(group, 0)}
    for group in left:
        _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    """Send a signal to a group; whether there is anybody to receive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    end_groups(groups_left(sys.stdin))
