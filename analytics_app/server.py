"""The app's process: Streamlit served by uvicorn, warmed up before the first visitor.

Started by the supervisor as one command::

    python -m analytics_app.server

Environment: ``HEAT_HOME`` (the home; its ``heat.toml`` and every other ``HEAT_*`` setting count).
It binds ``app_host:app_port`` (port 0: a free one), asks the API at ``api_host:api_port``, prints
``HEAT app: http://…`` once it answers, ends on SIGINT or SIGTERM, and answers
``/_stcore/health`` while it lives. A setting that cannot be ends it with one sentence and code 2.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from analytics_app import sign_in
from heat.settings import Settings, SettingsError, load_settings

ENTRY = Path(__file__).with_name("app.py")


@asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[None]:
    """Import what the first page needs: else the first visitor waits for it (seconds)."""
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import polars  # noqa: F401
    import pyarrow  # noqa: F401

    from analytics_app.pages import my_heat, status, tag_analytics, team  # noqa: F401

    yield


def make_app(settings: Settings) -> st.App:
    """The ASGI application of one home."""
    app = st.App(ENTRY, secrets={}, lifespan=warm, routes=sign_in.routes(settings))
    # App() says where config.toml lies; what was parsed before that knows nothing of it
    config.get_config_options(force_reparse=True)
    config.set_option("server.address", settings.app_host)
    config.set_option("browser.gatherUsageStats", False)
    # or Streamlit's first run takes pages/ for its own and answers "page not found"
    PagesManager.uses_pages_directory = False
    return app


class Server(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: Any = None) -> None:
        """Bind, then print the address."""
        await super().startup(sockets)
        for server in getattr(self, "servers", []):
            host, port = server.sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            print(f"HEAT app: http://{shown}:{port}", flush=True)


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    # the entry script reads the settings again in each run, from the same home
    os.environ["HEAT_HOME"] = str(settings.home)
    level = settings.log_level.lower()
    options = uvicorn.Config(
        make_app(settings),
        host=settings.app_host,
        port=settings.app_port,
        log_level="warning" if level == "info" else level,
        server_header=False,
    )
    Server(options).run()


def main() -> int:
    """Command line entry; see the module's first lines."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if not settings.paths.is_initialised():
        print(f"{settings.home} is not a HEAT home yet: run `heat init`", file=sys.stderr)
        return 2
    serve(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
