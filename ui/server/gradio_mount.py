"""The page inside the server: Gradio with everything off that a studio has no use for.

Knows Gradio's switches; must not know what the page shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request

from tools.errors import Refused, StorageFailed
from ui.auth.logins import Logins
from ui.server.gradio_paths import MOUNT
from ui.server.options import ServeOptions
from ui.server.parts import PageLook
from ui.server.scope import viewer_in
from ui.viewer import Viewer

NO_UPLOADS = 1
"""Bytes; pictures are attached through `ui.server.uploads`, and Gradio's own way in is closed."""


def prepare_gradio(home: Path) -> None:
    """Set what Gradio reads from the environment when a page is built.

    Raises:
        StorageFailed: the folder of its temporary files cannot be made.
    """
    folder = home.resolve() / "gradio"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(f"cannot make {folder}: {error.strerror}") from error
    os.environ.update(
        GRADIO_TEMP_DIR=str(folder),
        GRADIO_ANALYTICS_ENABLED="False",
        GRADIO_RUN_HISTORY="False",
        GRADIO_SSR_MODE="False",
        GRADIO_MCP_SERVER="False",
        HF_HUB_DISABLE_TELEMETRY="1",
    )


def mount_page(app: FastAPI, page: gr.Blocks, look: PageLook, options: ServeOptions) -> None:
    """Mount a page under `/studio`.

    No file is served by Gradio: its route is closed at the door, and every path is blocked here
    too, so that no handler can hand one out by mistake.
    """
    gr.mount_gradio_app(
        app,
        page,
        path=MOUNT,
        server_name=options.host,
        server_port=options.port,
        auth_dependency=_name_of,
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
        allowed_paths=[],
        blocked_paths=[os.sep],
        show_error=False,
        max_file_size=NO_UPLOADS,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        pwa=False,
        mcp_server=False,
        theme=look.theme,
        css=look.css,
        js=look.js,
        head=look.head,
    )


def viewer_finder(logins: Logins) -> Callable[[gr.Request], Viewer]:
    """Return the function that says who sent an event, as the database knows him now."""

    def viewer_of(request: gr.Request) -> Viewer:
        viewer = logins.named(request.username or "")
        if viewer is None:
            raise Refused("this account is closed; sign in again")
        return viewer

    return viewer_of


def _name_of(request: Request) -> str | None:
    """The door has looked already; without it nobody is let in."""
    try:
        return viewer_in(request.scope).name
    except Refused:
        return None
