"""``/openapi.json``: the public contract, read off the routes themselves.

Paths, methods and sentences come from the routes; the schema of a tag is written out here, since
its checks are by hand. Internal addresses are no part of it.
"""

import inspect
import re
from typing import Any

from flask import Blueprint, Flask, Response, current_app

from heat import __version__
from heat.vocabulary import Verdict, WorkType
from ingest_api.answers import as_json

openapi = Blueprint("openapi", __name__)

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OPEN = ("/healthz", "/readyz", "/openapi.json", "/metrics")


def register(app: Flask) -> None:
    """Add this route to the app."""
    app.register_blueprint(openapi)


@openapi.get("/openapi.json")
def describe() -> Response:
    """This description."""
    return as_json(
        {
            "openapi": "3.1.0",
            "info": {"title": "HEAT", "version": __version__},
            "paths": _paths(current_app),
            "components": {
                "schemas": _SCHEMAS,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _paths(app: Flask) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith("/internal/"):
            continue
        path = _PARAMETER.sub(r"{\2}", rule.rule)
        for method in _METHODS:
            if method in (rule.methods or ()):
                view = app.view_functions[rule.endpoint]
                paths.setdefault(path, {})[method.lower()] = _operation(method, rule.rule, view)
    return paths


def _operation(method: str, rule: str, view: Any) -> dict[str, Any]:
    said = (inspect.getdoc(view) or "").partition("\n")[0]
    operation: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": said,
        "security": [] if rule in _OPEN else [{"token": []}],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for _, name in _PARAMETER.findall(rule)
        ],
        "responses": {
            "2XX": {"description": "success"},
            "default": {
                "description": "what is wrong, and what to do",
                "content": {"application/problem+json": {"schema": _ref("Problem")}},
            },
        },
    }
    if (method, rule) == ("POST", "/api/v1/tags"):
        body = {"application/json": {"schema": _ref("Upload")}}
        operation["requestBody"] = {"required": True, "content": body}
        answer = {"application/json": {"schema": _ref("Verdicts")}}
        operation["responses"]["200"] = {"description": "a verdict per tag", "content": answer}
    elif method in {"POST", "PUT", "PATCH"}:
        operation["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
    return operation


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _text(most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def _whole(low: int, high: int | None = None) -> dict[str, Any]:
    bounds = {"minimum": low} | ({"maximum": high} if high is not None else {})
    return {"type": "integer", **bounds}


_ERRORS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["field", "reason"],
        "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
    },
}

_SCHEMAS: dict[str, Any] = {
    "Tag": {
        "type": "object",
        "required": ["taskId", "workType", "intensity", "timestamp"],
        "properties": {
            "tagId": {"type": "string", "format": "uuid"},
            "id": _text(128, 1),
            "userId": _text(128, 1),
            "taskId": _text(128, 1),
            "taskScope": _text(256),
            "taskTitle": _text(500),
            "workType": {"enum": [work_type.value for work_type in WorkType]},
            "intensity": _whole(1, 10),
            "timestamp": _whole(946_684_800_000) | {"description": "epoch milliseconds"},
            "tzOffsetMin": _whole(-840, 840) | {"description": "minutes east of UTC"},
            "labels": {"type": "array", "maxItems": 10, "items": _text(32, 1)},
            "area": _text(128, 1),
            "source": _text(64),
        },
    },
    "Upload": {
        "type": "object",
        "required": ["tags"],
        "properties": {
            "userId": _text(128, 1),
            "tags": {"type": "array", "minItems": 1, "maxItems": 100, "items": _ref("Tag")},
        },
    },
    "Verdicts": {
        "type": "object",
        "properties": {
            "batchId": {"type": "integer"},
            **{name: _whole(0) for name in ("accepted", "rejected", "duplicates", "conflicts")},
            "results": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["index", "tagId", "status"],
                    "properties": {
                        "index": _whole(0, 99),
                        "tagId": {"type": ["string", "null"], "format": "uuid"},
                        "status": {"enum": [verdict.value for verdict in Verdict]},
                        "errors": _ERRORS,
                    },
                },
            },
        },
    },
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "errors", "requestId"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": _ERRORS,
            "requestId": {"type": ["string", "null"]},
        },
    },
}
