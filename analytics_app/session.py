"""Who is signed in, and as whom the pages ask.

Two modes, chosen by ``app_sign_in``; nothing missing ever falls back to the open one.
*demo*: no sign-in, a visible badge, a switch between the people of the demo company.
*token*: the person's own HEAT token, kept by the server (:mod:`analytics_app.sign_in`).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from analytics_app import api, cards, demo, sign_in
from analytics_app.api import Questions
from analytics_app.frames import Answer
from heat.settings import Settings


@dataclass(frozen=True)
class Viewer:
    """The signed-in person, as ``GET /me`` describes them in this run."""

    user_id: str
    name: str
    timezone: str
    teams: list[Answer]
    can_see_all_analytics: bool
    ask: Questions

    @property
    def managed(self) -> list[Answer]:
        """Teams that this person manages."""
        return [team for team in self.teams if team["manages"]]

    @property
    def is_manager(self) -> bool:
        """Whether there is a team page for this person."""
        return bool(self.managed)

    @property
    def sees_analytics(self) -> bool:
        """Whether there is anything for this person on the tag analytics page."""
        return self.is_manager or self.can_see_all_analytics

    @property
    def has_own_days(self) -> bool:
        """Whether this person belongs to a team, and so may have days of their own."""
        return any(team["member"] for team in self.teams)

    def clock(self, moment: str) -> str:
        """A moment of the API in this person's zone.

        >>> v = Viewer("a", "A", "Europe/Madrid", [], False, Questions("", ""))
        >>> v.clock("2026-11-25T09:05:00Z")
        '25 Nov 2026, 10:05'
        """
        local = datetime.fromisoformat(moment).astimezone(ZoneInfo(self.timezone))
        return f"{local.day} {local:%b %Y, %H:%M}"


def viewer(settings: Settings) -> Viewer | None:
    """The signed-in person; ``None`` if nobody is signed in.

    :raises NoAnswer: if the API does not say who this is.
    """
    if settings.app_sign_in == "demo":
        return _described(api.as_person(settings, _demo_person(settings)))
    token = sign_in.token_of(st.context.cookies.get(sign_in.COOKIE))
    return None if token is None else _described(api.as_token(settings, token))


def _described(ask: Questions) -> Viewer:
    me = ask.me()
    return Viewer(
        user_id=me["userId"],
        name=me.get("displayName") or me["userId"],
        timezone=me.get("timezone") or "UTC",
        teams=me["teams"],
        can_see_all_analytics=me["canSeeAllAnalytics"],
        ask=ask,
    )


def ask_to_sign_in() -> None:
    """What somebody sees who is not signed in."""
    st.html(cards.title("HEAT", "Effort, made visible before it turns into burnout."))
    st.html(cards.note("Sign in with your HEAT token to see your days.", strong="Not signed in"))
    offer_sign_in()


def offer_sign_in() -> None:
    """The way to the sign-in page and back to this one."""
    wanted = sign_in.address(st.context.url, st.query_params.to_dict())
    st.html(cards.sign_in_link(wanted))


def _demo_person(settings: Settings) -> str:
    people = demo.people(api.directory(settings))
    asked = st.query_params.get("as") or st.session_state.get("demo_person")
    chosen = asked if asked in people else next(iter(people), "")
    st.session_state["demo_person"] = chosen
    # always in the address: a reload, or a link sent on, shows the same person's HEAT
    st.query_params["as"] = chosen
    return chosen


def demo_switch(settings: Settings, chosen: str) -> None:
    """The badge and the switch between the people of the demo company."""
    people = demo.people(api.directory(settings))
    st.html(cards.badge("Demo data, no sign-in"), width="content")
    ids = list(people)
    # the widget's own key follows the person, or its old choice would win over the address
    picked = st.selectbox(
        "See HEAT as",
        ids,
        index=ids.index(chosen),
        format_func=people.__getitem__,
        label_visibility="collapsed",
        width=390,
        key=f"see_as_{chosen}",
    )
    if picked and picked != chosen:
        # nothing that one person looked at follows to the next
        st.session_state.clear()
        st.query_params.from_dict({"as": picked})
        st.rerun()
