"""Signing in with a HEAT token: a plain page, a cookie, and the token kept by the server.

The browser holds a random session id (HttpOnly, SameSite=Strict); the token itself stays in
this process's memory, so a restart signs everybody out. What a session may see is asked of the
API at every run: here is only who came with which token.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from analytics_app import api
from analytics_app.theme import LIGHT
from heat.settings import Settings

COOKIE = "heat_session"
PATH = "/sign-in"
OUT_PATH = "/sign-out"
MAX_AGE_SECONDS = 12 * 3600
MAX_SESSIONS = 10_000
MAX_FORM_BYTES = 4_096


@dataclass
class Sessions:
    """Session id → token, until it is too old.

    >>> sessions = Sessions()
    >>> sessions.token(sessions.open("heat_ab_cd"))
    'heat_ab_cd'
    """

    _held: dict[str, tuple[str, float]] = field(default_factory=dict)

    def open(self, token: str) -> str:
        """Keep a token; the answer is what the browser gets."""
        now = time.monotonic()
        for key in [k for k, (_, at) in self._held.items() if now - at > MAX_AGE_SECONDS]:
            self.close(key)
        while len(self._held) >= MAX_SESSIONS:
            self.close(next(iter(self._held)))
        session = secrets.token_urlsafe(32)
        self._held[session] = (token, now)
        return session

    def token(self, session: str | None) -> str | None:
        """The token of a session, or ``None`` if there is no such session any more."""
        token, at = self._held.get(session or "", ("", 0.0))
        return token if token and time.monotonic() - at <= MAX_AGE_SECONDS else None

    def close(self, session: str | None) -> None:
        """Forget a session; an unknown one is no matter."""
        self._held.pop(session or "", None)


SESSIONS = Sessions()


def token_of(session: str | None) -> str | None:
    """The token behind a browser's cookie."""
    return SESSIONS.token(session)


def address(came_from: str | None, params: Mapping[str, str]) -> str:
    """The sign-in page, which leads back to where the person wanted to go.

    >>> address("http://127.0.0.1:8501/team", {"team": "web"})
    '/sign-in?next=%2Fteam%3Fteam%3Dweb'
    """
    path = urlsplit(came_from or "/").path or "/"
    wanted = path + (f"?{urlencode(dict(params))}" if params else "")
    return f"{PATH}?next={quote(wanted, safe='')}"


def routes(settings: Settings) -> list[Route]:
    """The addresses of signing in and out; none in demo mode."""
    if settings.app_sign_in != "token":
        return []

    async def show(request: Request) -> Response:
        return _page(_local(request.query_params.get("next")))

    async def enter(request: Request) -> Response:
        if not _same_site(request):
            return HTMLResponse("Sign in on HEAT's own page.", status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM_BYTES:
                return HTMLResponse("Too long for a token.", status_code=413)
        form = parse_qs(body.decode("utf-8", "replace"))
        wanted = _local(form.get("next", ["/"])[0])
        token = form.get("token", [""])[0].strip()
        problem = await run_in_threadpool(_problem_with, settings, token)
        if problem:
            return _page(wanted, problem)
        response = RedirectResponse(wanted, status_code=303)
        response.set_cookie(
            COOKIE,
            SESSIONS.open(token),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def leave(request: Request) -> Response:
        if not _same_site(request):
            return HTMLResponse("Sign out on HEAT's own page.", status_code=403)
        SESSIONS.close(request.cookies.get(COOKIE))
        response = RedirectResponse(PATH, status_code=303)
        response.delete_cookie(COOKIE)
        return response

    return [
        Route(PATH, show, methods=["GET"]),
        Route(PATH, enter, methods=["POST"]),
        Route(OUT_PATH, leave, methods=["GET"]),
    ]


def _problem_with(settings: Settings, token: str) -> str | None:
    if not token or not token.isascii() or not token.isprintable():
        return "Paste a token that begins with heat_."
    try:
        api.as_token(settings, token).me()
    except api.NoAnswer as no:
        return "HEAT does not know this token." if no.kind == "signed_out" else no.sentence
    return None


def _same_site(request: Request) -> bool:
    # a foreign page must not sign somebody in or out; browsers that say nothing show an Origin
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _local(wanted: str | None) -> str:
    # only a path of this app: "//host" and "/\host" lead elsewhere
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return "/"
    return wanted if wanted.isprintable() else "/"


def _page(wanted: str, problem: str = "") -> HTMLResponse:
    said = f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else ""
    html = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>HEAT: sign in</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark; font-family: "Source Sans", system-ui, sans-serif; }}
body {{ display: grid; place-items: center; min-height: 90vh; margin: 0 1rem; }}
form {{ max-width: 24rem; width: 100%; }}
h1 {{ margin: 0 0 .2rem; }} label {{ display: block; margin: 1.2rem 0 .3rem; }}
input, button {{ width: 100%; box-sizing: border-box; font: inherit; padding: .6rem .8rem;
  border-radius: 10px; border: 1px solid #8894a3; }}
button {{ margin-top: .8rem; background: {LIGHT.blue}; color: #fff; border: 0; cursor: pointer; }}
.bad {{ border-left: 4px solid {LIGHT.bands["critical"].fill}; padding-left: .7rem; }}
</style></head><body><form method="post" action="{PATH}">
<h1>HEAT</h1><p>Sign in with your own HEAT token. It stays on this server.</p>{said}
<input type="hidden" name="next" value="{escape(wanted)}">
<label for="token">Token</label>
<input id="token" name="token" type="password" required autofocus autocomplete="off"
  placeholder="heat_…"><button>Sign in</button>
<p><small>No token yet? Whoever runs HEAT makes one:
<code>heat token create --user you --role developer</code></small></p>
</form></body></html>"""
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(html, status_code=401 if problem else 200, headers=headers)
