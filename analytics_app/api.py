"""What the pages ask the API, as whom; and what it means when no answer comes.

Every run of a page asks anew and keeps nothing: numbers and rights are those of this moment,
and nothing read for one viewer can reach another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from analytics_app import texts
from analytics_app.frames import Answer
from analytics_app.period import Period
from heat.client import ApiError, Client
from heat.settings import Settings

TIMEOUT_SECONDS = 15.0

Kind = Literal["away", "signed_out", "not_found", "refused"]


class NoAnswer(Exception):
    """The API did not answer a question; ``kind`` is the state the page shows."""

    def __init__(self, kind: Kind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


@dataclass(frozen=True)
class Questions:
    """The API as one person sees it.

    :param token: whose token speaks: the home's own, or the person's.
    :param on_behalf_of: the person, when the home's token speaks for them.
    """

    base_url: str
    token: str
    on_behalf_of: str | None = None

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """One JSON object.

        :raises NoAnswer: if there is none, or the viewer may not have it.
        """
        try:
            return connection(self.base_url, self.token, self.on_behalf_of).get(
                f"/api/v1{path}", **dict(params or {})
            )
        except ApiError as error:
            raise _state_of(error) from None

    def me(self) -> Answer:
        """Who the viewer is, with their teams and rights of this moment."""
        return self.get("/me")

    def status(self) -> Answer:
        """Freshness, ledger, snapshot, audits: the cheap question."""
        return self.get("/status")

    def developer(self, user_id: str, period: Period | None) -> Answer:
        """One person's days."""
        return self.get(f"/dashboard/developer/{_segment(user_id)}", _params(period))

    def manager(self, team_id: str, period: Period | None) -> Answer:
        """One team's days."""
        return self.get(f"/dashboard/manager/{_segment(team_id)}", _params(period))

    def analytics(
        self,
        team_id: str,
        period: Period,
        *,
        before: Period | None = None,
        other_team: str | None = None,
    ) -> Answer:
        """A team's kinds of work (``all``: every team), compared with a period or a team."""
        params = dict(period.params)
        if before is not None:
            params |= {"compareFrom": before.params["from"], "compareTo": before.params["to"]}
        if other_team is not None:
            params["compareTeam"] = other_team
        return self.get(f"/dashboard/analytics/{_segment(team_id)}", params)

    def tags_of_day(self, user_id: str, day: date) -> list[Answer]:
        """One person's tags of a local day, live, newest first."""
        params = {**Period(day, day).params, "limit": "1000"}
        tags = self.get(f"/tags/{_segment(user_id)}", params)["tags"]
        return list(tags)


@lru_cache(maxsize=128)
def connection(base_url: str, token: str, on_behalf_of: str | None) -> Client:
    """The open connection of one viewer; it holds no answer."""
    return Client(base_url, token, on_behalf_of=on_behalf_of, timeout=TIMEOUT_SECONDS)


def as_person(settings: Settings, user_id: str) -> Questions:
    """The home's own token, speaking for one person with that person's rights."""
    return Questions(settings.api_url, _service_token(settings), user_id)


def as_token(settings: Settings, token: str) -> Questions:
    """A person's own token: what it may not do, the app may not do either."""
    return Questions(settings.api_url, token)


def directory(settings: Settings) -> Answer:
    """The people and teams of this home, for the demo's role switch alone."""
    return Questions(settings.api_url, _service_token(settings)).get("/directory")


def _service_token(settings: Settings) -> str:
    try:
        return settings.paths.service_token()
    except FileNotFoundError:
        raise NoAnswer("away", "This home is not set up yet: run `heat init`.") from None


def _params(period: Period | None) -> dict[str, str]:
    return {} if period is None else period.params


def _segment(value: str) -> str:
    # ids come from the address bar: one path segment, never a path
    return quote(value, safe="")


def _state_of(error: ApiError) -> NoAnswer:
    match error.status:
        case 401:
            return NoAnswer("signed_out", texts.SIGNED_OUT)
        case 404:
            return NoAnswer("not_found", texts.NOT_FOUND)
        case 400 | 403 | 422:
            return NoAnswer("refused", error.detail or texts.REFUSED)
        case _:
            return NoAnswer("away", texts.API_AWAY)
