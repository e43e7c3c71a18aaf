"""Whether a disk has room for what is about to be written on it; asked before, not found out in the middle.

Knows folders and bytes; must not know what the bytes are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.errors import StorageFailed

_SPARE = 1_000_000_000
"""Bytes that stay free: a database and pictures are on the same disk."""
_GB = 1e9


def check_room(folder: Path, needed: int, what: str) -> None:
    """Check that a folder's disk takes so many bytes and keeps 1 GB free.

    Args:
        folder: where they go; it need not exist yet.
        needed: bytes.
        what: they are, for the message.

    Raises:
        StorageFailed: says the needed and the free GB.
    """
    place = next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
    free = shutil.disk_usage(place).free
    if needed and free < needed + _SPARE:
        raise StorageFailed(
            f"{what} needs {(needed + _SPARE) / _GB:.1f} GB and the disk of {place} has "
            f"{free / _GB:.1f} GB free; make room, or set SAMECAST_HOME to another disk"
        )
