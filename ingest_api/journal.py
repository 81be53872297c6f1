"""Every answer leaves with a request id and safe headers, and one JSON line in the log.

The log names method, route, status, time and token prefix: no titles, no bodies, no tokens, and
ids of people only where they stand in the path of the route's pattern, not their values.
"""

import json
import logging
import secrets
import sys
import time

from flask import Flask, Response, g, request

access = logging.getLogger("heat.access")

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def register(app: Flask) -> None:
    """Start the clock before a request and write the line after it."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.started = time.perf_counter()


def _end(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers["Heat-Request-Id"] = g.request_id
    if access.isEnabledFor(logging.INFO):
        asker = g.get("principal")
        access.info(
            "request",
            extra={
                "fields": {
                    "requestId": g.request_id,
                    "method": request.method,
                    "route": request.url_rule.rule if request.url_rule else None,
                    "status": answer.status_code,
                    "ms": round((time.perf_counter() - g.started) * 1000, 1),
                    "token": asker.prefix if asker else None,
                }
            },
        )
    return answer


class JsonLines(logging.Formatter):
    """One JSON object per line; a traceback, if there is one, is a member of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def write_to_stderr(level: str) -> None:
    """Let the whole process log JSON lines to standard error.

    :param level: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``.
    """
    formatter = JsonLines()
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # says "Serving on" and warns about a queue of ten requests, which is a busy second, no fault
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
