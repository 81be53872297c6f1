"""Is the process there, and can it commit: for supervisors, without a token."""

from flask import Blueprint, Flask, Response

from ingest_api.answers import as_json
from ingest_api.context import landing
from ingest_api.problems import Problem

health = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(health)


@health.get("/healthz")
def is_alive() -> Response:
    """The process answers."""
    return as_json({"status": "ok"})


@health.get("/readyz")
def is_ready() -> Response:
    """A commit reaches the disk."""
    if not landing().can_commit():
        raise Problem.unavailable("the landing store cannot commit now")
    return as_json({"status": "ready"})
