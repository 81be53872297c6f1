"""The directory and the thresholds, to read and (administrators) to write."""

from flask import Blueprint, Flask, Response

from ingest_api.answers import as_json
from ingest_api.context import landing, principal
from ingest_api.landing.directory_changes import DirectoryError, difference, merged, writing
from ingest_api.principals import require_admin
from ingest_api.problems import Problem
from ingest_api.questions import flag, json_object, query

directory = Blueprint("directory", __name__, url_prefix="/api/v1")


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(directory)


@directory.get("/directory")
def read_directory() -> Response:
    """The whole directory."""
    query()
    require_admin(principal())
    return as_json(landing().directory.as_json())


@directory.put("/directory")
def write_directory() -> Response:
    """Merge a part of a directory into it; with ``dryRun`` only say what would change."""
    asked = query("dryRun")
    is_dry = flag(asked, "dryRun")
    asker = principal()
    require_admin(asker)
    body = json_object()
    store = landing()
    try:
        if is_dry:
            done = difference(store.directory, merged(store.directory, body))
        else:
            done = store.change(writing(body, asker.user_id or "service"))
    except DirectoryError as error:
        raise Problem(400, str(error), errors=error.errors) from None
    return as_json(
        {
            "dryRun": is_dry,
            "configVersion": store.directory.version,
            "changes": done.counts,
        }
    )


@directory.get("/config/thresholds")
def read_thresholds() -> Response:
    """The thresholds of a team, or the default ones."""
    asked = query("teamId")
    team_id = asked.get("teamId")
    store = landing()
    if team_id is not None and team_id not in store.directory.teams:
        raise Problem.not_found()
    sets = store.thresholds
    return as_json(
        {
            "teamId": team_id,
            "thresholds": sets.of_team(team_id).flat(),
            "changes": sets.changes.get(team_id or "default", {}),
        }
    )
