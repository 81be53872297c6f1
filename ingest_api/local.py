"""The API for one command: whoever owns landing answers, or this process does while it runs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from heat.lock import holder_of
from heat.settings import Settings
from ingest_api import create_app
from ingest_api.server import CannotServeError, bind, owned_landing

_PATIENCE = 30.0


@contextmanager
def running_api(settings: Settings) -> Iterator[str]:
    """Base URL of a running API of this home.

    If a process holds the landing store, that is its URL; else this process takes it and serves
    the real app on an ephemeral loopback port while the block runs.

    :raises CannotServeError: if somebody holds landing and does not answer within 30 seconds.

    .. code-block:: python

        with running_api(settings) as url:
            Client(url, settings.paths.service_token()).head()
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        url = _url_of_owner(settings)
        if url is not None:
            yield url
            return
        if holder_of(settings.paths.owner_lock) is None:
            break
        if time.monotonic() > deadline:
            raise CannotServeError(
                f"{settings.paths.owner_lock} is held by a process that does not answer; "
                "see `heat status`"
            )
        time.sleep(0.1)
    with owned_landing(settings, url=None, wait=_PATIENCE) as (lock, landing):
        server = bind(create_app(settings, landing), settings, 0)
        lock.say(url=server.url)
        thread = threading.Thread(target=server.run, name="heat-local-api", daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.stop()
            thread.join(timeout=30)


def _url_of_owner(settings: Settings) -> str | None:
    holder = holder_of(settings.paths.owner_lock)
    url = holder.get("url") if holder else None
    if not isinstance(url, str):
        return None
    try:
        answer = httpx.get(f"{url}/healthz", timeout=5, trust_env=False)
    except httpx.HTTPError:
        return None
    return url if answer.status_code == 200 else None
