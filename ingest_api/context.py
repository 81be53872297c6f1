"""What a request can ask for: the landing, the settings, and who is asking.

Set once by :func:`ingest_api.create_app` and per request by :mod:`ingest_api.principals`;
routes read it from here and keep nothing of their own.
"""

from typing import TYPE_CHECKING, cast

from flask import current_app, g

from heat.settings import Settings
from heat.vocabulary import Role

if TYPE_CHECKING:
    from ingest_api.access import Viewer
    from ingest_api.landing import Landing
    from ingest_api.principals import Principal
    from ingest_api.views.sources import Sources


def landing() -> "Landing":
    """The landing store that this process owns."""
    return cast("Landing", current_app.extensions["heat.landing"])


def settings() -> Settings:
    """Settings of this home."""
    return cast(Settings, current_app.extensions["heat.settings"])


def principal() -> "Principal":
    """Who is asking, with today's rights."""
    return cast("Principal", g.principal)


def views() -> "Sources":
    """Everything that the views read from."""
    return cast("Sources", current_app.extensions["heat.views"])


def viewer() -> "Viewer":
    """Who is asking, as the views and :mod:`ingest_api.access` see them."""
    from ingest_api.access import Viewer
    from ingest_api.principals import EXTENSION_SCOPE

    asker = principal()
    # an extension reaches its owner's rows alone, whatever the owner may see elsewhere
    cap = Role.DEVELOPER if asker.has(EXTENSION_SCOPE) else asker.role
    return Viewer.of(asker.user_id, cap, asker.roles)
