"""The API's client, and the core of the analysts' library.

:class:`Client` speaks for one token; whatever the API refuses becomes an :class:`ApiError` with
a sentence for a person. It opens no file and knows no rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx

from heat.vocabulary import Role

if TYPE_CHECKING:
    # frames are a few callers' business: the command line should not wait half a second for them
    import polars as pl
    import pyarrow as pa

ON_BEHALF_OF = "Heat-On-Behalf-Of"


class ApiError(RuntimeError):
    """What the API answered instead of success.

    :param status: HTTP status; 0 if no answer came at all.
    :param title: short name of the kind.
    :param detail: one sentence: what happened, what to do.
    :param errors: ``{"field", "reason"}`` per thing that is wrong with the request.
    :param body: the whole answer, if it was JSON.
    :param retry_after: seconds after which the same request may be sent again, if it may.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        errors: list[dict[str, Any]] | None = None,
        *,
        body: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail or title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors or []
        self.body = dict(body or {})
        self.retry_after = retry_after


@dataclass(frozen=True)
class TagEvents:
    """One answer of the pull stream.

    :param table: events with :data:`heat.schema.TAG_EVENTS`, in sequence order.
    :param last_seq: number of the last event in it (``after`` itself if it is empty).
    :param more: whether there are more after it.
    :param epoch: the life of landing that the numbers belong to.
    """

    table: "pa.Table"
    last_seq: int
    more: bool
    epoch: str


class Client:
    """A connection to one HEAT for one token.

    :param base_url: such as ``http://127.0.0.1:8040``.
    :param token: ``heat_…``; see ``heat token create``.
    :param on_behalf_of: user id to speak for; the service token only.
    :param timeout: seconds to wait for one answer.

    .. code-block:: python

        with Client("http://127.0.0.1:8040", token) as heat:
            days = heat.frame("fct_daily_intensity", user="ann@example.org")
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        on_behalf_of: str | None = None,
        timeout: float = 60.0,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        if on_behalf_of is not None:
            headers[ON_BEHALF_OF] = on_behalf_of
        # the address is given, not found: no proxy of the environment stands between
        self._http = httpx.Client(
            base_url=base_url, headers=headers, timeout=timeout, trust_env=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> httpx.Response:
        """Send one request.

        :param path: from the root, such as ``/api/v1/me``.
        :param query: keys whose value is ``None`` are left out.
        :param body: sent as JSON, unless it is ``bytes`` (sent as they are) or ``None``.
        :raises ApiError: for every answer that is no success, and if none comes.
        """
        parameters = {
            key: _text(value) for key, value in (query or {}).items() if value is not None
        }
        content: dict[str, Any] = {}
        if isinstance(body, bytes):
            content = {"content": body, "headers": {"Content-Type": "application/json"}}
        elif body is not None:
            content = {"json": body}
        try:
            answer = self._http.request(method, path, params=parameters, **content)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            where = str(self._http.base_url).rstrip("/")
            raise ApiError(0, "no answer", f"{where} does not answer: {reason}") from None
        if answer.is_success:
            return answer
        raise _error_of(answer)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Ask for a JSON object; a trailing ``_`` of a key is dropped (``from_`` → ``from``).

        :raises ApiError: if the API refuses.
        """

        plain = {key.removesuffix("_"): value for key, value in query.items()}
        return _object(self.request("GET", path, query=plain))

    def post_tags(self, body: Mapping[str, Any] | bytes) -> dict[str, Any]:
        """Upload up to 100 tags; they are on disk when this returns.

        :param body: ``{"userId"?, "tags": […]}``, or the same as JSON text in bytes.
        :returns: the verdict per tag, also if every one of them was rejected.
        :raises ApiError: if nothing could be taken of it.
        """
        try:
            return _object(self.request("POST", "/api/v1/tags", body=body))
        except ApiError as error:
            if error.status == 400 and "results" in error.body:
                return error.body
            raise

    def frame(self, mart: str, **filters: Any) -> "pl.DataFrame":
        """One published mart, limited to what the token may see.

        :param mart: such as ``fct_streaks``.
        :param filters: ``team``, ``user``, ``from_``, ``to``.
        :raises ApiError: if the API refuses.
        """
        import polars as pl

        plain = {key.removesuffix("_"): value for key, value in filters.items()}
        table = _table(self.request("GET", f"/api/v1/frames/{mart}", query=plain))
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table never becomes a series
        return frame

    def me(self) -> dict[str, Any]:
        """Who the token speaks for, with today's rights."""
        return self.get("/api/v1/me")

    def status(self) -> dict[str, Any]:
        """Ledger, freshness, snapshot and last run."""
        return self.get("/api/v1/status")

    def create_token(
        self,
        user_id: str,
        role: Role | str = Role.DEVELOPER,
        *,
        label: str | None = None,
        expires_in_days: int | None = None,
        scopes: list[str] | None = None,
    ) -> dict[str, Any]:
        """Make a token; its text stands in the member ``token`` of this answer only."""
        asked = {
            "userId": user_id,
            "role": str(role),
            "label": label,
            "expiresInDays": expires_in_days,
            "scopes": scopes,
        }
        body = {key: value for key, value in asked.items() if value is not None}
        return _object(self.request("POST", "/api/v1/tokens", body=body))

    def tokens(self) -> list[dict[str, Any]]:
        """Tokens that the asker may handle, newest first, without their secrets."""
        listed = self.get("/api/v1/tokens")["tokens"]
        return list(listed)

    def revoke_token(self, prefix: str) -> None:
        """Revoke a token; its next request is refused."""
        self.request("DELETE", f"/api/v1/tokens/{prefix}")

    def put_directory(self, part: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        """Merge a part of a directory into it (administrators).

        :param dry_run: only say what would change.
        """
        query = {"dryRun": "true"} if dry_run else None
        return _object(self.request("PUT", "/api/v1/directory", query=query, body=dict(part)))

    def head(self) -> dict[str, Any]:
        """Epoch, sequence and configuration version of landing (service token)."""
        return self.get("/internal/v1/head")

    def pull_tags(self, *, epoch: str = "", after: int = 0, limit: int = 100_000) -> TagEvents:
        """Events after a sequence number (service token).

        :param epoch: refuse if landing has another one; empty for any.
        :raises ApiError: status 409 with the member ``epoch`` in ``body`` for another epoch.
        """
        query = {"epoch": epoch or None, "after": after, "limit": limit}
        answer = self.request("GET", "/internal/v1/tags", query=query)
        return TagEvents(
            table=_table(answer),
            last_seq=int(answer.headers["Heat-Last-Seq"]),
            more=answer.headers["Heat-More"] == "true",
            epoch=answer.headers["Heat-Epoch"],
        )

    def directory(self) -> dict[str, Any]:
        """Directory, days off and thresholds, whole (service token)."""
        return self.get("/internal/v1/directory")

    def ledger(self, *, up_to: int | None = None) -> dict[str, Any]:
        """What the warehouse must add up to, as of one sequence number (service token)."""
        return self.get("/internal/v1/ledger", upTo=up_to)

    def retention(self) -> dict[str, Any]:
        """Remove what is older than ``retention.days`` (service token)."""
        return _object(self.request("POST", "/internal/v1/retention"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _object(answer: httpx.Response) -> dict[str, Any]:
    value = answer.json()
    if not isinstance(value, dict):
        raise ApiError(answer.status_code, "unexpected answer", "the answer is no JSON object")
    return value


def _table(answer: httpx.Response) -> "pa.Table":
    import pyarrow as pa

    with pa.ipc.open_stream(answer.content) as stream:
        return stream.read_all()


def _error_of(answer: httpx.Response) -> ApiError:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    title = str(body.get("title") or body.get("error") or answer.reason_phrase)
    detail = str(body.get("detail") or f"{title} (HTTP {answer.status_code})")
    errors = body.get("errors")
    wait = answer.headers.get("Retry-After", "")
    return ApiError(
        answer.status_code,
        title,
        detail,
        errors if isinstance(errors, list) else [],
        body=body,
        retry_after=float(wait) if wait.isdigit() else None,
    )
