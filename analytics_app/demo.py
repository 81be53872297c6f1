"""The demo's switch between people: who there is, and in which story to find them.

Only for ``app_sign_in = "demo"``. Names and teams come from the API's directory; the stories are
those that :mod:`heat.demo` plants, told only of people who are in the directory.
"""

from analytics_app.frames import Answer, unique_names
from heat.demo.people import CAPTAINS, PEOPLE, SILO_AREA, SILO_OWNER

STORIES: dict[str, str] = {
    **{p.user_id: p.role.value for p in PEOPLE if p.role is not None},
    **dict.fromkeys(CAPTAINS, "release captain in turn"),
    SILO_OWNER: f"alone with {SILO_AREA}",
}


def people(directory: Answer) -> dict[str, str]:
    """User id → how the switch names the person: managers, then people with a story, then others.

    >>> people({
    ...     "users": [{"userId": u, "displayName": u.title()} for u in ("ann", "bo")],
    ...     "teams": [{"teamId": "web", "name": "Web"}],
    ...     "memberships": [{"userId": "ann", "teamId": "web"}],
    ...     "managers": [{"userId": "bo", "teamId": "web"}],
    ... })
    {'bo': 'Bo · manages Web', 'ann': 'Ann · Web'}
    """
    names = unique_names((u["userId"], u["displayName"]) for u in directory["users"])
    teams = {t["teamId"]: t["name"] for t in directory["teams"]}
    manages = _teams_of(directory["managers"], teams)
    belongs = _teams_of(directory["memberships"], teams)
    rows = []
    for user_id, name in names.items():
        team = ", ".join(belongs.get(user_id, ["no team"]))
        if user_id in manages:
            rows.append((0, team, name, user_id, f"manages {', '.join(manages[user_id])}"))
        elif user_id in STORIES:
            rows.append((1, team, name, user_id, f"{team} · {STORIES[user_id]}"))
        else:
            rows.append((2, team, name, user_id, team))
    return {user_id: f"{name} · {what}" for _, _, name, user_id, what in sorted(rows)}


def _teams_of(links: list[Answer], teams: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in links:
        names = found.setdefault(link["userId"], [])
        name = teams.get(link["teamId"]) or str(link["teamId"])
        if name not in names:
            names.append(name)
    return found
