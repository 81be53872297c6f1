"""What a tag must be: one JSON object in, a :class:`Tag` or the reasons against it out.

Hand-written, since every reason names its field and the way out, one bad tag must not cost its
neighbours, and 100 tags have to cost less than a commit. Nothing here reads the store.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from heat.vocabulary import WorkType

Reasons = list[dict[str, str]]

USER_ID = re.compile(r"[a-z0-9._@+-]{1,128}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WORK_TYPES = {work_type.value: work_type.value for work_type in WorkType}
_WORK_TYPES_BY_LOWER = {name.lower(): name for name in _WORK_TYPES}
_NAMESPACE = bytes.fromhex("6f0d7c0c1b7e5c6c9a1d3f5a48454154")
"""Namespace of the ids that we make for tags; changing it would double every retry."""

YEAR_2000_MS = 946_684_800_000
DAY_MS = 86_400_000
MAX_LABELS = 10

_MISSING = object()


@dataclass(slots=True)
class Tag:
    """One valid tag, before it is known whether it is new.

    ``tag_id`` is the UUID as text, ``key`` its low 64 bits; ``content_hash`` covers user, id and
    every field as it was sent, so equal hashes mean the same upload.
    """

    user_id: str
    tag_id: str
    key: int
    content_hash: int
    task_scope: str
    task_id: str
    task_title: str
    work_type: str
    intensity: int
    timestamp_ms: int
    tz_offset_sent: int | None
    labels: list[str]
    area: str | None
    source: str
    tz_offset_min: int = 0
    offset_source: str = ""

    @property
    def local_day(self) -> int:
        """Days from 1970-01-01 to the tag's local day."""
        return (self.timestamp_ms + self.tz_offset_min * 60_000) // DAY_MS


def user_id_of(value: Any) -> str | None:
    """A user id in lower case, or ``None`` if it cannot be one.

    >>> user_id_of("Ann@Example.org"), user_id_of("ann smith")
    ('ann@example.org', None)
    """
    if not isinstance(value, str) or not value.isascii():
        return None
    lower = value.lower()
    return lower if USER_ID.fullmatch(lower) else None


def read_tag(raw: Any, owner: str, now_ms: int, *, fixed_id: str | None = None) -> Tag | Reasons:
    """Check one tag.

    :param raw: the JSON value as it was sent.
    :param owner: lower-case id of the person whose tag this is.
    :param now_ms: the server's clock, epoch milliseconds.
    :param fixed_id: id of an existing tag that is corrected; ``tagId`` and ``id`` are ignored then.
    :returns: the tag without its offset, or at least one reason ``{"field", "reason"}``.

    >>> tag = read_tag({"taskId": "HEAT-42", "workType": "Bug", "intensity": 7,
    ...                 "timestamp": 1764000000000}, "ann", 1764000000000)
    >>> tag.task_id, tag.intensity
    ('HEAT-42', 7)
    >>> read_tag({"taskId": "HEAT-42", "workType": "Bug", "intensity": 11,
    ...           "timestamp": 1764000000000}, "ann", 1764000000000)
    [{'field': 'intensity', 'reason': 'must be a whole number from 1 to 10'}]
    """
    if not isinstance(raw, dict):
        return [_reason("tag", "must be a JSON object")]
    wrong: Reasons = []
    named = raw.get("userId")
    if named is not None and user_id_of(named) != owner:
        wrong.append(_reason("userId", "names somebody else; leave it out, or send it as them"))
    task_id = _text(raw, "taskId", 128, wrong, trim=True, required=True)
    task_scope = _text(raw, "taskScope", 256, wrong, trim=True)
    task_title = _text(raw, "taskTitle", 500, wrong)
    source = _text(raw, "source", 64, wrong)
    area = _text(raw, "area", 128, wrong, trim=True, least=1) if "area" in raw else ""
    work_type = _work_type(raw.get("workType", _MISSING), wrong)
    intensity = _intensity(raw.get("intensity", _MISSING), wrong)
    timestamp = _timestamp(raw.get("timestamp", _MISSING), now_ms, wrong)
    offset = _offset(raw.get("tzOffsetMin"), wrong)
    labels = _labels(raw.get("labels"), wrong)
    tag_id = fixed_id or _sent_id(raw, owner, wrong)
    if wrong:
        return wrong
    if tag_id is None:
        parts = ("tag", owner, task_scope, task_id, work_type, str(intensity), str(timestamp))
        tag_id = _uuid5("\0".join(parts))
    content = "\0".join(
        (owner, tag_id, task_scope, task_id, task_title, work_type, str(intensity),
         str(timestamp), str(offset), area, source, str(len(labels)), *labels)
    )  # fmt: skip
    digest = hashlib.blake2b(content.encode(), digest_size=8).digest()
    return Tag(
        owner, tag_id, int(tag_id[19:23] + tag_id[24:], 16), int.from_bytes(digest), task_scope,
        task_id, task_title, work_type, intensity, timestamp, offset, labels, area or None, source,
    )  # fmt: skip


def expired(tag: Tag, keep_days: int, now_ms: int) -> Reasons:
    """Why a tag is too old to be kept, if it is.

    :param keep_days: ``retention.days``; 0 keeps everything.
    """
    today = (now_ms + tag.tz_offset_min * 60_000) // DAY_MS
    if keep_days and tag.local_day < today - keep_days:
        reason = f"expired: older than the {keep_days} days that tags are kept (retention.days)"
        return [_reason("timestamp", reason)]
    return []


def sent_id_of(raw: Any, owner: str) -> str | None:
    """The id of a tag that is otherwise invalid, if it says one."""
    return _sent_id(raw, owner, []) if isinstance(raw, dict) else None


def _reason(field: str, reason: str) -> dict[str, str]:
    return {"field": field, "reason": reason}


def _text(
    raw: Mapping[str, Any],
    field: str,
    most: int,
    wrong: Reasons,
    *,
    trim: bool = False,
    required: bool = False,
    least: int = 0,
) -> str:
    value = raw.get(field)
    if value is None:
        if required:
            wrong.append(_reason(field, f"is missing; send 1 to {most} characters"))
        return ""
    if not isinstance(value, str):
        wrong.append(_reason(field, "must be a text"))
        return ""
    if trim:
        value = value.strip()
    shortest = 1 if required else least
    if not shortest <= len(value) <= most:
        wrong.append(_reason(field, f"must have {shortest} to {most} characters, has {len(value)}"))
    elif fault := _unstorable(value):
        wrong.append(_reason(field, fault))
    return value


def _unstorable(value: str) -> str | None:
    if "\0" in value:
        return "contains a NUL character (U+0000); leave it out"
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "contains half of a surrogate pair; send whole characters"
    return None


def _work_type(value: Any, wrong: Reasons) -> str:
    if value is _MISSING or value is None:
        wrong.append(_reason("workType", f"is missing; one of {', '.join(_WORK_TYPES)}"))
        return ""
    if isinstance(value, str):
        if value in _WORK_TYPES:
            return value
        close = _WORK_TYPES_BY_LOWER.get(value.strip().lower())
        if close:
            wrong.append(_reason("workType", f"is written {close}"))
            return ""
    wrong.append(_reason("workType", f"must be one of {', '.join(_WORK_TYPES)}"))
    return ""


def _intensity(value: Any, wrong: Reasons) -> int:
    if type(value) is int and 1 <= value <= 10:
        return value
    if value is _MISSING or value is None:
        wrong.append(_reason("intensity", "is missing; a whole number from 1 to 10"))
    else:
        wrong.append(_reason("intensity", "must be a whole number from 1 to 10"))
    return 0


def _timestamp(value: Any, now_ms: int, wrong: Reasons) -> int:
    if value is _MISSING or value is None:
        wrong.append(_reason("timestamp", "is missing; epoch milliseconds"))
    elif type(value) is not int:
        wrong.append(_reason("timestamp", "must be a whole number of epoch milliseconds"))
    elif value < YEAR_2000_MS:
        wrong.append(_reason("timestamp", "is before 2000: milliseconds expected"))
    elif value > now_ms + DAY_MS:
        now = datetime.fromtimestamp(now_ms / 1000, UTC).isoformat(timespec="seconds")
        wrong.append(_reason("timestamp", f"is more than 24 h ahead of the server's clock ({now})"))
    else:
        return value
    return 0


def _offset(value: Any, wrong: Reasons) -> int | None:
    if value is None or (type(value) is int and -840 <= value <= 840):
        return value
    wrong.append(_reason("tzOffsetMin", "must be whole minutes from -840 to 840, east positive"))
    return None


def _labels(value: Any, wrong: Reasons) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        wrong.append(_reason("labels", f"must be a list of up to {MAX_LABELS} words"))
        return []
    if len(value) > MAX_LABELS:
        wrong.append(_reason("labels", f"has {len(value)} words, at most {MAX_LABELS} are kept"))
        return []
    labels: list[str] = []
    for position, label in enumerate(value):
        field = f"labels[{position}]"
        word = label.strip() if isinstance(label, str) else ""
        if not 1 <= len(word) <= 32:
            wrong.append(_reason(field, "must be a word of 1 to 32 characters"))
        elif fault := _unstorable(word):
            wrong.append(_reason(field, fault))
        elif word not in labels:
            labels.append(word)
    return labels


def _sent_id(raw: Mapping[str, Any], owner: str, wrong: Reasons) -> str | None:
    tag_id = raw.get("tagId")
    if tag_id is not None:
        lower = tag_id.lower() if isinstance(tag_id, str) else ""
        if _UUID.fullmatch(lower):
            return lower
        way_out = "must be a UUID like 0190c2a1-…; an id of your own goes into the field id"
        wrong.append(_reason("tagId", way_out))
        return None
    own = raw.get("id")
    if own is None:
        return None
    if not isinstance(own, str) or not 1 <= len(own) <= 128:
        wrong.append(_reason("id", "must be a text of 1 to 128 characters"))
    elif fault := _unstorable(own):
        wrong.append(_reason("id", fault))
    else:
        return _uuid5(f"id\0{owner}\0{own}")
    return None


def _uuid5(name: str) -> str:
    # uuid.uuid5 costs 2 µs more per tag for the object it makes
    digest = bytearray(
        hashlib.sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16]
    )
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
