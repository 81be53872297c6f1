"""How answers are written: compact JSON, moments in UTC."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Response

_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def as_json(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(
        _compact.encode(body), status=status, headers=headers, mimetype="application/json"
    )


def moment(value: datetime) -> str:
    """A moment in UTC, to the microsecond.

    >>> moment(datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    '2026-11-25T09:30:00.000000Z'
    """
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
