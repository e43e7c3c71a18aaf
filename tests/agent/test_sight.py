"""Pictures as a chat model takes them."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from agent.sight import MAX_PICTURES, MAX_SIDE, picture_block, picture_blocks
from tests.support.chat import ChatMaker
from tools.errors import BadInput
from tools.imaging.pictures import encode_png


def seen(block: dict[str, str]) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(block["base64"])))


def test_a_picture_is_made_small_and_keeps_its_shape_and_no_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "the address of the director"
    Image.new("RGB", (1536, 768), "red").save(tmp_path / "a.jpg", exif=exif)

    block = picture_block((tmp_path / "a.jpg").read_bytes())

    assert (block["type"], block["mime_type"]) == ("image", "image/jpeg")
    assert seen(block).size == (MAX_SIDE, MAX_SIDE // 2)
    assert not seen(block).getexif()
    assert b"address" not in base64.b64decode(block["base64"])


def test_a_small_picture_is_not_blown_up() -> None:
    assert seen(picture_block(encode_png(Image.new("RGB", (20, 10))))).size == (20, 10)


def test_only_the_first_few_of_many_pictures_are_shown(chat: ChatMaker) -> None:
    files = chat().studio.services.files
    digests = [
        files.put_bytes(encode_png(Image.new("RGB", (4 + n, 4))), ".png").digest for n in range(6)
    ]

    blocks = picture_blocks(files, digests)

    assert [seen(block).size[0] for block in blocks] == [4, 5, 6, 7]
    assert len(blocks) == MAX_PICTURES


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(BadInput, match="picture"):
        picture_block(b"no picture")
