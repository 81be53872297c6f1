"""Marts over HTTP as Arrow streams; which rows is the views'."""

from flask import Blueprint, Flask, Response, request

from ingest_api.arrow import as_arrow
from ingest_api.context import viewer, views
from ingest_api.questions import query
from ingest_api.views.frames import FrameView
from ingest_api.views.period import KEYS

frames = Blueprint("frames", __name__, url_prefix="/api/v1/frames")


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(frames)


@frames.get("/<mart>")
def frame(mart: str) -> Response:
    """A mart as one Arrow stream, rows limited to the viewer."""
    asked = query("team", "user", *KEYS)
    with views().asked_by(viewer()) as question:
        view = FrameView(question, mart, asked)
        table = view.table()
        question.looked_at(view.subjects_in(table), request.path)
        return as_arrow(table)
