"""Tokens: made, listed, revoked; the secret is shown once."""

from datetime import UTC, datetime
from typing import Any

import duckdb
from flask import Blueprint, Flask, Response

from heat.vocabulary import Role
from ingest_api.answers import as_json
from ingest_api.context import landing, principal
from ingest_api.landing.events import EventLog, add_users, bump_config
from ingest_api.landing.tokens import Token, new_token, write_token
from ingest_api.landing.validation import user_id_of
from ingest_api.principals import EXTENSION_SCOPE, SERVICE_SCOPES, Principal
from ingest_api.problems import Problem
from ingest_api.questions import json_object, query

tokens = Blueprint("tokens", __name__, url_prefix="/api/v1/tokens")

_GRANTED = (Role.ADMIN, Role.ANALYST)
_BODY_LIMIT = 16 * 1024


def register(app: Flask) -> None:
    """Add these routes to the app."""
    app.register_blueprint(tokens)


@tokens.post("")
def create_token() -> Response:
    """Make a token for oneself, or (administrators) for anybody."""
    query()
    asker = principal()
    body = json_object(_BODY_LIMIT)
    user_id, role = _user(body, asker), _role(body, asker)
    text, token = new_token(
        user_id,
        role.value,
        label=_label(body),
        scopes=_scopes(body, role),
        expires_in_days=_days(body),
    )

    def write(connection: duckdb.DuckDBPyConnection, _events: EventLog) -> None:
        known = connection.execute("select 1 from ops.users where user_id = ?", [user_id])
        if not known.fetchone():
            add_users(connection, [user_id])
        if role in _GRANTED and asker.may_administer:
            _grant(connection, user_id, role)
        write_token(connection, token)
        _audit(connection, asker, "token created", token)

    landing().change(write)
    return as_json({"token": text, **token.as_json()}, status=201)


@tokens.get("")
def list_tokens() -> Response:
    """One's own tokens; everybody's for administrators."""
    query()
    asker = principal()
    listed = [token for token in landing().tokens.all() if _may_handle(asker, token)]
    return as_json({"tokens": [token.as_json() for token in listed]})


@tokens.delete("/<prefix>")
def revoke_token(prefix: str) -> Response:
    """Revoke a token; its next request is refused."""
    query()
    asker = principal()
    found = [token for token in landing().tokens.all() if token.prefix == prefix]
    if not found or not _may_handle(asker, found[0]):
        raise Problem.not_found()

    def revoke(connection: duckdb.DuckDBPyConnection, _events: EventLog) -> None:
        connection.execute(
            "update ops.tokens set revoked_at = ? where prefix = ? and revoked_at is null",
            [datetime.now(UTC), prefix],
        )
        _audit(connection, asker, "token revoked", found[0])

    landing().change(revoke)
    return Response(status=204)


def _may_handle(asker: Principal, token: Token) -> bool:
    return asker.may_administer or (asker.user_id is not None and token.user_id == asker.user_id)


def _user(body: dict[str, Any], asker: Principal) -> str:
    named = body.get("userId", asker.user_id)
    user_id = user_id_of(named)
    if user_id is None:
        raise Problem.of_field("userId", "must have 1 to 128 characters of A-Za-z0-9._@+-")
    if asker.has(EXTENSION_SCOPE):
        raise Problem(403, "an extension's token makes no further tokens")
    if user_id != asker.user_id and not asker.may_administer:
        raise Problem(403, "only administrators make tokens for somebody else")
    return user_id


def _role(body: dict[str, Any], asker: Principal) -> Role:
    value = body.get("role", Role.DEVELOPER.value)
    if value not in tuple(Role):
        raise Problem.of_field("role", f"must be one of {', '.join(Role)}")
    role = Role(value)
    if role is Role.SERVICE and not asker.is_service:
        raise Problem(403, "only the home's own token makes service tokens (heat token create)")
    if not asker.may_administer and list(Role).index(role) > list(Role).index(asker.role):
        raise Problem(403, f"this token is a {asker.role}'s and makes none above that")
    return role


def _label(body: dict[str, Any]) -> str:
    value = body.get("label") or ""
    if not isinstance(value, str) or len(value) > 100 or not value.isprintable():
        raise Problem.of_field("label", "must be a text of at most 100 characters")
    return value


def _days(body: dict[str, Any]) -> int | None:
    value = body.get("expiresInDays")
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= 3_660:
        raise Problem.of_field("expiresInDays", "must be whole days from 1 to 3660, or left out")
    return value


def _scopes(body: dict[str, Any], role: Role) -> frozenset[str]:
    allowed = SERVICE_SCOPES if role is Role.SERVICE else frozenset({EXTENSION_SCOPE})
    value = body.get("scopes")
    if value is None:
        return SERVICE_SCOPES if role is Role.SERVICE else frozenset()
    if not isinstance(value, list) or not all(isinstance(scope, str) for scope in value):
        raise Problem.of_field("scopes", "must be a list of texts")
    if unknown := set(value) - allowed:
        reason = f"{min(unknown)[:50]}: a {role} token may have {', '.join(sorted(allowed))}"
        raise Problem.of_field("scopes", reason)
    return frozenset(value)


def _grant(connection: duckdb.DuckDBPyConnection, user_id: str, role: Role) -> None:
    held = connection.execute(
        "select 1 from ops.roles where user_id = ? and role = ?", [user_id, role.value]
    )
    if not held.fetchone():
        connection.execute("insert into ops.roles values (?, ?)", [user_id, role.value])
        bump_config(connection)


def _audit(
    connection: duckdb.DuckDBPyConnection, asker: Principal, action: str, token: Token
) -> None:
    connection.execute(
        "insert into ops.audit values (now(), ?, ?, ?, ?)",
        [asker.user_id or "service", action, token.user_id, f"{token.prefix} {token.role}"],
    )
