"""The request with which somebody sends their first tag."""

import json

from analytics_app.session import Viewer


def first_tag(viewer: Viewer) -> str:
    """A ``curl`` that the person can paste; the token stays to be filled in.

    Without a timestamp that is true it would be a wrong tag: the shell fills in this moment.
    """
    tag = {"taskId": "DEMO-1", "workType": "Feature", "intensity": 5, "timestamp": 0}
    body = json.dumps({"userId": viewer.user_id, "tags": [tag]})
    body = body.replace('"timestamp": 0', "\"timestamp\": '$(date +%s000)'")
    return (
        f"curl {viewer.ask.base_url}/api/v1/tags \\\n"
        '  -H "Authorization: Bearer $HEAT_TOKEN" -H "Content-Type: application/json" \\\n'
        f"  -d '{body}'"
    )
