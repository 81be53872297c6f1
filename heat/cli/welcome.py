"""What ``heat up`` prints when everything answers: addresses, and how to begin."""

from heat.cli import parts
from heat.cli.demo_home import READER
from heat.settings import Settings


def welcome(of: Settings, *, lean: bool, token: str | None) -> str:
    """The addresses; with a demo reader's token also how to sign in and send a tag."""
    lines = ["", "HEAT is up. Ctrl-C ends it.", "", f"  app       {parts.app_url(of)}"]
    lines.append(f"  API       {of.api_url}/api/v1")
    if not lean:
        lines.append(f"  pipeline  {parts.dagster_url(of)}")
    lines.append(f"  logs      {of.paths.logs.resolve()}")
    if token is not None:
        lines += _first_steps(of, token)
    else:
        lines += ["", "Sign in with a token: heat token create --user you@example.org"]
    return "\n".join(lines)


def _first_steps(of: Settings, token: str) -> list[str]:
    return [
        "",
        "Sign in: choose a person at the top of the app; none of them is real.",
        "What is planted in their tags: heat demo --answers",
        "",
        f"Send your own first tag, as {READER.display_name}:",
        "",
        curl_of(of.api_url, token),
        "",
        f"Then open {parts.app_url(of)} as {READER.display_name}: it is in today's cell of My heat",
        "at once, and on the team page within two minutes.",
        "",
    ]


def curl_of(api_url: str, token: str) -> str:
    r"""A command that sends one tag of this moment.

    >>> print(curl_of("http://127.0.0.1:8040", "heat_ab_cd").splitlines()[0])
    curl -sS http://127.0.0.1:8040/api/v1/tags \
    """
    tag = '{"taskId": "MY-1", "taskTitle": "My first tag", "workType": "Research", "intensity": 3'
    return (
        f"curl -sS {api_url}/api/v1/tags \\\n"
        f"  -H 'Authorization: Bearer {token}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{{\"tags\": [{tag}, \"timestamp\": '$(date +%s)000'}}]}}'"
    )
