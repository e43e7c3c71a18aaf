"""Listen, serve, and end in order.

Knows sockets, uvicorn and signals; must not know what is served.
"""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import uvicorn
from fastapi import FastAPI

from tools.errors import BadInput, Refused
from tools.store.database import Database
from tools.store.user import list_users
from ui.server.options import ServeOptions

END_S = 1
"""Seconds that open connections get when the program ends."""


def require_accounts(database: Database, options: ServeOptions) -> None:
    """Refuse to serve others while there are no accounts.

    Raises:
        Refused: others could reach the page and nobody would have to sign in.
    """
    if options.is_local:
        return
    with database.reading() as session:
        able = [user for user in list_users(session=session) if not user.disabled]
    if not able:
        raise Refused(
            "others could reach this page, and there are no accounts yet; make one with "
            "`samecast user add NAME --role director`, then start again"
        )


def listen(options: ServeOptions) -> tuple[socket.socket, ServeOptions]:
    """Open the port; return it and the options with the port that it got.

    Raises:
        BadInput: the address cannot be listened on, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        opened = socket.create_server((options.host, options.port), family=family)
    except OSError as error:
        raise BadInput(
            f"cannot listen on {options.host} port {options.port} ({error.strerror}); "
            "give another --port"
        ) from error
    return opened, replace(options, port=opened.getsockname()[1])


def address_of(options: ServeOptions) -> str:
    """Return the address to type into a browser on this computer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(options.host, options.host)
    return f"http://{host}:{options.port}"


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, app: FastAPI, started: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            # The parser that bounds a request's head, whichever others are installed.
            http="h11",
            ws="none",
            # Who is behind a proxy is never asked, so that nobody can claim to be local.
            proxy_headers=False,
            timeout_graceful_shutdown=END_S,
        )
        super().__init__(config)
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Every open tab holds a stream, and cutting it at the end is no error to tell.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets=sockets)


def serve(app: FastAPI, opened: socket.socket, started: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `started` is called once it answers."""
    # uvicorn raises the signal again when it is done: without this the program would end there.
    signal.signal(signal.SIGTERM, _leave)
    _Server(app, started).run(sockets=[opened])


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
