"""Tags: landing them, reading one's own back, correcting and withdrawing."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response

from ingest_api.access import Span
from ingest_api.answers import as_json, moment
from ingest_api.context import landing, principal, viewer, views
from ingest_api.landing import corrections, reads
from ingest_api.landing.reads import LandedTag
from ingest_api.landing.uploads import BODY_LIMIT, Upload
from ingest_api.landing.validation import user_id_of
from ingest_api.principals import INGEST_ANY
from ingest_api.problems import Problem
from ingest_api.questions import day, json_object, parse_json, query, raw_body, whole_number

tags = Blueprint("tags", __name__, url_prefix="/api/v1/tags")


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(tags)


@tags.post("")
def upload_tags() -> Response:
    """Land up to 100 tags; answer once they are on disk, with one verdict per tag."""
    query()
    asker = principal()
    body = parse_json(raw_body(BODY_LIMIT))
    upload = Upload(landing(), body, asker=asker.user_id, for_anybody=asker.has(INGEST_ANY))
    answer, status = upload.answer(landing().land(upload.batch))
    return as_json(answer, status=status)


@tags.get("/<user_id>")
def list_tags(user_id: str) -> Response:
    """One person's tags, live from landing, newest first."""
    asked = query("from", "to", "limit", "cursor")
    limit = whole_number(asked, "limit", 100, 1, 1_000)
    period = Span.of(day(asked, "from"), day(asked, "to"))
    before = _cursor(asked["cursor"]) if "cursor" in asked else None
    person = user_id_of(user_id)
    with views().asked_by(viewer()) as question:
        sight = question.access.sight(person, period) if person else None
        if person is None or sight is None:
            raise Problem.not_found()
        question.looked_at([person], "tags")
        info = question.snapshot.info if question.snapshot else None
    spans = [(span.first, span.last) for span in sight.spans]
    found = reads.tags_of(landing().cursor(), person, spans=spans, before=before, limit=limit + 1)
    page = found[:limit]
    done = info.seq if info and info.epoch == landing().epoch else 0
    return as_json(
        {
            "tags": [_tag_json(tag, done) for tag in page],
            "nextCursor": _cursor_after(page[-1]) if len(found) > limit else None,
        }
    )


@tags.patch("/<user_id>/<tag_id>")
def correct_tag(user_id: str, tag_id: str) -> Response:
    """Correct one's own tag: any field but ``tagId`` and ``userId``."""
    query()
    person, tag = _own(user_id), _id(tag_id)
    fields = json_object(BODY_LIMIT)
    store = landing()
    keep_days = store.thresholds.default.retention.days
    try:
        seq = store.change(
            corrections.correcting(person, tag, fields, store.directory, keep_days), reloads=False
        )
    except corrections.NoSuchTagError:
        raise Problem.not_found() from None
    except corrections.InvalidTagError as error:
        raise Problem(400, str(error), errors=error.reasons) from None
    return as_json({"tagId": tag, "status": "corrected", "seq": seq})


@tags.delete("/<user_id>/<tag_id>")
def withdraw_tag(user_id: str, tag_id: str) -> Response:
    """Withdraw one's own tag; it leaves every view, and stays withdrawn if it is sent again."""
    query()
    person, tag = _own(user_id), _id(tag_id)
    try:
        seq = landing().change(corrections.withdrawing(person, tag), reloads=False)
    except corrections.NoSuchTagError:
        raise Problem.not_found() from None
    return as_json({"tagId": tag, "status": "withdrawn", "seq": seq})


def _own(user_id: str) -> str:
    person = user_id_of(user_id)
    if person is None or person != principal().user_id:
        raise Problem.not_found()
    return person


def _id(tag_id: str) -> str:
    try:
        return str(UUID(tag_id))
    except ValueError:
        raise Problem.not_found() from None


def _tag_json(tag: LandedTag, done: int) -> dict[str, Any]:
    return {
        "tagId": tag.tag_id,
        "taskScope": tag.task_scope,
        "taskId": tag.task_id,
        "taskTitle": tag.task_title,
        "workType": tag.work_type,
        "intensity": tag.intensity,
        "timestamp": int(tag.tagged_at.timestamp() * 1000 + 0.5),
        "tzOffsetMin": tag.tz_offset_min,
        "localDay": tag.local_day.isoformat(),
        "labels": tag.labels,
        "area": tag.area,
        "source": tag.source,
        "ingestedAt": moment(tag.ingested_at),
        "processed": tag.seq <= done,
    }


def _cursor_after(tag: LandedTag) -> str:
    text = json.dumps([tag.tagged_at.isoformat(), tag.tag_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _cursor(text: str) -> tuple[datetime, str]:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        when, tag_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return datetime.fromisoformat(when).astimezone(UTC), str(UUID(tag_id))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Problem.of_field("cursor", "is not one of ours; start without a cursor") from None
