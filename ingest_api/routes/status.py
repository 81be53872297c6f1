"""How HEAT is: the ledger, freshness, the snapshot, the last run and its audits."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response

from ingest_api.answers import as_json, moment
from ingest_api.context import landing, principal, viewer, views
from ingest_api.landing import reads
from ingest_api.questions import query

status = Blueprint("status", __name__, url_prefix="/api/v1/status")


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(status)


@status.get("")
def how_is_heat() -> Response:
    """Totals for everybody who is signed in; one's own ledger for a person."""
    query()
    asker = principal()
    store = landing()
    cursor = store.cursor()
    with views().asked_by(viewer()) as question:
        snapshot = question.snapshot.info if question.snapshot else None
        last_run = question.sources.snapshots.last_run()
    newest = reads.newest_upload(cursor)
    behind = 0
    if snapshot is None or snapshot.epoch != store.epoch:
        behind = store.seq
    else:
        behind = store.seq - snapshot.seq
    body: dict[str, Any] = {
        "now": moment(datetime.now(UTC)),
        "epoch": store.epoch,
        "seq": store.seq,
        "configVersion": store.directory.version,
        "ledger": reads.ledger(cursor).as_json(),
        "freshness": {
            "newestUpload": moment(newest) if newest else None,
            "eventsNotInSnapshot": behind,
        },
        "snapshot": {
            "id": snapshot.snapshot_id,
            "asOfDay": snapshot.as_of_day.isoformat(),
            "builtAt": moment(snapshot.built_at),
            "epoch": snapshot.epoch,
            "seq": snapshot.seq,
        }
        if snapshot
        else None,
        "lastRun": last_run,
        "failedAudits": (last_run or {}).get("failedChecks", []),
    }
    if asker.user_id is not None:
        body["mine"] = reads.ledger(cursor, asker.user_id).as_json()
    return as_json(body)
