"""Reading what a request asks: query keys and JSON bodies, strictly.

An unknown query key is refused by name: a misspelt ``form=2026-01-01`` must not silently
answer for all time.
"""

import json
from datetime import date
from typing import Any

from flask import request

from ingest_api.problems import Problem

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of a body other than tags (a directory of 20,000 people is about 4 MB)."""


def query(*allowed: str) -> dict[str, str]:
    """The query of this request, each key at most once.

    :raises Problem: 400 naming a key that is unknown or given twice.
    """
    found: dict[str, str] = {}
    for key, value in request.args.items(multi=True):
        if key not in allowed:
            known = f"known: {', '.join(allowed)}" if allowed else "this address takes none"
            raise Problem.of_field(key[:100], f"unknown query key ({known})")
        if key in found:
            raise Problem.of_field(key, "given twice")
        found[key] = value
    return found


def whole_number(asked: dict[str, str], key: str, default: int, low: int, high: int) -> int:
    """A whole number of the query, from ``low`` to ``high``.

    :raises Problem: 400 naming the key.
    """
    text = asked.get(key)
    if text is None:
        return default
    if len(text) <= 20 and text.isascii() and text.removeprefix("-").isdigit():
        number = int(text)
        if low <= number <= high:
            return number
    raise Problem.of_field(key, f"must be a whole number from {low} to {high}")


def day(asked: dict[str, str], key: str) -> date | None:
    """A local date of the query (``YYYY-MM-DD``), or ``None`` if it is not asked for.

    :raises Problem: 400 naming the key.
    """
    text = asked.get(key)
    if text is None:
        return None
    try:
        # of the forms that fromisoformat takes (20261125, 2026-W48-3), this one only
        found = date.fromisoformat(text) if len(text) == 10 and text[4] == "-" else None
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise Problem.of_field(key, "must be a date like 2026-11-25")
    return found


def flag(asked: dict[str, str], key: str) -> bool:
    """``true`` or ``false`` of the query; absent means false.

    :raises Problem: 400 naming the key.
    """
    text = asked.get(key, "false")
    if text not in {"true", "false"}:
        raise Problem.of_field(key, "must be true or false")
    return text == "true"


def raw_body(limit: int) -> bytes:
    """The body of this request, of at most ``limit`` bytes.

    :raises Problem: 413 for a longer one, before it is parsed; 415 for a compressed one.
    """
    too_long = Problem(413, f"the body is longer than {limit} bytes; send it in parts")
    if request.content_length is not None and request.content_length > limit:
        raise too_long
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "send the body uncompressed (no Content-Encoding)")
    # a chunked body has no announced length: read one byte more than allowed, never all of it
    body: bytes = request.stream.read(limit + 1)
    if len(body) > limit:
        raise too_long
    return body


def parse_json(body: bytes) -> Any:
    """The JSON value in ``body``; of a key given twice the last one counts.

    NaN, infinities and numbers of any length are let through to whoever checks the field, so
    that one bad tag does not cost its neighbours.

    :raises Problem: 400 if it is not JSON.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, f"the body is not UTF-8 (byte {error.start})") from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Problem(400, f"the body is not JSON: {error.msg} ({where})") from None
    except RecursionError:
        raise Problem(400, "the body is nested too deeply") from None
    except ValueError:
        # a whole number of thousands of digits: Python refuses to convert it
        return json.loads(text, parse_int=_int_or_nan)


def _int_or_nan(digits: str) -> float | int:
    return int(digits) if len(digits) < 100 else float("nan")


def json_object(limit: int = BODY_LIMIT) -> dict[str, Any]:
    """The JSON object in the body of this request.

    :raises Problem: 400 or 413 saying what is wrong with it.
    """
    value = parse_json(raw_body(limit))
    if not isinstance(value, dict):
        raise Problem(400, 'the body must be a JSON object, like {"tags": […]}')
    return value
