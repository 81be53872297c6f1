"""Files of tags, read into bodies of ``POST /api/v1/tags``: NDJSON, CSV and Parquet.

Nothing is judged here: values go to the API as they stand in the file, which names what is wrong
with them. Only what cannot be read at all is refused on the spot.
"""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

MOST_TAGS = 100
"""Tags in one body."""

REQUIRED = ("userId", "taskId", "workType", "intensity", "timestamp")
OPTIONAL = (
    *("tagId", "id", "taskScope", "taskTitle", "tzOffsetMin"),
    *("labels", "area", "source"),
)
_NUMBERS = frozenset({"intensity", "timestamp", "tzOffsetMin"})
_LINE_LIMIT = 64 * 1024 * 1024


class UnreadableFileError(ValueError):
    """A file that is no file of tags: one sentence."""


@dataclass(frozen=True)
class Upload:
    """One body to send, and where in the file each tag comes from.

    :param lines: line of each tag.
    :param places: which tag of that line it is, where a line has several; 1 is the first.
    """

    file: Path
    user_id: Any
    tags: list[Any]
    lines: list[int]
    places: Sequence[int] = ()

    def body(self) -> dict[str, Any]:
        """The body; without a user if the file names none."""
        named = {} if self.user_id is None else {"userId": self.user_id}
        return {**named, "tags": self.tags}


@dataclass(frozen=True)
class BadLine:
    """A line that is no tag and no body."""

    file: Path
    line: int
    reason: str


@dataclass
class _Pile:
    """Tags of one user that wait to become a body."""

    tags: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read(path: Path) -> Iterator[Upload | BadLine]:
    """What a file holds, in its order; the kind of file follows from its name.

    :raises UnreadableFileError: if the file as a whole cannot be read.
    :raises OSError: if it cannot be opened.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else suffixes[-1:]
    kind = kind if isinstance(kind, str) else "".join(kind)
    if kind in (".ndjson", ".jsonl", ".json"):
        return _ndjson(path)
    if kind == ".csv":
        return _piled(path, _csv_rows(path))
    if kind == ".parquet":
        return _piled(path, _parquet_rows(path))
    raise UnreadableFileError(
        f"{path}: unknown kind of file; known: .ndjson, .jsonl, .csv (also .gz) and .parquet"
    )


def _ndjson(path: Path) -> Iterator[Upload | BadLine]:
    with _text(path) as file:
        for number, line in enumerate(_lines(path, file), start=1):
            if not line.strip():
                continue
            try:
                body = json.loads(line)
            except (ValueError, RecursionError):
                yield BadLine(path, number, "no JSON")
                continue
            tags = body.get("tags") if isinstance(body, dict) else None
            if not isinstance(tags, list) or not tags:
                yield BadLine(path, number, 'no body of tags, like {"userId": …, "tags": […]}')
                continue
            for at in range(0, len(tags), MOST_TAGS):
                part = tags[at : at + MOST_TAGS]
                places = range(at + 1, at + 1 + len(part))
                yield Upload(path, body.get("userId"), part, [number] * len(part), places)


def _piled(path: Path, rows: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Upload]:
    """Rows of many users as bodies of one user each."""
    piles: dict[Any, _Pile] = {}
    for line, row in rows:
        user = row.pop("userId", None)
        pile = piles.setdefault(user, _Pile())
        pile.tags.append(row)
        pile.lines.append(line)
        if len(pile.tags) == MOST_TAGS:
            yield Upload(path, user, pile.tags, pile.lines)
            del piles[user]
    for user, pile in piles.items():
        yield Upload(path, user, pile.tags, pile.lines)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with _text(path) as file:
        reader = csv.DictReader(_lines(path, file))
        try:
            _check_columns(path, reader.fieldnames or [])
            for row in reader:
                values = {key: row[key] for key in (*REQUIRED, *OPTIONAL) if row.get(key)}
                yield reader.line_num, {key: _cell(key, text) for key, text in values.items()}
        except csv.Error as error:
            raise UnreadableFileError(f"{path}, line {reader.line_num}: {error}") from None


def _cell(key: str, text: str) -> Any:
    """A CSV cell as JSON would say it; what is no number stays text, for the API to refuse."""
    if key == "labels":
        return [label.strip() for label in text.split(";") if label.strip()]
    if key in _NUMBERS:
        try:
            return int(text)
        except ValueError:
            return text
    return text


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            _check_columns(path, names)
            columns = [key for key in (*REQUIRED, *OPTIONAL) if key in names]
            line = 0
            for batch in file.iter_batches(batch_size=10_000, columns=columns):
                for row in batch.to_pylist():
                    line += 1
                    values = ((key, _plain(value)) for key, value in row.items())
                    yield line, {key: value for key, value in values if value is not None}
    except pa.ArrowException as error:
        raise UnreadableFileError(f"{path}: no Parquet file of tags ({error})") from None


def _plain(value: Any) -> Any:
    """A Parquet value as JSON would say it; moments become epoch milliseconds."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return round(aware.timestamp() * 1000)
    if isinstance(value, date | bytes):
        return str(value)
    return value


def _check_columns(path: Path, names: Iterable[str]) -> None:
    missing = [key for key in REQUIRED if key not in set(names)]
    if missing:
        raise UnreadableFileError(f"{path}: column {', '.join(missing)} is missing")


def _text(path: Path) -> TextIOWrapper:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _lines(path: Path, file: TextIOWrapper) -> Iterator[str]:
    """The lines, with a sentence for a file that is no text or no gzip."""
    number = 0
    try:
        while line := file.readline(_LINE_LIMIT):
            number += 1
            yield line
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        where = f"{path}, after line {number}"
        raise UnreadableFileError(f"{where}: cannot be read ({error})") from None


def is_expired(tag: Any, keep_days: int, now: datetime) -> bool:
    """Whether a tag's local day is past ``retention.days`` (0 keeps everything).

    >>> is_expired({"timestamp": 0}, 90, datetime(2026, 3, 1, tzinfo=UTC))
    True
    """
    if not keep_days or not isinstance(tag, Mapping):
        return False
    moment, offset = tag.get("timestamp"), tag.get("tzOffsetMin", 0)
    if type(moment) is not int:
        return False
    shift = offset * 60_000 if type(offset) is int else 0
    day_ms = 86_400_000
    today = (round(now.timestamp() * 1000) + shift) // day_ms
    return (moment + shift) // day_ms < today - keep_days
