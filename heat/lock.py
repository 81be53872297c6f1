"""Who owns a file: an advisory lock that says who holds it.

The kernel gives the lock back when its holder dies, however it dies; the text in the file
(pid, URL) is only what to tell others.
"""

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class LockHeldError(RuntimeError):
    """Somebody else owns the file; ``holder`` is what they wrote about themselves."""

    def __init__(self, path: Path, holder: dict[str, object]) -> None:
        who = f"process {holder['pid']}" if "pid" in holder else "another process"
        url = f" at {holder['url']}" if holder.get("url") else ""
        super().__init__(f"{path} is held by {who}{url}")
        self.path = path
        self.holder = holder


class OwnerLock:
    """An exclusive ``flock`` with its holder's pid and URL inside.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "owner.lock"
    >>> with OwnerLock(path).acquire(url="http://127.0.0.1:8040"):
    ...     holder_of(path)["url"]
    'http://127.0.0.1:8040'
    >>> holder_of(path) is None
    True
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self, *, url: str | None = None, wait: float = 0.0) -> Self:
        """Take the lock, waiting at most ``wait`` seconds.

        :raises LockHeldError: if somebody else still holds it then.
        """
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(fd)
                    raise LockHeldError(self.path, _read(self.path)) from None
                time.sleep(0.05)
        self._fd = fd
        self.say(url=url)
        return self

    def say(self, *, url: str | None) -> None:
        """Write who holds the lock and where to reach it."""
        if self._fd is None:
            raise RuntimeError("the lock is not held")
        text = json.dumps({"pid": os.getpid(), "url": url}).encode()
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text, 0)

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def holder_of(path: Path) -> dict[str, object] | None:
    """What the holder of a lock says about itself, or ``None`` if nobody holds it."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path)
    finally:
        os.close(fd)
    return None


def _read(path: Path) -> dict[str, object]:
    try:
        holder = json.loads(path.read_text() or "{}")
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}
