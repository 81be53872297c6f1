"""One upload from its JSON body to a batch for the writer, and back to its answer.

Whose tags they may be is decided here as well: a body for somebody else needs ``ingest:any``,
a single tag that names somebody else is rejected alone.
"""

import json
import time
from typing import Any

from heat.vocabulary import Verdict
from ingest_api.landing import Landing
from ingest_api.landing.events import Batch, Outcome, Reject
from ingest_api.landing.offsets import resolve
from ingest_api.landing.validation import Tag, expired, read_tag, sent_id_of, user_id_of
from ingest_api.problems import Problem

MOST_TAGS = 100
BODY_LIMIT = 256 * 1024


class Upload:
    """The tags of one body, checked one by one.

    :param body: the parsed JSON body.
    :param asker: lower-case id of whoever sends it, if it is a person.
    :param for_anybody: whether they may send other people's tags (``ingest:any``).
    :raises Problem: if nothing of it can be taken: 400 for its shape, 403 for somebody else's,
        413 for more than 100 tags.
    """

    def __init__(
        self, landing: Landing, body: Any, *, asker: str | None, for_anybody: bool
    ) -> None:
        tags = _tags_of(body)
        self._landing = landing
        self._asker = asker
        self._for_anybody = for_anybody
        self._owner = self._owner_of(body)
        self._now_ms = time.time_ns() // 1_000_000
        self._results: list[dict[str, Any]] = []
        self.batch = Batch()
        for position, raw in enumerate(tags):
            self._take(position, raw)

    def answer(self, outcome: Outcome) -> tuple[dict[str, Any], int]:
        """Body and status of the answer, once the batch is on disk."""
        verdicts = iter(outcome.verdicts)
        counts = dict.fromkeys(Verdict, 0)
        for result in self._results:
            verdict = result["status"] or next(verdicts)
            result["status"] = verdict.value
            counts[verdict] += 1
        body: dict[str, Any] = {
            "batchId": outcome.batch_id,
            "accepted": counts[Verdict.STORED] + counts[Verdict.DUPLICATE],
            "rejected": counts[Verdict.REJECTED],
            "duplicates": counts[Verdict.DUPLICATE],
            "conflicts": counts[Verdict.CONFLICT],
            "results": self._results,
        }
        if counts[Verdict.REJECTED] == len(self._results):
            return {"error": "No valid tags", **body}, 400
        return body, 200

    def _owner_of(self, body: dict[str, Any]) -> str | None:
        named = body.get("userId")
        if named is None:
            return self._asker
        owner = user_id_of(named)
        if owner is None:
            raise Problem.of_field("userId", "must have 1 to 128 characters of A-Za-z0-9._@+-")
        if owner != self._asker and not self._for_anybody:
            raise Problem(
                403,
                "userId names somebody else; a token with the scope ingest:any may do that",
                errors=[{"field": "userId", "reason": "names somebody else"}],
            )
        return owner

    def _take(self, position: int, raw: Any) -> None:
        owner = self._owner
        if self._for_anybody and isinstance(raw, dict) and raw.get("userId") is not None:
            owner = user_id_of(raw["userId"]) or owner
        if owner is None:
            reasons = [{"field": "userId", "reason": "is missing; say whose tag this is"}]
            self._reject(position, raw, "", reasons)
            return
        tag = read_tag(raw, owner, self._now_ms)
        if not isinstance(tag, Tag):
            self._reject(position, raw, owner, tag)
            return
        tag.tz_offset_min, tag.offset_source = resolve(
            self._landing.directory, owner, tag.timestamp_ms, tag.tz_offset_sent
        )
        keep_days = self._landing.thresholds.default.retention.days
        if too_old := expired(tag, keep_days, self._now_ms):
            self._reject(position, raw, owner, too_old, tag.tag_id)
            return
        self.batch.tags.append(tag)
        self._results.append({"index": position, "tagId": tag.tag_id, "status": None})

    def _reject(
        self,
        position: int,
        raw: Any,
        owner: str,
        reasons: list[dict[str, str]],
        tag_id: str | None = None,
    ) -> None:
        self.batch.rejects.append(Reject(position, owner, reasons, _as_sent(raw)))
        self._results.append(
            {
                "index": position,
                "tagId": tag_id or sent_id_of(raw, owner),
                "status": Verdict.REJECTED,
                "errors": reasons,
            }
        )


def _tags_of(body: Any) -> list[Any]:
    if not isinstance(body, dict):
        raise Problem(400, 'the body must be a JSON object, like {"tags": […]}')
    tags = body.get("tags")
    if not isinstance(tags, list) or not tags:
        raise Problem.of_field("tags", f"must be a list of 1 to {MOST_TAGS} tags")
    if len(tags) > MOST_TAGS:
        reason = f"{len(tags)} tags; send at most {MOST_TAGS} at a time (nothing was stored)"
        raise Problem.of_field("tags", reason, status=413)
    return tags


def _as_sent(raw: Any) -> str:
    try:
        return json.dumps(raw)
    except RecursionError:
        return '"nested too deeply to be kept"'
