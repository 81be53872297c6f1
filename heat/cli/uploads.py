"""Uploading many bodies of tags: a few at a time, again when the API asks to wait.

Safe to repeat: the ids of the tags decide, so what has landed is a duplicate the next time.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heat.cli.readers import BadLine, Upload
from heat.client import ApiError, Client
from heat.vocabulary import Verdict

AT_A_TIME = 4
MOST_TRIES = 8
_LONGEST_WAIT = 30.0
_TRY_AGAIN = frozenset({0, 429, 502, 503, 504})


@dataclass(frozen=True)
class Refused:
    """A tag that did not land, and why."""

    file: Path
    line: int
    user_id: str
    tag_id: str | None
    verdict: Verdict
    reasons: list[str]
    place: int | None = None

    def __str__(self) -> str:
        place = f", tag {self.place}" if self.place else ""
        return f"{self.file}:{self.line}{place}: {self.verdict}: {'; '.join(self.reasons)}"

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "file": str(self.file),
            "line": self.line,
            "place": self.place,
            "userId": self.user_id,
            "tagId": self.tag_id,
            "status": self.verdict.value,
            "reasons": self.reasons,
        }


@dataclass
class Summary:
    """What became of everything that was sent."""

    counts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    bodies: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def tags(self) -> int:
        """Tags that were sent, and lines that could not be."""
        return sum(self.counts.values())

    @property
    def is_clean(self) -> bool:
        """Whether everything is on disk now."""
        return not (self.counts[Verdict.REJECTED] or self.counts[Verdict.CONFLICT])


def send_all(
    client: Client,
    parts: Iterable[Upload | BadLine],
    *,
    done: Callable[[int], None] = lambda tags: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Summary:
    """Send every body and gather the verdicts.

    :param done: told the number of tags of each body that is through.
    :raises ApiError: if the API refuses a body as a whole, or keeps saying that it cannot.
    """
    summary = Summary()
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="upload") as pool:
        waiting: dict[Future[dict[str, Any]], Upload] = {}
        for part in parts:
            if isinstance(part, BadLine):
                _note_bad_line(summary, part)
                done(1)
                continue
            if len(waiting) >= 2 * AT_A_TIME:
                _gather(summary, waiting, done)
            waiting[pool.submit(_send, client, part, sleep)] = part
        while waiting:
            _gather(summary, waiting, done)
    summary.refused.sort(key=lambda one: (str(one.file), one.line, one.place or 0))
    return summary


def _gather(
    summary: Summary, waiting: dict[Future[dict[str, Any]], Upload], done: Callable[[int], None]
) -> None:
    finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in finished:
        upload = waiting.pop(future)
        _note(summary, upload, future.result())
        done(len(upload.tags))


def _send(client: Client, upload: Upload, sleep: Callable[[float], None]) -> dict[str, Any]:
    """One body; a whole body that cannot be is a rejection of each of its tags."""
    for pause in _pauses():
        try:
            return client.post_tags(upload.body())
        except ApiError as error:
            if error.status in (400, 403, 413):
                return _all_rejected(upload, error)
            if error.status not in _TRY_AGAIN:
                raise
            last = error
            sleep(min(error.retry_after or pause, _LONGEST_WAIT))
    raise last


def _pauses() -> Iterator[float]:
    """Seconds to wait after each try, if the API names none."""
    return (0.5 * 2**n for n in range(MOST_TRIES))


def _all_rejected(upload: Upload, error: ApiError) -> dict[str, Any]:
    reasons = error.errors or [{"field": "body", "reason": str(error)}]
    status = Verdict.REJECTED.value
    results = [{"index": n, "status": status, "errors": reasons} for n in range(len(upload.tags))]
    return {"results": results}


def _note(summary: Summary, upload: Upload, answer: dict[str, Any]) -> None:
    summary.bodies += 1
    for result in answer["results"]:
        verdict = Verdict(result["status"])
        summary.counts[verdict] += 1
        if verdict in (Verdict.REJECTED, Verdict.CONFLICT):
            at = result["index"]
            errors = result.get("errors") or [
                {"field": "tagId", "reason": "there already, with other content"}
            ]
            summary.refused.append(
                Refused(
                    upload.file,
                    upload.lines[at],
                    str(upload.user_id or ""),
                    result.get("tagId"),
                    verdict,
                    [f"{error['field']} {error['reason']}" for error in errors],
                    upload.places[at] if upload.places else None,
                )
            )


def _note_bad_line(summary: Summary, bad: BadLine) -> None:
    summary.counts[Verdict.REJECTED] += 1
    summary.refused.append(Refused(bad.file, bad.line, "", None, Verdict.REJECTED, [bad.reason]))
