"""Who I am and what I may see."""

from flask import Blueprint, Flask, Response

from heat.vocabulary import Role
from ingest_api.answers import as_json
from ingest_api.context import landing, principal, viewer, views
from ingest_api.questions import query

me = Blueprint("me", __name__, url_prefix="/api/v1/me")


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(me)


@me.get("")
def who_am_i() -> Response:
    """The person behind the token, with today's rights and teams."""
    query()
    asker = principal()
    directory = landing().directory
    user = directory.users.get(asker.user_id or "")
    with views().asked_by(viewer()) as question:
        access = question.access
        home = access.team_of(user.user_id) if user else None
        managed = access.managed
        zone = access.zone_of(user.user_id) if user else None
        sees_all = access.viewer.may_analyse
    teams = [
        {
            "teamId": team.team_id,
            "name": team.name,
            "member": team.team_id == home,
            "manages": team.team_id in managed,
            "visibility": team.visibility,
        }
        for team in directory.teams.values()
        if team.team_id == home or team.team_id in managed
    ]
    return as_json(
        {
            "userId": asker.user_id,
            "displayName": user.display_name if user else None,
            "role": asker.role.value,
            "roles": [role.value for role in Role if role in asker.roles],
            "scopes": sorted(asker.scopes),
            "timezone": zone,
            "teams": teams,
            "canSeeAllAnalytics": sees_all,
        }
    )
