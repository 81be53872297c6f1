"""Uploading: verdicts gathered with their lines, and patience with an API that is busy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from heat.cli.readers import BadLine, Upload
from heat.cli.uploads import MOST_TRIES, Summary, send_all
from heat.client import ApiError, Client
from heat.vocabulary import Verdict

FILE = Path("tags.ndjson")


class Answering:
    """Stands for a client: answers with what it was given, one after the other."""

    def __init__(self, *answers: dict[str, Any] | ApiError) -> None:
        self.answers = iter(answers)
        self.bodies: list[Any] = []

    def post_tags(self, body: dict[str, Any]) -> dict[str, Any]:
        self.bodies.append(body)
        answer = next(self.answers)
        if isinstance(answer, ApiError):
            raise answer
        return answer


def verdicts(*words: str) -> dict[str, Any]:
    reasons = [{"field": "intensity", "reason": "is odd"}]
    return {
        "results": [
            {"index": n, "tagId": f"id-{n}", "status": word}
            | ({"errors": reasons} if word == "rejected" else {})
            for n, word in enumerate(words)
        ]
    }


def send(client: Answering, *parts: Upload | BadLine) -> tuple[Summary, list[float]]:
    waits: list[float] = []
    return send_all(cast(Client, client), parts, sleep=waits.append), waits


@pytest.fixture
def upload() -> Upload:
    return Upload(FILE, "ann", [{}, {}], [4, 9])


def busy(status: int, seconds: float | None = None) -> ApiError:
    return ApiError(status, "busy", "come again", retry_after=seconds)


def test_verdicts_are_counted_and_refusals_named_with_their_lines(upload: Upload) -> None:
    summary, _ = send(Answering(verdicts("rejected", "stored")), upload)
    assert summary.counts[Verdict.STORED] == 1
    assert [str(one) for one in summary.refused] == [
        "tags.ndjson:4: rejected: intensity is odd",
    ]
    assert not summary.is_clean


def test_duplicates_are_no_refusal(upload: Upload) -> None:
    summary, _ = send(Answering(verdicts("duplicate", "stored")), upload)
    assert summary.is_clean


def test_a_conflict_is_named(upload: Upload) -> None:
    summary, _ = send(Answering(verdicts("stored", "conflict")), upload)
    (only,) = summary.refused
    assert (only.line, only.verdict) == (9, Verdict.CONFLICT)


@pytest.mark.parametrize("status", [0, 429, 503])
def test_a_busy_api_is_asked_again_after_the_time_it_names(upload: Upload, status: int) -> None:
    client = Answering(busy(status, 3.0), verdicts("stored", "stored"))
    summary, waits = send(client, upload)
    assert summary.counts[Verdict.STORED] == 2
    assert waits == [3.0]
    assert client.bodies[0] == client.bodies[1]


def test_patience_ends(upload: Upload) -> None:
    client = Answering(*(busy(503) for _ in range(MOST_TRIES)))
    with pytest.raises(ApiError, match="come again"):
        send(client, upload)


def test_a_token_that_is_refused_ends_the_import(upload: Upload) -> None:
    with pytest.raises(ApiError):
        send(Answering(ApiError(401, "who", "unknown token")), upload)


def test_a_body_that_is_refused_as_a_whole_rejects_each_of_its_tags(upload: Upload) -> None:
    wrong = ApiError(400, "bad", "cannot be", [{"field": "userId", "reason": "is odd"}])
    summary, _ = send(Answering(wrong), upload)
    assert summary.counts[Verdict.REJECTED] == 2
    assert [one.reasons for one in summary.refused] == [["userId is odd"]] * 2


def test_a_bad_line_is_a_rejection_and_the_rest_goes_on(upload: Upload) -> None:
    summary, _ = send(Answering(verdicts("stored", "stored")), BadLine(FILE, 1, "no JSON"), upload)
    assert (summary.counts[Verdict.REJECTED], summary.counts[Verdict.STORED]) == (1, 2)
    assert summary.tags == 3


def test_a_file_is_read_only_as_fast_as_it_is_sent() -> None:
    ahead: list[int] = []
    client = Answering(*(verdicts("stored") for _ in range(60)))

    def parts() -> Iterator[Upload]:
        for n in range(60):
            ahead.append(n - len(client.bodies))
            yield Upload(FILE, "ann", [{}], [n])

    send_all(cast(Client, client), parts())
    assert max(ahead) <= 10
