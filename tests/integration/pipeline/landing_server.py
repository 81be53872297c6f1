"""A landing that tests can steer: the internal routes over a plain list of events, by HTTP.

For faults that the real API never commits (a bad row, a lost answer, an epoch that changes
between two answers). The real API has its own end-to-end tests.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse
from uuid import UUID

import pyarrow as pa

from heat.schema import TAG_EVENTS
from heat.thresholds import Thresholds

Event = dict[str, Any]


@dataclass
class FakeLanding:
    """Events and directory of one landing; change them as the test wants."""

    epoch: str = "epoch-1"
    events: list[Event] = field(default_factory=list)
    seq: int = 0
    directory: dict[str, Any] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    batch: int | None = None
    before: Any = None
    """Called with the path before each answer, to change the landing under the pull."""

    def __post_init__(self) -> None:
        self.directory = self.directory or small_directory()

    def add(self, **changes: Any) -> Event:
        """Append one event; without arguments a good tag of today."""
        self.seq += 1
        event = tag_event(self.seq, **changes)
        self.events.append(event)
        return event

    def cut_off(self, day: date) -> None:
        """Retention: drop older rows and say so in the log."""
        newest = {(e["user_id"], e["tag_id"]): e for e in self.events if e["kind"] != "cutoff"}
        gone = {key for key, e in newest.items() if e["local_day"] < day}
        self.events = [
            e
            for e in self.events
            if e["kind"] == "cutoff"
            or ((e["user_id"], e["tag_id"]) not in gone and e["local_day"] >= day)
        ]
        self.add(kind="cutoff", user_id="", tag_id=None, local_day=day)

    def ledger(self, up_to: int) -> dict[str, Any]:
        rows = [e for e in self.events if e["seq"] <= up_to and e["kind"] != "cutoff"]
        newest = {(e["user_id"], e["tag_id"]): e for e in rows}
        in_force = [e for e in newest.values() if e["kind"] != "withdrawn"]
        return {
            "epoch": self.epoch,
            "seq": up_to,
            "events": len(rows),
            "inForce": len(in_force),
            "inForceIntensity": sum(e["intensity"] or 0 for e in in_force),
            "residual": 0,
        }


def tag_event(seq: int, **changes: Any) -> Event:
    """One landing event, good unless the test says otherwise."""
    moment = changes.pop("tagged_at", datetime.now(UTC).replace(microsecond=0))
    event: Event = {
        "seq": seq,
        "kind": "stored",
        "user_id": "ann@example.org",
        "tag_id": str(UUID(int=seq)),
        "task_scope": "",
        "task_id": f"HEAT-{seq % 7}",
        "task_title": "A task",
        "work_type": "Feature",
        "intensity": 3,
        "tagged_at": moment,
        "tz_offset_min": 0,
        "local_day": moment.date(),
        "labels": ["SQL"],
        "area": None,
        "source": "test",
        "ingested_at": moment + timedelta(seconds=1),
    }
    return event | changes


def small_directory() -> dict[str, Any]:
    """Two people in one team."""
    people = [("ann@example.org", "Ann"), ("bob@example.org", "Bob")]
    return {
        "configVersion": 1,
        "users": [{"userId": u, "displayName": n, "timezone": None} for u, n in people],
        "teams": [
            {"teamId": "core", "name": "Core", "timezone": "UTC", "visibility": "named"},
        ],
        "memberships": [
            {"userId": u, "teamId": "core", "fromDay": None, "toDay": None} for u, _ in people
        ],
        "managers": [
            {"teamId": "core", "userId": "bob@example.org", "fromDay": None, "toDay": None}
        ],
        "holidays": [],
        "areaRules": [],
        "daysOff": [],
        "thresholds": {"default": Thresholds().flat(), "teams": {"core": Thresholds().flat()}},
    }


@contextmanager
def serving(landing: FakeLanding) -> Iterator[str]:
    """Serve a landing on a free loopback port while the block runs; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlparse(self.path)
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            landing.requests.append(url.path)
            if landing.before:
                landing.before(url.path)
            if url.path == "/internal/v1/tags":
                self._tags(query)
            else:
                self._json(200, self._answer(url.path, query))

        def do_POST(self) -> None:
            landing.requests.append(self.path)
            self._json(200, {"cutoffDay": None, "removed": 0})

        def _answer(self, path: str, query: dict[str, str]) -> Any:
            version = landing.directory["configVersion"]
            return {
                "/internal/v1/head": lambda: {
                    "epoch": landing.epoch,
                    "seq": landing.seq,
                    "configVersion": version,
                },
                "/internal/v1/directory": lambda: landing.directory,
                "/internal/v1/ledger": lambda: landing.ledger(int(query["upTo"])),
            }[path]()

        def _tags(self, query: dict[str, str]) -> None:
            if query["epoch"] != landing.epoch:
                self._json(409, {"title": "epoch", "status": 409, "epoch": landing.epoch})
                return
            after, limit = int(query["after"]), landing.batch or int(query["limit"])
            later = [e for e in landing.events if e["seq"] > after]
            rows = later[:limit]
            last = rows[-1]["seq"] if len(later) > limit else max(after, landing.seq)
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, TAG_EVENTS) as writer:
                writer.write_table(pa.Table.from_pylist(rows, schema=TAG_EVENTS))
            body = sink.getvalue().to_pybytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.apache.arrow.stream")
            self.send_header("Heat-Epoch", landing.epoch)
            self.send_header("Heat-Last-Seq", str(last))
            self.send_header("Heat-More", "true" if len(later) > limit else "false")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _json(self, status: int, content: Any) -> None:
            body = json.dumps(content, default=str).encode()
            self.send_response(status)
            kind = "application/json" if status < 400 else "application/problem+json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
