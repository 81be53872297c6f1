"""Errors as answers: ``application/problem+json`` (RFC 9457), and nothing that leaks.

A route raises :class:`Problem`; whatever else goes wrong becomes one here. What is wrong with
a single tag is no problem of the request and lives in its verdict.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import duckdb
from flask import Flask, Response, g, has_request_context
from werkzeug.exceptions import HTTPException

from ingest_api.landing.writer import Unavailable

log = logging.getLogger("heat.api")


class Problem(Exception):
    """An answer other than success.

    :param status: HTTP status.
    :param detail: one sentence for a person: what happened, what to do.
    :param title: short name of the kind; the status' own phrase if left out.
    :param errors: ``{"field", "reason"}`` per thing that is wrong with the request.
    :param headers: further headers, such as ``Retry-After``.
    :param members: further members of the body.

    >>> Problem(404, "no such user").title
    'Not Found'
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        title: str | None = None,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.title = title or HTTPStatus(status).phrase
        self.errors = [dict(error) for error in errors]
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    @classmethod
    def of_field(cls, field: str, reason: str, *, status: int = 400) -> "Problem":
        """One field of the request is wrong."""
        return cls(status, f"{field}: {reason}", errors=[{"field": field, "reason": reason}])

    @classmethod
    def not_found(cls) -> "Problem":
        """The same answer for what does not exist and for what the asker may not see."""
        return cls(404, "there is nothing here, or it is not yours to see")

    @classmethod
    def unavailable(cls, detail: str, *, retry_after: int = 1) -> "Problem":
        """Nothing was stored; the same request may be sent again."""
        return cls(503, detail, headers={"Retry-After": str(retry_after)})

    def as_response(self) -> Response:
        """The answer, with this request's id in it."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": self.errors,
            "requestId": g.get("request_id") if has_request_context() else None,
            **self.members,
        }
        answer = Response(json.dumps(body), status=self.status, mimetype="application/problem+json")
        answer.headers.update(self.headers)
        return answer


def register(app: Flask) -> None:
    """Answer every error of the app as a problem."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(duckdb.ConnectionException, _reopening)
    app.register_error_handler(duckdb.FatalException, _reopening)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _problem(problem: Problem) -> Response:
    return problem.as_response()


def _unavailable(reason: Unavailable) -> Response:
    return Problem.unavailable(f"nothing was stored: {reason}; send it again").as_response()


def _reopening(error: duckdb.Error) -> Response:
    # a reader met the moment in which the writer closes a broken instance and opens a new one
    log.warning("a read met a closed store (%s)", type(error).__name__)
    return Problem.unavailable("the store is being opened anew; ask again").as_response()


def _http_error(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    if status == 404:
        problem = Problem(404, "no such address")
    else:
        problem = Problem(status, error.description or HTTPStatus(status).phrase)
    answer = problem.as_response()
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Response:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return Problem(500, "something is broken on our side; the log has the request id").as_response()
