"""The Flask app: people and rights, the landing store that it owns, the views it answers with.

:func:`create_app` puts the parts together; :mod:`ingest_api.server` and
:mod:`ingest_api.local` run it.
"""

from flask import Flask

from heat.settings import Settings
from ingest_api import journal, limits, principals, problems
from ingest_api.landing import Landing
from ingest_api.routes import (
    dashboards,
    directory,
    frames,
    health,
    internal,
    me,
    openapi,
    rejects,
    status,
    tags,
    tokens,
)
from ingest_api.snapshots import Snapshots
from ingest_api.views.sources import Sources


def create_app(settings: Settings, landing: Landing) -> Flask:
    """The API over one open landing store.

    :param landing: opened by a process that holds the owner lock; stays the caller's to close.
    """
    app = Flask("ingest_api", static_folder=None)
    app.extensions["heat.settings"] = settings
    app.extensions["heat.landing"] = landing
    app.extensions["heat.views"] = Sources(Snapshots(settings.paths), landing, landing.viewer_log)
    journal.register(app)
    problems.register(app)
    principals.register(app)
    limits.register(app)
    for room in (
        tags,
        rejects,
        tokens,
        directory,
        status,
        internal,
        health,
        me,
        dashboards,
        frames,
        openapi,
    ):
        room.register(app)
    return app
