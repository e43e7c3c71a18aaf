"""Captions by a model that sees, over real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from agent.captioning import build_captioner
from agent.chat_model import ChatSettings, build_model
from tests.support.stub_openai import Reply, stub_openai
from tools.errors import FailedError
from tools.imaging.pictures import encode_png
from tools.store.files import FileStore


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def digests(files: FileStore) -> list[str]:
    colours = ("red", "green", "blue", "white", "black")
    pictures = [encode_png(Image.new("RGB", (64, 64), colour)) for colour in colours]
    return [files.put_bytes(data, ".png").digest for data in pictures]


def test_each_picture_is_described_by_a_call_of_its_own(
    files: FileStore, digests: list[str]
) -> None:
    with stub_openai(Reply("A woman in a doorway,\nfrontal view.")) as stub:
        model = build_model(ChatSettings(base_url=stub.url))
        captions = build_captioner(model, files)([*digests, digests[0]])

    assert captions == dict.fromkeys(digests, "A woman in a doorway, frontal view.")
    assert len(stub.requests) == 5
    [message] = stub.requests[0]["messages"]
    kinds = [block["type"] for block in message["content"]]
    assert kinds == ["text", "image_url"]
    assert message["content"][1]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert "tools" not in stub.requests[0]


def test_an_empty_word_leaves_the_picture_out(files: FileStore, digests: list[str]) -> None:
    with stub_openai(Reply("")) as stub:
        assert build_captioner(build_model(ChatSettings(base_url=stub.url)), files)(digests) == {}
        assert build_captioner(build_model(ChatSettings(base_url=stub.url)), files)([]) == {}


def test_a_call_that_fails_is_made_again(files: FileStore, digests: list[str]) -> None:
    with stub_openai(Reply(status=400), Reply("A man.")) as stub:
        model = build_model(ChatSettings(base_url=stub.url, max_retries=0))
        captions = build_captioner(model, files)(digests[:1])

    assert captions == {digests[0]: "A man."}
    assert len(stub.requests) == 2


def test_a_server_that_goes_on_failing_fails_the_captions(
    files: FileStore, digests: list[str]
) -> None:
    with stub_openai(Reply(status=400)) as stub:
        model = build_model(ChatSettings(base_url=stub.url, max_retries=0))
        with pytest.raises(FailedError, match=r"failed \(400\)"):
            build_captioner(model, files)(digests[:1])

    assert len(stub.requests) == 3
