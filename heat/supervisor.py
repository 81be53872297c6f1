"""Child processes that belong together: started, asked whether they are ready, restarted, ended.

It knows nothing of HEAT's parts (``heat.cli.parts`` names them) and runs in one thread: somebody
calls :meth:`Supervisor.run_until` until what they wait for is true. Every child has a process
group of its own, so that Ctrl-C in a terminal reaches the supervisor alone, and what a child has
started ends with it. A watchdog process ends the groups if the supervisor itself is killed.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from heat import watchdog

MOST_RESTARTS = 3
FIRST_BACK_OFF_SECONDS = 1.0
FORGIVEN_AFTER_SECONDS = 600.0
"""A child that ran so long starts with a clean slate when it dies."""

MOST_LOG_BYTES = 2 * 1024 * 1024
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TICK_SECONDS = 0.1
_LOG_LINES = 8


class Stopped(Exception):
    """Ctrl-C, SIGTERM or SIGHUP arrived: end everything."""


class ChildFailedError(RuntimeError):
    """A child died too often, or never became ready."""


@dataclass(frozen=True)
class Child:
    """A process to run.

    :param log: file for its output; the one before it is kept as ``….1``.
    :param ready_url: answers 200 once it is ready.
    :param ready_file: exists once it is ready.
    :param ready_words: stand in its log once it is ready. With none of these it is ready when
        it runs.
    :param after: names of children that must be ready before it starts.
    :param ends_itself: its end with code 0 is what is wanted.
    :param ends_last: it is ended when the others are gone.
    :param patience: seconds until it must be ready.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    ready_url: str | None = None
    ready_file: Path | None = None
    ready_words: str | None = None
    after: tuple[str, ...] = ()
    ends_itself: bool = False
    ends_last: bool = False
    patience: float = 120.0


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    log_from: int = 0
    ready: bool = False
    done: bool = False
    restarts: int = 0
    not_before: float = 0.0


class Supervisor:
    """Runs children until told to end; leaving the block ends them all.

    :param say: told in one line when a child dies and is started again.
    """

    def __init__(self, say: Callable[[str], None] = lambda line: None) -> None:
        self._say = say
        self._all: dict[str, _Running] = {}
        self._watchdog: subprocess.Popen[str] | None = None
        self._told_to_stop = False
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        # only noted: an exception out of a handler could lose a child that has just been started
        self._handlers = {number: signal.signal(number, self._note_stop) for number in _ENDINGS}
        # a session of its own: the terminal's Ctrl-C must not reach it
        self._watchdog = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    def add(self, child: Child) -> None:
        """Start a child, at once or when those it waits for are ready."""
        self._all[child.name] = _Running(child)
        self._tick(self._all[child.name])

    def is_ready(self, *names: str) -> bool:
        """Whether these children are ready; one that ends itself is when it has ended well."""
        return all(self._all[name].ready for name in names)

    def all_ready(self) -> bool:
        """Whether every child is ready."""
        return self.is_ready(*self._all)

    def has_failed(self, name: str) -> bool:
        """Whether a child that ends itself has ended badly."""
        one = self._all[name]
        return one.done and not one.ready

    def forget(self, name: str) -> None:
        """End a child, if it runs, and think of it no more."""
        self._end([self._all.pop(name)])

    def run_until(self, condition: Callable[[], bool]) -> None:
        """Look after the children until ``condition`` holds.

        :raises ChildFailedError: if one of them cannot be kept running.
        :raises Stopped: if somebody asked for the end.
        """
        while True:
            if self._told_to_stop:
                raise Stopped
            for one in self._all.values():
                self._tick(one)
            if condition():
                return
            time.sleep(_TICK_SECONDS)

    def stop(self) -> None:
        """End every child: SIGTERM, and SIGKILL to what is left ten seconds later."""
        everybody = list(self._all.values())
        for last in (False, True):
            self._end([one for one in everybody if one.child.ends_last is last])
        self._all.clear()
        if self._watchdog is not None:
            assert self._watchdog.stdin is not None  # noqa: S101 - it was opened with a pipe
            with contextlib.suppress(BrokenPipeError):
                self._watchdog.stdin.close()
            self._watchdog.wait()
            self._watchdog = None

    def _tick(self, one: _Running) -> None:
        now = time.monotonic()
        if one.done:
            return
        if one.process is None:
            if now >= one.not_before and all(self._all[name].ready for name in one.child.after):
                self._start(one)
            return
        code = one.process.poll()
        if code is not None:
            self._ended(one, code)
        elif not one.ready and not one.child.ends_itself:
            one.ready = _answers(one.child, one.log_from)
            if not one.ready and now - one.started > one.child.patience:
                raise ChildFailedError(
                    f"{one.child.name} did not become ready within {one.child.patience:.0f} s; "
                    f"{_last_words(one.child.log)}"
                )

    def _start(self, one: _Running) -> None:
        child = one.child
        with _opened(child.log) as log:
            one.log_from = os.fstat(log).st_size
            one.process = subprocess.Popen(  # noqa: S603
                child.argv,
                env=child.env,
                cwd=child.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        one.started = time.monotonic()
        self._tell_watchdog("+", one.process.pid)

    def _ended(self, one: _Running, code: int) -> None:
        assert one.process is not None  # noqa: S101 - only a started child ends
        # what it had started itself goes with it
        self._end([one])
        one.ready = one.child.ends_itself and code == 0
        if one.child.ends_itself:
            one.done = True
            return
        ran = time.monotonic() - one.started
        one.restarts = 1 if ran > FORGIVEN_AFTER_SECONDS else one.restarts + 1
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        if one.restarts > MOST_RESTARTS:
            raise ChildFailedError(
                f"{one.child.name} ended {how} {one.restarts} times; {_last_words(one.child.log)}"
            )
        wait = FIRST_BACK_OFF_SECONDS * 2 ** (one.restarts - 1)
        one.not_before = time.monotonic() + wait
        self._say(
            f"{one.child.name} ended {how}; starting it again in {wait:.0f} s "
            f"({one.restarts} of {MOST_RESTARTS}); log: {one.child.log}"
        )

    def _end(self, some: list[_Running]) -> None:
        processes = [one.process for one in some if one.process is not None]
        groups = [process.pid for process in processes]
        _end_and_reap(processes)
        for group in groups:
            self._tell_watchdog("-", group)
        for one in some:
            one.process = None

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _tell_watchdog(self, sign: str, group: int) -> None:
        if self._watchdog is not None and self._watchdog.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watchdog.stdin.write(f"{sign}{group}\n")
                self._watchdog.stdin.flush()


def _end_and_reap(processes: list[subprocess.Popen[bytes]]) -> None:
    """End the groups; a dead leader must be reaped, or its group never looks empty."""
    left = {process.pid: process for process in processes}
    for group in left:
        _send(group, signal.SIGTERM)
    until = time.monotonic() + watchdog.GRACE_SECONDS
    while left and time.monotonic() < until:
        for group, process in list(left.items()):
            process.poll()
            if not _send(group, 0):
                del left[group]
        if left:
            time.sleep(0.05)
    for group, process in left.items():
        _send(group, signal.SIGKILL)
        process.wait()


def _send(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _answers(child: Child, log_from: int) -> bool:
    if child.ready_words is not None:
        with child.log.open("rb") as log:
            log.seek(log_from)
            return child.ready_words.encode() in log.read()
    if child.ready_file is not None:
        return child.ready_file.exists()
    if child.ready_url is None:
        return True
    # loopback only: no proxy of the environment stands between
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(child.ready_url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def _opened(log: Path) -> Iterator[int]:
    """The log to append to; a long one is set aside first."""
    if log.exists() and log.stat().st_size > MOST_LOG_BYTES:
        log.replace(log.with_suffix(log.suffix + ".1"))
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        yield fd
    finally:
        os.close(fd)


def _last_words(log: Path) -> str:
    """The end of a log, for somebody who must know why."""
    with contextlib.suppress(OSError):
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8_192))
            lines = file.read().decode("utf-8", "replace").splitlines()
        last = "\n  ".join(line for line in lines[-_LOG_LINES:] if line.strip())
        return f"its log {log} ends:\n  {last}" if last else f"its log {log} is empty"
    return f"it has no log at {log}"
