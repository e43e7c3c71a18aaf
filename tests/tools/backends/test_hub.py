from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tools.backends.hub import HUB_ID, download, wanted_files
from tools.errors import BaseUnavailable

REPOSITORY = [
    "model_index.json",
    "README.md",
    "LICENSE.md",
    "DreamShaperXL.safetensors",
    "preview.png",
    "scheduler/scheduler_config.json",
    "tokenizer/merges.txt",
    "unet/config.json",
    "unet/diffusion_pytorch_model.safetensors",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "unet/diffusion_pytorch_model.bin",
    "vae/config.json",
    "vae/diffusion_pytorch_model.safetensors",
    "vae_1_0/sub/weights.safetensors",
]


def test_one_set_of_safetensors_is_wanted_and_no_pickles() -> None:
    half = wanted_files(REPOSITORY, half=True)
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in half
    assert "unet/diffusion_pytorch_model.safetensors" not in half
    assert "vae/diffusion_pytorch_model.safetensors" in half
    assert not any(name.endswith((".bin", ".png")) for name in half)
    assert "DreamShaperXL.safetensors" not in half
    assert {"model_index.json", "README.md", "LICENSE.md", "tokenizer/merges.txt"} <= set(half)


def test_full_precision_leaves_the_half_files() -> None:
    full = wanted_files(REPOSITORY, half=False)
    assert "unet/diffusion_pytorch_model.safetensors" in full
    assert not any(".fp16" in name for name in full)


@pytest.mark.parametrize("text", ["owner", "owner/", "a/b/c", "/abs/path", "own er/x", "../x/y"])
def test_what_is_no_hub_id(text: str) -> None:
    assert not HUB_ID.fullmatch(text)


class _Nothing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def empty_hub() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Nothing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_failed_download_says_what_to_check(empty_hub: str, tmp_path: Path) -> None:
    with pytest.raises(
        BaseUnavailable, match=r"owner/name could not be downloaded .* check the id"
    ):
        download("owner/name", tmp_path / "base", half=True, endpoint=empty_hub)
