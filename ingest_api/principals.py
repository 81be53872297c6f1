"""Who is asking: from the bearer token to a :class:`Principal` with today's rights.

A token's role caps what it may do; the rights themselves are the person's and are looked up on
every request. Who sees whose rows is decided in :mod:`ingest_api.access`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from flask import Flask, g, request

from heat.vocabulary import Role
from ingest_api.context import landing
from ingest_api.landing import Landing, Unavailable
from ingest_api.landing.directory import Directory
from ingest_api.landing.tokens import Token
from ingest_api.landing.validation import user_id_of
from ingest_api.problems import Problem

ON_BEHALF_OF = "Heat-On-Behalf-Of"
INGEST_ANY, INTERNAL, ADMIN = "ingest:any", "internal", "admin"
SERVICE_SCOPES = frozenset({INGEST_ANY, INTERNAL, ADMIN})
EXTENSION_SCOPE = "extension"

_LADDER = {role: step for step, role in enumerate(Role)}
_OPEN = ("/healthz", "/readyz", "/openapi.json", "/metrics")

Via = Literal["token", "service", "on-behalf"]


@dataclass(frozen=True)
class Principal:
    """The person (or one of our own processes) behind a request.

    :param user_id: lower-case id; ``None`` for the home's own token when it speaks for nobody.
    :param role: at most this; :attr:`roles` says what holds today.
    :param scopes: what the token may do beyond its person's own rights.
    :param via: by a token of their own, as the service itself, or as somebody by the service.
    :param prefix: of the token; safe to log.
    :param roles: rights that hold today, within ``role``.
    """

    user_id: str | None
    role: Role
    scopes: frozenset[str]
    via: Via
    prefix: str
    roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def is_service(self) -> bool:
        """Whether one of our own processes asks for itself."""
        return self.via == "service"

    @property
    def may_administer(self) -> bool:
        """Whether directory, tokens and global thresholds are theirs to change."""
        return Role.ADMIN in self.roles or ADMIN in self.scopes

    def has(self, scope: str) -> bool:
        """Whether the token carries a scope."""
        return scope in self.scopes


def register(app: Flask) -> None:
    """Ask for a token before every route but the open ones."""
    app.before_request(_authenticate)


def rights_of(directory: Directory, user_id: str | None, cap: Role) -> frozenset[Role]:
    """Roles that a person holds today and a token of role ``cap`` may use.

    >>> from ingest_api.landing.directory import Directory
    >>> sorted(rights_of(Directory(1, roles=frozenset({("ann", "admin")})), "ann", Role.MANAGER))
    [<Role.DEVELOPER: 'developer'>]
    """
    if user_id is None:
        return frozenset()
    rights = {Role.DEVELOPER}
    rights |= {Role(role) for role in directory.roles_of(user_id)}
    # team days differ by zone: whoever manages anywhere on Earth today is a manager
    now = datetime.now(UTC)
    days = {(now + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}
    if any(directory.managed_on(user_id, day) for day in days):
        rights.add(Role.MANAGER)
    return frozenset(role for role in rights if _LADDER[role] <= _LADDER[cap])


def require_service(asker: Principal) -> None:
    """Let nobody but our own processes through.

    :raises Problem: 403 for everybody else.
    """
    if not asker.is_service or not asker.has(INTERNAL):
        raise Problem(403, "this address is for HEAT's own processes (service token)")


def require_admin(asker: Principal) -> None:
    """Let administrators and our own processes through.

    :raises Problem: 403 for everybody else.
    """
    if not asker.may_administer:
        raise Problem(403, "this is for administrators")


def _authenticate() -> None:
    if request.path in _OPEN or (request.endpoint is None and request.routing_exception is None):
        return
    store = landing()
    token = _token_of_request(store)
    g.principal = _principal_of(store, token)
    if not store.tokens.is_service(token):
        _note_use(store, token)


def _token_of_request(store: Landing) -> Token:
    header = request.headers.get("Authorization", "")
    kind, _, text = header.partition(" ")
    token = store.tokens.find(text.strip()) if kind.lower() == "bearer" else None
    if token is None:
        detail = (
            "this token is unknown, expired or revoked; make one with `heat token create`"
            if header
            else "send a token: Authorization: Bearer heat_…"
        )
        raise Problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="heat"'})
    return token


def _principal_of(store: Landing, token: Token) -> Principal:
    role = Role(token.role)
    behalf = request.headers.get(ON_BEHALF_OF)
    if behalf is not None:
        if role is not Role.SERVICE or INTERNAL not in token.scopes:
            raise Problem(403, f"{ON_BEHALF_OF} is for HEAT's own processes")
        user_id = user_id_of(behalf.strip())
        if user_id is None or user_id not in store.directory.users:
            raise Problem(403, f"{ON_BEHALF_OF}: nobody of that id is in the directory")
        rights = rights_of(store.directory, user_id, Role.ADMIN)
        top = max(rights, key=_LADDER.__getitem__)
        return Principal(user_id, top, frozenset(), "on-behalf", token.prefix, rights)
    user = token.user_id or None
    via: Via = "service" if role is Role.SERVICE else "token"
    rights = rights_of(store.directory, user, role)
    return Principal(user, role, token.scopes, via, token.prefix, rights)


def _note_use(store: Landing, token: Token) -> None:
    used = store.tokens.used(token)
    if used is None:
        return
    try:
        store.change(
            lambda connection, _: connection.execute(
                "update ops.tokens set last_used_at = ? where prefix = ?",
                [used.last_used_at, used.prefix],
            ),
            reloads=False,
        )
    except Unavailable:
        return  # a note about use is not worth refusing the request
