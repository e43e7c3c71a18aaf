from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from agent.context import ChatContext
from agent.toolkit import add_base as tool
from agent.toolkit.add_base import AddBase
from tools.backends import bases
from tools.backends.hub import download
from tools.contracts.progress import ignore_progress
from tools.errors import BaseUnavailable, UnknownName


def add(context: ChatContext, base: str) -> str:
    return tool.add_base(AddBase(base=base), context, ignore_progress).text


@pytest.mark.parametrize("base", ["maquette", "micro"])
def test_what_can_draw_already_is_said_to_be_there(context: ChatContext, base: str) -> None:
    assert add(context, base).startswith(f"{base} is installed already: ")


def test_a_name_that_is_no_base(context: ChatContext) -> None:
    with pytest.raises(UnknownName, match="no base named 'midjourney'; known: maquette, sdxl"):
        add(context, "midjourney")


class Nothing(BaseHTTPRequestHandler):
    """A hub that has nothing."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def empty_hub() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_download_that_fails_is_a_failed_service_and_nothing_is_installed(
    context: ChatContext, monkeypatch: pytest.MonkeyPatch, empty_hub: str
) -> None:
    monkeypatch.setattr(bases, "download", partial(download, endpoint=empty_hub))
    with pytest.raises(BaseUnavailable, match=r"could not be downloaded .* check the id, the net"):
        add(context, "sdxl")
    assert not context.services.catalog.status("sdxl").usable
