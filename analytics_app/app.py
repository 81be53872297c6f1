"""The entry that Streamlit runs for every viewer: sign-in, navigation, the page's frame."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from analytics_app import frame, session
from analytics_app.api import NoAnswer
from analytics_app.pages import my_heat, status, tag_analytics, team
from analytics_app.session import Viewer
from analytics_app.theme import logo, style_sheet
from heat.settings import load_settings


def main() -> None:
    """One run of one viewer."""
    st.set_page_config(page_title="HEAT", page_icon="🔥", layout="wide")
    settings = load_settings()
    palette = frame.palette()
    st.html(style_sheet(palette))
    st.logo(logo(palette), size="large")
    viewer, unknown = None, None
    try:
        viewer = session.viewer(settings)
    except NoAnswer as no:
        unknown = no
    # called in every run, or Streamlit would take the folder pages/ for its own
    page = navigation(viewer)
    if viewer is None:
        if unknown is None:
            session.ask_to_sign_in()
        else:
            frame.state(unknown)
            frame.watch(None, unknown.kind)
        return
    seen: object = "away"
    try:
        answer = viewer.ask.status()
        seen = frame.mark(viewer.ask, answer)
        frame.top_row(viewer, settings)
        frame.banner(answer)
        page.run()
    except NoAnswer as no:
        frame.state(no)
        if no.kind == "away":
            seen = no.kind
    frame.watch(viewer.ask, seen)


def navigation(viewer: Viewer | None) -> StreamlitPage:
    """The pages at the top: those that have something to say to this viewer.

    The others stay reachable by address and say themselves why they are empty.
    """

    def page(
        show: Callable[[Viewer], None], title: str, path: str, *, visible: bool
    ) -> StreamlitPage:
        def run() -> None:
            if viewer is not None:
                show(viewer)

        return st.Page(
            run,
            title=title,
            url_path=path,
            visibility="visible" if visible and viewer is not None else "hidden",
        )

    manages = viewer is not None and viewer.is_manager
    analyses = viewer is not None and viewer.sees_analytics
    mine = page(my_heat.show, "My heat", "my-heat", visible=True)
    teams = page(team.show, "Team", "team", visible=manages)
    analytics = page(tag_analytics.show, "Tag analytics", "analytics", visible=analyses)
    health = page(status.show, "Status", "status", visible=True)

    def home() -> None:
        first = teams if manages else mine
        st.switch_page(first, query_params=st.query_params.to_dict())

    # a default page lives at "/" whatever its url_path says: this one only leads on
    start = st.Page(home, title="HEAT", default=True, visibility="hidden")
    return st.navigation([start, mine, teams, analytics, health], position="top")


if __name__ == "__main__":
    main()
