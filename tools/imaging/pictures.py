"""Load pictures safely and save them atomically.

Knows file formats, EXIF and limits; must not know what a picture shows.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import secrets
import stat
import struct
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from tools.errors import BadPicture, StorageFailed
from tools.imaging.files import FORMATS, FORMATS_IN_WORDS
from tools.imaging.srgb import DEPTHS_REFUSED, as_srgb

MAX_PIXELS = 50_000_000
MAX_BYTES = 60_000_000
FIRST_FRAME_COUNTS = frozenset({"MPO", "HEIF", "TIFF", "GIF"})
"""Formats whose further frames are previews, depth maps, pages or a joke: the first is the photo."""
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, RuntimeError)
"""What the decoders say of bytes that are not what they should be."""


def load_picture(path: Path) -> Image.Image:
    """Read one picture as RGB, upright, without metadata.

    Raises:
        BadPicture: none of `FORMATS`, truncated, over 50 megapixels or 60 MB, or animated.
    """
    return decode_picture(picture_bytes(path), path.name)


def load_pictures(paths: Sequence[Path]) -> list[Image.Image]:
    """Read several pictures; see `load_picture`.

    Raises:
        BadPicture: some cannot be read; all of them are named.
    """
    pictures: list[Image.Image] = []
    unreadable: list[str] = []
    for path in paths:
        try:
            pictures.append(load_picture(path))
        except BadPicture as error:
            unreadable.append(str(error))
    if unreadable:
        raise BadPicture("; ".join(unreadable))
    return pictures


def picture_bytes(path: Path) -> bytes:
    """Read a file that should be a picture, as it is.

    Raises:
        BadPicture: no file, one that cannot be read, or one over 60 MB.
    """
    try:
        status = path.stat()
        # A device or a pipe may have no end, and reading one may never come back.
        if not stat.S_ISREG(status.st_mode):
            raise BadPicture(f"{path.name}: cannot be read (it is no file)")
        data = path.read_bytes() if status.st_size <= MAX_BYTES else None
    except OSError as error:
        raise BadPicture(f"{path.name}: cannot be read ({error.strerror})") from error
    if data is None:
        raise BadPicture(
            f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB; export a smaller file"
        )
    return data


def decode_picture(data: bytes, name: str) -> Image.Image:
    """Decode bytes of a picture; see `load_picture` for the limits."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_formats())
            _refuse_unsuitable(picture, name)
            picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise BadPicture(f"{name}: more than {MAX_PIXELS // 1_000_000} megapixels") from error
    except UnidentifiedImageError as error:
        # Its own words hold an address of this program's memory.
        raise BadPicture(f"{name}: not a readable {FORMATS_IN_WORDS} picture") from error
    except DAMAGE as error:
        raise BadPicture(f"{name}: not a readable {FORMATS_IN_WORDS} picture ({error})") from error
    result = as_srgb(_upright(picture))
    result.info.clear()
    return result


@cache
def _formats() -> tuple[str, ...]:
    """Pillow's names of what is read; HEIC is taught to it on the first use."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    return tuple(FORMATS)


def _refuse_unsuitable(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise BadPicture(
            f"{name}: {width}×{height} is over {MAX_PIXELS // 1_000_000} megapixels; scale it down"
        )
    if picture.format not in FIRST_FRAME_COUNTS and getattr(picture, "n_frames", 1) != 1:
        raise BadPicture(f"{name}: animated; give a single frame")
    if picture.mode in DEPTHS_REFUSED:
        raise BadPicture(f"{name}: 32 bits a channel; export it with 8 or 16")


def _upright(picture: Image.Image) -> Image.Image:
    """Turn the picture as its EXIF says; damaged EXIF says nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except (SyntaxError, ValueError, OSError, struct.error):
        return picture.copy()


def encode_png(picture: Image.Image, text: dict[str, str] | None = None) -> bytes:
    """PNG bytes with optional text chunks; the same picture and text give the same bytes."""
    info = PngImagePlugin.PngInfo()
    for key, value in sorted((text or {}).items()):
        info.add_itxt(key, value)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", pnginfo=info, compress_level=4)
    return buffer.getvalue()


def save_picture(picture: Image.Image, path: Path, text: dict[str, str] | None = None) -> None:
    """Write a PNG atomically.

    Raises:
        StorageFailed: the disk did not take it.
    """
    write_atomically(path, encode_png(picture, text))


def write_atomically(path: Path, data: bytes) -> None:
    """Write bytes beside `path`, then rename over it, so that no reader sees half a file.

    Raises:
        StorageFailed: disk full or folder not writable; nothing is left behind.
    """
    partial = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageFailed(f"cannot write {path}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write JSON atomically, keys in the order given, UTF-8, ending in a newline."""
    write_atomically(path, (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def picture_digest(picture: Image.Image) -> str:
    """SHA-256 over size and RGB pixels: the same for the same picture in any file format."""
    header = f"{picture.width}x{picture.height}:".encode()
    return hashlib.sha256(header + picture.convert("RGB").tobytes()).hexdigest()
