"""What a hub says of a file, held against the file; how files arrive is tested in `test_hub.py`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tools.backends.hub_files import HubFile

CONTENT = b"weights"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BLOB = hashlib.sha1(b"blob 7\0" + CONTENT, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("size", "sha256", "blob", "there"),
    [
        (7, SHA256, "", True),
        (7, "", BLOB, True),
        (7, "", "", True),
        (0, SHA256, "", True),
        (8, SHA256, "", False),
        (7, "0" * 64, "", False),
        (7, "", "0" * 40, False),
    ],
)
def test_a_file_is_there_if_its_size_and_digest_are(
    size: int, sha256: str, blob: str, there: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(CONTENT)
    assert HubFile(path.name, size, sha256, blob).is_at(path) is there


def test_a_file_that_is_not_there_is_not(tmp_path: Path) -> None:
    assert not HubFile("a", 7, SHA256, "").is_at(tmp_path / "a")
