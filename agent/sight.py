"""Stored pictures as a chat model takes them: small, without metadata, for one call only.

Knows files and encodings; must not know what is asked about a picture.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from tools.imaging.pictures import decode_picture
from tools.store.files import FileStore

MAX_SIDE = 768
MAX_PICTURES = 4
QUALITY = 85


def picture_blocks(files: FileStore, digests: Sequence[str]) -> list[dict[str, Any]]:
    """Return image blocks of the first few pictures, as JPEG of at most 768 pixels a side."""
    return [picture_block(files.read(digest)) for digest in digests[:MAX_PICTURES]]


def picture_block(data: bytes) -> dict[str, Any]:
    """Return one image block.

    Raises:
        BadPicture: the bytes are no picture.
    """
    picture = decode_picture(data, "picture")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=QUALITY)
    text = base64.b64encode(jpeg.getvalue()).decode("ascii")
    return {"type": "image", "base64": text, "mime_type": "image/jpeg"}
