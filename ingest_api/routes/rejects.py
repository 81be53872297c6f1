"""Rejected tags: kept with the reason, for the person to see."""

from flask import Blueprint, Flask, Response

from ingest_api.answers import as_json, moment
from ingest_api.context import landing, principal
from ingest_api.landing import reads
from ingest_api.landing.validation import user_id_of
from ingest_api.problems import Problem
from ingest_api.questions import query, whole_number

rejects = Blueprint("rejects", __name__, url_prefix="/api/v1/rejects")


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(rejects)


@rejects.get("/<user_id>")
def list_rejects(user_id: str) -> Response:
    """One's own rejected tags, newest first."""
    asked = query("limit")
    person = user_id_of(user_id)
    if person is None or person != principal().user_id:
        raise Problem.not_found()
    found = reads.rejects_of(
        landing().cursor(), person, whole_number(asked, "limit", 100, 1, 1_000)
    )
    return as_json(
        {"rejects": [{**each, "receivedAt": moment(each["receivedAt"])} for each in found]}
    )
