"""The demo company in a home: what is missing there, put in through the API."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from heat.cli.base import Failure
from heat.cli.output import progress
from heat.cli.readers import MOST_TAGS, Upload
from heat.cli.uploads import Summary, send_all
from heat.client import ApiError, Client
from heat.demo import DAYS, Company, company
from heat.demo.people import PEOPLE, TEAMS
from heat.home import Home, replace_file
from heat.settings import Settings
from heat.vocabulary import Verdict

READER = next(person for person in PEOPLE if person.user_id == "tomas.figueira@example.org")
"""Whose token the printed ``curl`` has: somebody of the quiet team, where one tag is seen."""


@dataclass(frozen=True)
class Loaded:
    """What a home holds after the demo was put into it."""

    company: Company
    summary: Summary


def today_of_company(now: datetime) -> date:
    """The latest of the team's todays; nobody has tags after it."""
    return max(now.astimezone(ZoneInfo(team.timezone)).date() for team in TEAMS)


def company_now(seed: int, now: datetime | None = None) -> Company:
    """The company as it is at this moment."""
    moment = now or datetime.now(UTC)
    return company(today_of_company(moment), seed).until(moment)


def load_demo(home: Home, client: Client, seed: int) -> Loaded:
    """Put into a home what it lacks of the demo company; a second call adds only new days.

    :raises Failure: if the home is somebody's own, or holds a demo company of another seed.
    """
    _check(client)
    made = company_now(seed)
    client.put_directory(made.directory())
    for person in made.people:
        if person.role is not None:
            _grant(client, person.user_id, person.role.value)
    note = _Note(home, seed, str(client.head()["epoch"]))
    uploads = _uploads(made, note.loaded_until())
    with progress("tagging", sum(len(upload.tags) for upload in uploads)) as done:
        # the oldest first, alone: a company of another seed shows before anything is mixed
        first = send_all(client, uploads[:1], done=done)
        if first.counts[Verdict.CONFLICT]:
            raise Failure(
                "this home holds a demo company of another --seed; use that seed or another --home"
            )
        rest = send_all(client, uploads[1:], done=done)
    for verdict, count in first.counts.items():
        rest.counts[verdict] += count
    note.write(made)
    return Loaded(made, rest)


def reader_token(of: Settings, client: Client) -> str:
    """A developer's token of :data:`READER`: the one from last time, if it still works."""
    file = of.paths.secrets / "demo-token"
    if file.exists():
        token = file.read_text(encoding="utf-8").strip()
        try:
            with Client(of.api_url, token) as reader:
                if reader.me()["userId"] == READER.user_id:
                    return token
        except ApiError as error:
            if error.status != 401:
                raise
    made = client.create_token(READER.user_id, "developer", label="heat up --demo")
    token = str(made["token"])
    replace_file(file, token)
    return token


def _check(client: Client) -> None:
    known = client.directory()
    strangers = {team["teamId"] for team in known["teams"]} - {team.team_id for team in TEAMS}
    if strangers:
        raise Failure(
            f"this home has a team of its own ({min(strangers)}); "
            "give the demo another one: heat demo --home /tmp/heat-demo"
        )
    answer = client.get("/api/v1/config/thresholds")
    keep_days = int(answer["thresholds"]["retention.days"])
    if 0 < keep_days < DAYS:
        raise Failure(
            f"HEAT keeps {keep_days} days here and the demo has {DAYS}: heat.toml says more now, "
            "so end the running API and start it again; or set retention.days through the API"
        )


def _grant(client: Client, user_id: str, role: str) -> None:
    """A role comes with a token of it; the token itself is of no use to anybody."""
    held = [one for one in client.tokens() if one["userId"] == user_id and one["role"] == role]
    if not held:
        made = client.create_token(user_id, role, label="demo: grants the role")
        client.revoke_token(made["prefix"])


def _uploads(made: Company, since: datetime) -> list[Upload]:
    """Bodies of one person each, in order of time."""
    bodies = []
    for person in made.people:
        tags = [tag for tag in made.tags if tag.user_id == person.user_id and tag.moment >= since]
        for at in range(0, len(tags), MOST_TAGS):
            part = [tag.body() for tag in tags[at : at + MOST_TAGS]]
            lines = list(range(at, at + len(part)))
            bodies.append(Upload(Path("demo"), person.user_id, part, lines))
    return bodies


class _Note:
    """How far the demo was loaded, so that the next start need not send everything again.

    Only a note: without it, or with another epoch of landing, everything is sent, and what is
    there already is a duplicate.
    """

    def __init__(self, home: Home, seed: int, epoch: str) -> None:
        self._file = home.tmp / "demo.json"
        self._is_of = {"seed": seed, "epoch": epoch}

    def loaded_until(self) -> datetime:
        """Tags before this moment are there."""
        try:
            noted = json.loads(self._file.read_text(encoding="utf-8"))
            until = datetime.fromisoformat(noted.pop("until"))
        except (OSError, ValueError, KeyError, AttributeError):
            return datetime.min.replace(tzinfo=UTC)
        return until if noted == self._is_of else datetime.min.replace(tzinfo=UTC)

    def write(self, made: Company) -> None:
        """Everything of this company is there."""
        newest = max(tag.moment for tag in made.tags)
        replace_file(self._file, json.dumps({**self._is_of, "until": newest.isoformat()}))
