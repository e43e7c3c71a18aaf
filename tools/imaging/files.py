"""Which files are pictures, which a computer leaves beside them, and which are neither.

The one list of formats: what is decoded, what a folder is searched for and what the page's file
dialogue offers all come from it. Must not know how a picture is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from tools.errors import BadPicture

FORMATS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg", ".jfif", ".jpe"),
    "HEIF": (".heic", ".heif", ".hif"),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "TIFF": (".tif", ".tiff"),
    "BMP": (".bmp",),
    "GIF": (".gif",),
}
"""Pillow's name of each format that is read, with the endings of its files."""
FORMATS_IN_WORDS = "PNG, JPEG, HEIC, WebP, AVIF, TIFF, BMP or GIF"
SUFFIXES = frozenset(suffix for suffixes in FORMATS.values() for suffix in suffixes)
LEFT_BY_COMPUTERS = frozenset(
    {".ds_store", "__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir"}
)
"""Files and folders that macOS, Windows and disk stations put beside pictures, in small letters."""
MAC_SHADOW = "._"
"""How macOS begins the name of the file that holds another's attributes."""


@dataclass(frozen=True)
class SortedFolder:
    """What lies directly in a folder, in name order; hidden files and a computer's own are not in it."""

    pictures: tuple[Path, ...]
    others: tuple[Path, ...]
    """Files and folders that are no pictures by their name."""


def is_left_by_computer(path: PurePath) -> bool:
    """Whether a file, or a folder above it, was put there by the computer and by nobody else."""
    return path.name.startswith(MAC_SHADOW) or any(
        part.lower() in LEFT_BY_COMPUTERS for part in path.parts
    )


def sort_folder(folder: Path) -> SortedFolder:
    """Tell pictures from everything else in a folder.

    Raises:
        BadPicture: the folder cannot be read.
    """
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise BadPicture(f"{folder.name}: cannot be read ({error.strerror})") from error
    seen = [
        path
        for path in found
        if not path.name.startswith(".") and not is_left_by_computer(PurePath(path.name))
    ]
    pictures = tuple(path for path in seen if path.suffix.lower() in SUFFIXES and path.is_file())
    return SortedFolder(pictures, tuple(path for path in seen if path not in pictures))
