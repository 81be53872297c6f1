"""Which tags have landed already, in memory: 16 bytes per tag, no query for a new one.

A tag is known by the low 64 bits of its id, with the 64-bit hash of its first content beside
it. Absent is certain. Present with the same hash is the same tag (the hash covers user, id and
content). Present with another hash may be anything: the file is asked.
"""

from collections.abc import Sequence
from enum import Enum

import duckdb
import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

_FOLD_AT = 50_000
_LOW_64 = (1 << 64) - 1


class Known(Enum):
    """What memory says about a tag."""

    NEW = "new"
    SAME = "same"
    ASK = "ask"


def key_of(tag_id: int) -> int:
    """The key of a tag: the random half of its UUID (of versions 4, 5 and 7 alike)."""
    return tag_id & _LOW_64


class KnownTags:
    """Keys and content hashes of all tags that landed.

    >>> known = KnownTags(np.array([], np.uint64), np.array([], np.uint64))
    >>> known.add([7], [70])
    >>> [known.look_up([key], [content])[0].value for key, content in [(7, 70), (7, 71), (8, 70)]]
    ['same', 'ask', 'new']
    """

    def __init__(self, keys: Words, hashes: Words) -> None:
        self._keys, self._hashes = _by_key(keys, hashes)
        self._recent: dict[int, int] = {}

    @classmethod
    def load(cls, connection: duckdb.DuckDBPyConnection) -> "KnownTags":
        """Read the tags of an open landing store."""
        columns = connection.execute(
            """
            select
                ('0x' || substr(tag_id::varchar, 20, 4) || substr(tag_id::varchar, 25, 12))
                    ::ubigint as key,
                content_hash
            from ops.tag_events
            where tag_id is not null
            """
        ).fetchnumpy()
        return cls(
            np.asarray(columns["key"], np.uint64), np.asarray(columns["content_hash"], np.uint64)
        )

    def __len__(self) -> int:
        return len(self._keys) + len(self._recent)

    def look_up(self, keys: Sequence[int], hashes: Sequence[int]) -> list[Known]:
        """What is known about each of some tags."""
        wanted = np.array(keys, np.uint64)
        places = np.searchsorted(self._keys, wanted)
        inside = np.minimum(places, max(len(self._keys) - 1, 0))
        if len(self._keys):
            old = (self._keys[inside] == wanted).tolist()
            same = (self._hashes[inside] == np.array(hashes, np.uint64)).tolist()
        else:
            old = same = [False] * len(keys)
        found = []
        for key, content, is_old, is_same in zip(keys, hashes, old, same, strict=True):
            recent = self._recent.get(key)
            if (is_old and is_same) or recent == content:
                found.append(Known.SAME)
            elif is_old or recent is not None:
                found.append(Known.ASK)
            else:
                found.append(Known.NEW)
        return found

    def add(self, keys: Sequence[int], hashes: Sequence[int]) -> None:
        """Remember tags that were just committed."""
        self._recent.update(zip(keys, hashes, strict=True))
        if len(self._recent) >= max(_FOLD_AT, len(self._keys) // 8):
            self._fold()

    def _fold(self) -> None:
        count = len(self._recent)
        keys = np.fromiter(self._recent.keys(), np.uint64, count)
        hashes = np.fromiter(self._recent.values(), np.uint64, count)
        self._keys, self._hashes = _by_key(
            np.concatenate([self._keys, keys]), np.concatenate([self._hashes, hashes])
        )
        self._recent = {}


def _by_key(keys: Words, hashes: Words) -> tuple[Words, Words]:
    order = np.argsort(keys, kind="stable")
    return keys[order], hashes[order]
