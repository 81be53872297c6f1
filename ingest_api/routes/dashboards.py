"""Dashboards over HTTP: parse, ask the views, answer. No rule and no right lives here."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, request

from ingest_api.answers import as_json
from ingest_api.context import viewer, views
from ingest_api.questions import query
from ingest_api.views.analytics import AnalyticsView
from ingest_api.views.bus_factor import BusFactorView
from ingest_api.views.developer import DeveloperView, DistributionView
from ingest_api.views.manager import ManagerView
from ingest_api.views.period import KEYS
from ingest_api.views.sources import Question

dashboards = Blueprint("dashboards", __name__, url_prefix="/api/v1")

_SALT = secrets.token_bytes(16)
"""Makes an ETag worthless to whoever was not given it, and a restart forget them all."""

_ETAG_SECONDS = 900
"""Zones change their day on the quarter of an hour, and with it what *today* is."""


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(dashboards)


class View(Protocol):
    """One question, its rights checked, not yet answered."""

    @property
    def subjects(self) -> Collection[str]:
        """Whose person-level rows the answer carries."""

    def answer(self) -> dict[str, Any]:
        """The body."""


@dashboards.get("/dashboard/developer/<user_id>")
def developer(user_id: str) -> Response:
    """One person's days, streaks, distribution, load and insight."""
    asked = query(*KEYS)
    with views().asked_by(viewer()) as question:
        return _answered(question, DeveloperView(question, user_id, asked))


@dashboards.get("/dashboard/manager/<team_id>")
def manager(team_id: str) -> Response:
    """A team's members and days in attention order."""
    asked = query(*KEYS)
    with views().asked_by(viewer()) as question:
        return _answered(question, ManagerView(question, team_id, asked))


@dashboards.get("/dashboard/analytics/<team_id>")
def analytics(team_id: str) -> Response:
    """Trends of one team, or of ``all`` that an analyst may see; no names."""
    asked = query(*KEYS, "compareFrom", "compareTo", "compareTeam")
    with views().asked_by(viewer()) as question:
        return _answered(question, AnalyticsView(question, team_id, asked))


@dashboards.get("/analytics/bus-factor/<team_id>")
def bus_factor(team_id: str) -> Response:
    """Areas in which a team holds a share, with people, shares and risk."""
    asked = query(*KEYS, "window")
    with views().asked_by(viewer()) as question:
        return _answered(question, BusFactorView(question, team_id, asked))


@dashboards.get("/tags/<user_id>/distribution")
def distribution(user_id: str) -> Response:
    """Intensity, count and share per work type and per label."""
    asked = query(*KEYS)
    with views().asked_by(viewer()) as question:
        return _answered(question, DistributionView(question, user_id, asked))


def _answered(question: Question, view: View) -> Response:
    """The view's body, or 304 if the client has it already; other people learn of the look."""
    question.looked_at(view.subjects, request.path)
    etag = _etag(question)
    is_known = etag in request.if_none_match
    answer = Response(status=304) if is_known else as_json(view.answer())
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _etag(question: Question) -> str:
    moment = int(datetime.now(UTC).timestamp()) // _ETAG_SECONDS
    asked = (request.path, sorted(request.args.items(multi=True)), moment, question.version())
    return hashlib.blake2b(repr(asked).encode(), key=_SALT, digest_size=16).hexdigest()
