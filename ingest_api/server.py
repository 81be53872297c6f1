"""The API as a process: own landing, serve until told to end, close cleanly.

waitress, one process: it survives clients that send slowly, and a forked server cannot own the
landing store.
"""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask
from waitress.server import create_server

from heat.lock import LockHeldError, OwnerLock
from heat.settings import Settings
from ingest_api import create_app, journal
from ingest_api.landing import Landing

log = logging.getLogger("heat.api")

WAIT_FOR_OWNER = 30.0
"""Seconds that a starting API waits for another owner of landing to end."""

_BODY_LIMIT = 16 * 1024 * 1024
_CONNECTIONS = 1_200
_LAST_ANSWERS = 10.0


class CannotServeError(RuntimeError):
    """Why the API does not start: one sentence."""


def serve(settings: Settings, *, wait: float = WAIT_FOR_OWNER) -> None:
    """Serve the API of one home until SIGTERM or SIGINT.

    :param wait: seconds to wait for another owner of the landing store to end.
    :raises CannotServeError: if somebody else owns landing, or the port is taken.
    """
    journal.write_to_stderr(settings.log_level)
    with owned_landing(settings, url=settings.api_url, wait=wait) as (lock, landing):
        server = bind(create_app(settings, landing), settings, settings.api_port)
        lock.say(url=server.url)
        _close_on_signal(server)
        log.info("serving on %s", server.url)
        server.run()
    log.info("closed")


@contextmanager
def owned_landing(
    settings: Settings, *, url: str | None, wait: float
) -> Iterator[tuple[OwnerLock, Landing]]:
    """The landing store of a home, held by this process while the block runs.

    :raises CannotServeError: if somebody else still holds it after ``wait`` seconds.
    """
    home = settings.paths
    if not home.is_initialised():
        raise CannotServeError(f"{home.root} is no HEAT home yet; run `heat init`")
    try:
        lock = OwnerLock(home.owner_lock).acquire(url=url, wait=wait)
    except LockHeldError as error:
        raise CannotServeError(f"{error}; stop it first, or use another home") from None
    with lock, Landing(home, settings.thresholds) as landing:
        yield lock, landing


class Server:
    """A bound waitress server.

    :param app: what it serves.
    """

    def __init__(self, app: Flask, host: str, port: int, threads: int) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._server = create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            connection_limit=_CONNECTIONS,
            max_request_body_size=_BODY_LIMIT,
            # a client that sends or takes nothing for a minute loses its connection
            channel_timeout=60,
            cleanup_interval=10,
            backlog=1_024,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,
        )
        bound = self._server.effective_port
        self.url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"

    def run(self) -> None:
        """Serve until :meth:`stop`; requests that are being answered are finished."""
        server = self._server
        while not self._stopping.is_set():
            server.asyncore.loop(timeout=1, map=server._map, use_poll=True, count=1)
        # waitress alone would wait for every idle connection, or drop those being answered
        server.accepting = False
        until = time.monotonic() + _LAST_ANSWERS
        while self._is_answering() and time.monotonic() < until:
            server.asyncore.loop(timeout=0.05, map=server._map, use_poll=True, count=1)
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map)
        self._app.extensions["heat.views"].snapshots.close()

    def stop(self) -> None:
        """End :meth:`run`, from any thread or a signal handler."""
        self._stopping.set()
        self._server.pull_trigger()

    def _is_answering(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def bind(app: Flask, settings: Settings, port: int) -> Server:
    """Take the port.

    :raises CannotServeError: if it is taken.
    """
    try:
        return Server(app, settings.api_host, port, settings.api_threads)
    except OSError as error:
        raise CannotServeError(
            f"cannot listen on {settings.api_host}:{port} ({error.strerror}); "
            "set another HEAT_API_PORT"
        ) from None


def _close_on_signal(server: Server) -> None:
    def close(number: int, _frame: FrameType | None) -> None:
        log.info("closing on %s", signal.Signals(number).name)
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, close)
