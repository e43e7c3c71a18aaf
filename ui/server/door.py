"""The door: every request, whatever the route behind, passes here first.

Knows checks, logins and which paths are open; must not know what a route does. Closed by default:
who is not signed in reaches the login page and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.auth.logins import Logins
from ui.server.bodies import (
    BodyTooLong,
    counted,
    is_streamed,
    longest_body,
    read_body,
    replayed,
)
from ui.server.checks import Knock, is_from_another_site, is_from_this_computer, is_strange
from ui.server.gradio_paths import MOUNT, SESSION_BODIES, is_open
from ui.server.gradio_sessions import GradioSessions
from ui.server.headers import cache_rule, security_headers
from ui.server.scope import set_viewer, viewer_in
from ui.viewer import Viewer

COOKIE = "samecast_login"
LOGIN = "/login"
ACT = "/act/"
ACT_HEADER = "x-samecast"
"""Only a script of this page can send it: another site's form cannot."""

_FRONT = frozenset({"/", MOUNT, f"{MOUNT}/"})


class Door:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, logins: Logins, own_hosts: Collection[str]) -> None:
        """Guard an application.

        Args:
            app: what lies behind.
            logins: who may come in.
            own_hosts: hosts under which others reach this page (a domain, a share link).
        """
        self._app = app
        self._logins = logins
        self._own_hosts = own_hosts
        self._sessions = GradioSessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(scope["path"], send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        knock = _knock(scope)
        refusal = self._wrong_kind(knock)
        if refusal is None:
            viewer = await run_in_threadpool(self._logins.holder, token_of(knock.headers))
            refusal = self._not_welcome(knock, viewer)
            if viewer is not None:
                set_viewer(scope, viewer)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            await self._app(scope, await self._checked_body(scope, receive, knock), send)
        except BodyTooLong:
            await refuse(413, "too much at once; send less")(scope, receive, send)
        except _NotYours:
            await refuse(403, "this session is another person's")(scope, receive, send)
        except _Unreadable:
            await refuse(400, "this is nothing that the page sends")(scope, receive, send)

    def _wrong_kind(self, knock: Knock) -> Response | None:
        """What is refused whoever sent it."""
        if is_strange(knock):
            return refuse(404, "no such page")
        if is_from_another_site(knock, self._own_hosts):
            return refuse(403, "this came from another site's page; open this one itself")
        if knock.path.startswith(ACT) and knock.headers.get(ACT_HEADER) != "1":
            return refuse(403, "actions are for this page's own buttons")
        if _length(knock.headers) > longest_body(knock.path):
            return refuse(413, "too much at once; send less")
        return None

    def _not_welcome(self, knock: Knock, viewer: Viewer | None) -> Response | None:
        """What is refused to this person."""
        if viewer is None:
            return None if knock.path == LOGIN else _sign_in_first(knock)
        if viewer.user_id is None and not is_from_this_computer(knock):
            return refuse(
                403,
                "without accounts this page answers only on this computer, at 127.0.0.1 or "
                "localhost; add accounts with `samecast user add`",
            )
        if knock.path.startswith(f"{MOUNT}/") and not is_open(
            knock.method, knock.path.removeprefix(MOUNT)
        ):
            return refuse(404, "no such page")
        return None

    async def _checked_body(self, scope: Scope, receive: Receive, knock: Knock) -> Receive:
        longest = longest_body(knock.path)
        if is_streamed(knock.path):
            return counted(receive, longest)
        if knock.path.startswith(MOUNT) and knock.method in ("GET", "HEAD"):
            self._require_own(_sessions_in_address(scope, knock.path), scope)
            return receive
        body = await read_body(receive, longest)
        if SESSION_BODIES.fullmatch(knock.path.removeprefix(MOUNT)):
            self._require_own(_sessions_in_body(body), scope)
        return replayed(body, receive)

    def _require_own(self, session_hashes: Sequence[str], scope: Scope) -> None:
        for session_hash in session_hashes:
            if not self._sessions.belongs_to(session_hash, viewer_in(scope).name):
                raise _NotYours


class _NotYours(Exception):
    """A session of Gradio that another person uses; only the door sees this."""


class _Unreadable(Exception):
    """A body nested so deep that reading it would break the program that reads it."""


def token_of(headers: Headers) -> str | None:
    """Return the login's token from a request's cookies."""
    return cookie_of(headers, COOKIE)


def cookie_of(headers: Headers, name: str) -> str | None:
    """Return the value of a cookie, if it was sent."""
    return cookie_parser(headers.get("cookie", "")).get(name)


def refuse(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    """Return an error as every route here gives it."""
    return JSONResponse({"error": why}, status_code=status, headers=headers)


def _sign_in_first(knock: Knock) -> Response:
    if knock.method in ("GET", "HEAD") and knock.path in _FRONT:
        return RedirectResponse(LOGIN, status_code=303)
    return refuse(401, "sign in first")


def _knock(scope: Scope) -> Knock:
    client = scope.get("client")
    return Knock(
        method=scope["method"],
        path=scope["path"],
        headers=Headers(scope=scope),
        client=client[0] if client else None,
    )


def _length(headers: Headers) -> int:
    """What a body says of itself; it is counted too while it is read."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _sessions_in_address(scope: Scope, path: str) -> list[str]:
    """All that are named: which of two Gradio reads is not to be guessed."""
    before, found, name = path.partition("/gradio_api/heartbeat/")
    in_path = [name] if found and before == MOUNT else []
    return in_path + QueryParams(scope["query_string"]).getlist("session_hash")


def _sessions_in_body(body: bytes) -> list[str]:
    """A body that is no object with a session has none; Gradio answers it as it likes."""
    try:
        sent = json.loads(body)
    except ValueError:
        return []
    except RecursionError as error:
        raise _Unreadable from error
    named = sent.get("session_hash") if isinstance(sent, dict) else None
    return [named] if isinstance(named, str) else []


def _with_headers(path: str, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in security_headers(path).items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", cache_rule(path))
            for name in [each for each in headers if each.startswith("access-control-")]:
                del headers[name]
        await send(message)

    return sending
