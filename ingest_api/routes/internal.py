"""What the pipeline pulls: events as Arrow, the directory whole, the ledger to check against.

The service token only; nothing of this is part of the public contract.
"""

from flask import Blueprint, Flask, Response

from heat.schema import TAG_EVENTS
from ingest_api.answers import as_json
from ingest_api.arrow import as_arrow
from ingest_api.context import landing, principal
from ingest_api.landing import reads, retention
from ingest_api.principals import require_service
from ingest_api.problems import Problem
from ingest_api.questions import query, whole_number

internal = Blueprint("internal", __name__, url_prefix="/internal/v1")

_MOST_EVENTS = 1_000_000
_MOST_SEQ = 2**62


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(internal)


@internal.before_request
def _service_only() -> None:
    require_service(principal())


@internal.get("/head")
def head() -> Response:
    """How far the event log reaches; the cheap question of the sensor."""
    query()
    store = landing()
    return as_json(
        {"epoch": store.epoch, "seq": store.seq, "configVersion": store.directory.version}
    )


@internal.get("/tags")
def events() -> Response:
    """Events after a sequence number, as an Arrow stream in order."""
    asked = query("epoch", "after", "limit")
    store = landing()
    if asked.get("epoch") not in (None, "", store.epoch):
        detail = "landing has another epoch: drop what was pulled and pull everything anew"
        raise Problem(409, detail, members={"epoch": store.epoch})
    after = whole_number(asked, "after", 0, 0, _MOST_SEQ)
    limit = whole_number(asked, "limit", 100_000, 1, _MOST_EVENTS)
    table, last, has_more = reads.events_after(store.cursor(), after, limit)
    answer = as_arrow(table, TAG_EVENTS)
    answer.headers["Heat-Epoch"] = store.epoch
    answer.headers["Heat-Last-Seq"] = str(last)
    answer.headers["Heat-More"] = "true" if has_more else "false"
    return answer


@internal.get("/directory")
def directory() -> Response:
    """Directory, days off and thresholds, whole."""
    query()
    store = landing()
    whole = store.directory.as_json()
    for user in whole["users"]:
        del user["email"]
    return as_json({**whole, "thresholds": store.thresholds.as_json()})


@internal.get("/ledger")
def ledger() -> Response:
    """What the warehouse must add up to, as of one sequence number."""
    asked = query("upTo")
    store = landing()
    up_to = whole_number(asked, "upTo", store.seq, 0, _MOST_SEQ)
    counted, tags, intensity = reads.in_force(store.cursor(), up_to)
    return as_json(
        {
            "epoch": store.epoch,
            "seq": up_to,
            "events": counted,
            "inForce": tags,
            "inForceIntensity": intensity,
            "residual": reads.ledger(store.cursor()).residual,
        }
    )


@internal.post("/retention")
def apply_retention() -> Response:
    """Remove what is older than ``retention.days``, as one event."""
    query()
    store = landing()
    cut = store.change(retention.applying(store.thresholds.default.retention.days), reloads=False)
    return as_json(cut.as_json())
