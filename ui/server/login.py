"""Sign in and out over HTTP: the form, the cookie, and how long to wait after wrong tries.

Knows cookies and status codes; must not know passwords or tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from tools.store.login import LIFETIME
from tools.store.model import now
from ui.auth.logins import DoorShut, Logins, SignedIn
from ui.server.door import COOKIE, LOGIN, cookie_of, token_of
from ui.server.gradio_paths import MOUNT
from ui.server.login_page import login_page
from ui.server.options import LOCAL_HOSTS, ServeOptions

BROWSER_COOKIE = "samecast_browser"
BROWSER_LIFETIME = timedelta(days=365)

_WRONG = "The name or the password is wrong."


def build_router(
    logins: Logins, options: ServeOptions, *, clock: Callable[[], datetime] = now
) -> APIRouter:
    """Return the routes `/login` and `/logout`."""
    router = APIRouter()

    @router.get(LOGIN)
    def show(request: Request) -> Response:
        if logins.holder(token_of(request.headers)) is not None:
            return RedirectResponse(f"{MOUNT}/", status_code=303)
        return login_page()

    @router.post(LOGIN)
    def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
    ) -> Response:
        tried = logins.sign_in(name, password, cookie_of(request.headers, BROWSER_COOKIE))
        if isinstance(tried, SignedIn):
            # The login that this one takes the place of must not live on where nobody sees it.
            logins.sign_out(token_of(request.headers) or "")
            answer = RedirectResponse(f"{MOUNT}/", status_code=303)
            secure = is_secure(request, options)
            _set_cookie(answer, COOKIE, tried.token, LIFETIME, secure=secure)
            _set_cookie(answer, BROWSER_COOKIE, tried.browser, BROWSER_LIFETIME, secure=secure)
            return answer
        if isinstance(tried, DoorShut):
            wait = max(1, ceil((tried.until - clock()).total_seconds()))
            message = f"Too many wrong tries; try again in {wait} seconds."
            return login_page(message, status=429, headers={"Retry-After": str(wait)})
        return login_page(_WRONG, status=401)

    @router.post("/logout")
    def sign_out(request: Request) -> Response:
        token = token_of(request.headers)
        if token is not None:
            logins.sign_out(token)
        answer = RedirectResponse(LOGIN, status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return router


def is_secure(request: Request, options: ServeOptions) -> bool:
    """Say whether the browser came by https: the cookie must then never travel without.

    A proxy in front may hide it; the browser itself says it in the form's Origin header.
    """
    if request.url.scheme == "https" or request.headers.get("origin", "").startswith("https:"):
        return True
    reached_by_others = options.share or options.domain is not None
    return reached_by_others and request.url.hostname not in LOCAL_HOSTS


def _set_cookie(
    answer: Response, name: str, value: str, lifetime: timedelta, *, secure: bool
) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )
