"""Tokens: ``heat_<prefix>_<secret>``, shown once, kept as SHA-256, live on every request.

A secret has 256 random bits, so a fast hash is enough. All tokens are held in memory; the
file is written on every change, last use at most once a minute.
"""

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

TOKEN = re.compile(r"heat_([0-9a-f]{8})_([A-Za-z0-9_-]{20,128})")
_WRITE_USE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known about a token; the secret is not among it."""

    prefix: str
    token_hash: str
    user_id: str
    role: str
    label: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_valid_at(self, now: datetime) -> bool:
        """Whether the token is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def as_json(self) -> dict[str, Any]:
        """The shape that ``GET /tokens`` lists."""

        def moment(value: datetime | None) -> str | None:
            return value.isoformat() if value else None

        return {
            "prefix": self.prefix,
            "userId": self.user_id,
            "role": self.role,
            "label": self.label,
            "scopes": sorted(self.scopes),
            "createdAt": moment(self.created_at),
            "expiresAt": moment(self.expires_at),
            "revokedAt": moment(self.revoked_at),
            "lastUsedAt": moment(self.last_used_at),
        }


def new_token(
    user_id: str,
    role: str,
    *,
    label: str = "",
    scopes: Iterable[str] = (),
    expires_in_days: int | None = None,
) -> tuple[str, Token]:
    """Make a token; the first part of the answer is the only place where its secret stands.

    >>> text, token = new_token("ann", "developer")
    >>> text.startswith(f"heat_{token.prefix}_"), token.token_hash == hash_of(text)
    (True, True)
    """
    now = datetime.now(UTC)
    prefix = secrets.token_hex(4)
    text = f"heat_{prefix}_{secrets.token_urlsafe(32)}"
    expires = now + timedelta(days=expires_in_days) if expires_in_days else None
    token = Token(prefix, hash_of(text), user_id, role, label, frozenset(scopes), now, expires)
    return text, token


def hash_of(text: str) -> str:
    """SHA-256 of a whole token, as hexadecimal text."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_token(connection: duckdb.DuckDBPyConnection, token: Token) -> None:
    """Insert a token, in the caller's transaction."""
    connection.execute(
        "insert into ops.tokens values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            token.prefix, token.token_hash, token.user_id, token.role, token.label,
            sorted(token.scopes), token.created_at, token.expires_at, token.revoked_at,
            token.last_used_at,
        ],
    )  # fmt: skip


class Tokens:
    """All tokens of one landing store, and the one of the home itself.

    :param service: the home's own token, from a file that only its owner reads.
    """

    def __init__(self, service: str) -> None:
        self._lock = threading.Lock()
        self._by_prefix: dict[str, Token] = {}
        self._service = Token(
            prefix=service.split("_")[1] if service.count("_") >= 2 else "service",
            token_hash=hash_of(service),
            user_id="",
            role="service",
            label="this home",
            scopes=frozenset({"ingest:any", "internal", "admin"}),
            created_at=datetime.now(UTC),
        )

    def reload(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Re-read the tokens from the file."""
        rows = connection.execute(
            "select prefix, token_hash, user_id, role, label, scopes, created_at, expires_at, "
            "revoked_at, last_used_at from ops.tokens"
        ).fetchall()
        fresh = {}
        for prefix, digest, user_id, role, label, scopes, created, expires, revoked, used in rows:
            fresh[prefix] = Token(
                prefix, digest, user_id, role, label, frozenset(scopes), created, expires, revoked,
                used,
            )  # fmt: skip
        with self._lock:
            for prefix, token in list(fresh.items()):
                old = self._by_prefix.get(prefix)
                last = old.last_used_at if old else None
                if last and (token.last_used_at is None or last > token.last_used_at):
                    fresh[prefix] = replace(token, last_used_at=last)
            self._by_prefix = fresh

    def find(self, text: str) -> Token | None:
        """The token that ``text`` is, if it is one that is valid now."""
        match = TOKEN.fullmatch(text)
        if match is None:
            return None
        token = self._by_prefix.get(match[1])
        if token is None:
            token = self._service
        if not hmac.compare_digest(token.token_hash, hash_of(text)):
            return None
        return token if token.is_valid_at(datetime.now(UTC)) else None

    def all(self) -> list[Token]:
        """Every token that was ever made, newest first."""
        return sorted(self._by_prefix.values(), key=lambda token: token.created_at, reverse=True)

    def is_service(self, token: Token) -> bool:
        """Whether this is the home's own token."""
        return token is self._service

    def used(self, token: Token) -> Token | None:
        """Note the use of a token.

        :returns: the token to write, if its last written use is more than a minute ago.
        """
        now = datetime.now(UTC)
        if token.last_used_at and now - token.last_used_at < _WRITE_USE_EVERY:
            return None
        with self._lock:
            current = self._by_prefix.get(token.prefix)
            if current is None or current.last_used_at != token.last_used_at:
                return None
            self._by_prefix[token.prefix] = replace(current, last_used_at=now)
            return self._by_prefix[token.prefix]
