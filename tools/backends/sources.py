"""Where a base's weights come from: a diffusers folder, a checkpoint in one file, or the hub.

Knows what a person may give as a source; must not know rows, nor what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.backends.hub import HUB_ID, download
from tools.backends.single_file import content_digest, unpack
from tools.errors import BadInput


@dataclass(frozen=True)
class Fetched:
    """Weights on this disk."""

    source: str
    """What was given; a path of a file in full."""
    revision: str
    """What of it; empty where nobody can say, as of a folder."""
    folder: Path
    """In diffusers' layout."""


def fetch(source: str, place: Path, *, half: bool, configurations: Path | None = None) -> Fetched:
    """Make a source a diffusers folder on this disk.

    A folder is referenced where it is, never copied; a file is unpacked into `place`, and a hub id
    downloaded into it.

    Args:
        source: path of a diffusers folder or a checkpoint, or hub id `owner/name`.
        place: the folder for what is made.
        half: prefer fp16 weights of the hub.
        configurations: as of `single_file.unpack`.

    Raises:
        BadInput: it is none of these, or a file that is no SDXL checkpoint.
        BaseUnavailable: the download failed.
        StorageFailed: no room for it.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        return Fetched(source, "", path.resolve())
    if path.is_file():
        return _unpacked(path.resolve(), place, configurations)
    if not HUB_ID.fullmatch(source):
        raise BadInput(
            f"{source}: neither a folder nor a .safetensors file nor a hub id of the form owner/name"
        )
    return Fetched(source, "", download(source, place, half=half))


def _unpacked(file: Path, place: Path, configurations: Path | None) -> Fetched:
    folder = unpack(file, place, configurations)
    return Fetched(str(file), content_digest(file), folder)
