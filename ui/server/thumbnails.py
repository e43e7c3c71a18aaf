"""Small copies of stored pictures, made once.

Knows sizes and a folder; must not know who may look.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

from PIL import Image

from tools.imaging.pictures import decode_picture, picture_bytes, write_atomically
from tools.imaging.provenance import sketch_packet
from tools.store.files import FileStore

ThumbnailSize = Literal[256, 512, 1024]
SIZES: frozenset[int] = frozenset({256, 512, 1024})
"""Longest sides in pixels."""
QUALITY = 82


class Thumbnails:
    """WebP copies under `root/ab/<digest>-<size>.webp`; they may be deleted at any time."""

    def __init__(self, root: Path, files: FileStore) -> None:
        """Use a folder, which is made when the first copy is."""
        self._root = root
        self._files = files

    def path(self, digest: str, size: ThumbnailSize) -> Path:
        """Return a copy whose longest side is at most `size` pixels; a smaller picture stays so.

        Raises:
            UnknownName: no such picture is stored.
            BadPicture: the stored file is no picture.
            StorageFailed: the copy cannot be written.
        """
        source = self._files.path(digest, ".png")
        path = self._root / digest[:2] / f"{digest}-{size}.webp"
        if not path.is_file():
            write_atomically(path, _webp(source, size))
        return path


def _webp(source: Path, size: int) -> bytes:
    data = picture_bytes(source)
    picture = decode_picture(data, source.name)
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    # A sketch that is saved from the page must still say that it is one.
    picture.save(buffer, "WEBP", quality=QUALITY, method=4, xmp=sketch_packet(data) or b"")
    return buffer.getvalue()
