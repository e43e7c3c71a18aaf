from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tools.errors import FailedError
from ui.server.share import open_link


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("Could not get share link from Gradio API Server."), "Could not get share"),
        (httpx.ConnectError("no route"), "no route"),
        (ValueError("Could not create share URL.\nlog of frpc"), r"Could not create share URL\.$"),
        (OSError(), "OSError"),
    ],
)
def test_a_share_link_that_cannot_be_made_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, reason: str
) -> None:
    def fail(**_: object) -> str:
        raise error

    monkeypatch.setattr("gradio.networking.setup_tunnel", fail)
    with pytest.raises(FailedError, match=f"no share link could be made: {reason}"):
        open_link(7860, tmp_path / "gradio")


def test_a_share_link_leads_to_the_port_of_the_page_by_https(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, object] = {}

    def tunnel(**arguments: object) -> str:
        asked.update(arguments)
        Path("certificate.pem").write_text("")
        return "http://abc.gradio.live"

    monkeypatch.setattr("gradio.networking.setup_tunnel", tunnel)
    assert open_link(7861, tmp_path / "gradio") == "https://abc.gradio.live"
    assert (asked["local_host"], asked["local_port"]) == ("127.0.0.1", 7861)
    assert len(str(asked["share_token"])) >= 32
    assert (tmp_path / "gradio" / "certificate.pem").is_file(), "not where the command was typed"
