"""The studio's secret, which signs the addresses of its pictures.

Knows one file in the home folder; must not know what is signed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from tools.errors import StorageFailed

BYTES = 32
NAME = "secret.key"


def read_secret(home: Path) -> bytes:
    """Return the studio's secret; made on first use, readable by its owner only.

    Several processes may ask at once: the first one's secret is the one that all get.

    Raises:
        StorageFailed: the file cannot be made or is not a secret.
    """
    path = home / NAME
    try:
        if not path.exists():
            _make(path)
        secret = bytes.fromhex(path.read_text())
    except (OSError, ValueError) as error:
        raise StorageFailed(f"cannot use {path} ({error}); delete it to make a new one") from error
    if len(secret) != BYTES:
        raise StorageFailed(f"{path} is no secret of {BYTES} bytes; delete it to make a new one")
    return secret


def _make(path: Path) -> None:
    """Write beside, then link: the name appears with all its content, and never replaces another."""
    partial = path.with_name(f".{token_hex(8)}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(token_hex(BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
    finally:
        partial.unlink()
