"""The whole server of one studio, put together.

Knows which part goes where; holds no logic of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import gradio as gr
from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse

from agent.conversation.turns import ConversationRunner
from tools.compose import Studio
from tools.store.model import now
from ui.auth.browsers import KnownBrowsers
from ui.auth.guard import Guard
from ui.auth.logins import Logins
from ui.auth.passwords import Passwords
from ui.server import actions, deliveries, login, media, uploads
from ui.server.answers import add_answers
from ui.server.door import Door
from ui.server.gradio_mount import mount_page, prepare_gradio, viewer_finder
from ui.server.gradio_paths import MOUNT
from ui.server.options import ServeOptions
from ui.server.parts import PageLook, PageParts
from ui.server.secret import read_secret
from ui.server.thumbnails import Thumbnails
from ui.server.turns import LiveTurns

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="11" '
    'fill="none" stroke="#d9a441" stroke-width="5"/></svg>'
)
"""A circled take."""


def build_app(
    studio: Studio,
    runner: ConversationRunner,
    options: ServeOptions,
    build_page: Callable[[PageParts], gr.Blocks],
    *,
    turns: LiveTurns | None = None,
    look: PageLook | None = None,
    passwords: Passwords | None = None,
    clock: Callable[[], datetime] = now,
) -> FastAPI:
    """Return the server of a studio.

    Args:
        studio: what is served.
        runner: runs turns of conversations.
        options: where it will listen; without accounts only a local one lets anybody in.
        build_page: `ui.page.layout.build_page`, or a smaller page.
        turns: what runs turns in the background; None is one of its own.
        look: of the page; None is Gradio's own.
        passwords: None hashes with Argon2id.
        clock: the present moment in UTC, for logins.

    Raises:
        StorageFailed: the home folder cannot be written.
    """
    services = studio.services
    prepare_gradio(services.settings.home)
    secret = read_secret(services.settings.home)
    logins = Logins(
        services.database,
        passwords or Passwords(),
        clock=clock,
        accounts_only=not options.is_local,
        browsers=KnownBrowsers(secret),
    )
    guard = Guard(services.database, logins)
    links = media.MediaLinks(secret)
    turns = turns or LiveTurns()
    parts = PageParts(
        studio=studio,
        runner=runner,
        turns=turns,
        media=links,
        guard=guard,
        viewer_of=viewer_finder(logins),
        options=options,
    )
    thumbnails = Thumbnails(services.settings.home / "thumbs", services.files)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    add_answers(app)
    app.include_router(login.build_router(logins, options, clock=clock))
    app.include_router(media.build_router(links, guard, services.files, thumbnails))
    app.include_router(uploads.build_router(studio, guard, links))
    app.include_router(actions.build_router(studio, runner, turns, guard))
    app.include_router(deliveries.build_router(studio, guard))
    app.add_api_route("/favicon.ico", _icon, methods=["GET"])
    for front in ("/", MOUNT):
        app.add_api_route(front, _to_the_page, methods=["GET"])
    mount_page(app, build_page(parts), look or PageLook(), options)
    app.add_middleware(Door, logins=logins, own_hosts=options.own_hosts)
    return app


def _icon() -> Response:
    return Response(ICON, media_type="image/svg+xml")


def _to_the_page() -> RedirectResponse:
    return RedirectResponse(f"{MOUNT}/", status_code=303)
