"""Files named by their content, written whole or not at all.

Knows bytes, digests and the disk; must not know what a file shows or who uses it.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tools.errors import BadInput, StorageFailed, UnknownName
from tools.store.process import ProcessIdentity, this_process

PART = ".part"
CHUNK = 1 << 20
ABANDONED_S = 24 * 3600

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,15}")


@dataclass(frozen=True)
class StoredFile:
    """A file in the store."""

    digest: str
    """SHA-256 of its bytes in hexadecimal."""
    path: Path


class FileStore:
    """Content-addressed files under `root/objects/ab/cd/<sha256>.<suffix>`.

    A stored file never changes. Several processes may put at the same time.
    """

    def __init__(self, root: Path) -> None:
        """Open a store, make its folder, and remove what killed writers left half-written.

        Raises:
            StorageFailed: the folder cannot be made.
        """
        self._objects = root / "objects"
        try:
            self._objects.mkdir(parents=True, exist_ok=True)
            for part in self._objects.glob(f"*{PART}"):
                _sweep(part)
        except OSError as error:
            raise StorageFailed(f"cannot use the folder {root}: {error.strerror}") from error

    def put_bytes(self, data: bytes, suffix: str) -> StoredFile:
        """Store bytes; equal bytes with the same suffix are stored once.

        Args:
            data: What to store.
            suffix: With its dot, lower case: `.png`.

        Raises:
            StorageFailed: disk full or not writable; nothing half-written is left.
        """
        return self._put([data], suffix)

    def put_file(self, source: Path, suffix: str | None = None) -> StoredFile:
        """Store a copy of a file under its own suffix or the one given.

        Raises:
            BadInput: the file cannot be read.
            StorageFailed: disk full or not writable; nothing half-written is left.
        """
        return self._put(_chunks(source), suffix or source.suffix.lower())

    def path(self, digest: str, suffix: str | None = None) -> Path:
        """Return where a stored file lies; without a suffix, the first by name.

        Raises:
            UnknownName: no such file is stored.
        """
        folder = self._folder(digest)
        for path in sorted(folder.glob(f"{digest}.*")):
            if suffix is None or path.suffix == suffix:
                return path
        raise UnknownName(f"no stored file {digest[:12]}…; it was removed or never finished")

    def read(self, digest: str) -> bytes:
        """Return a stored file's bytes, checked against their digest.

        Raises:
            UnknownName: no such file is stored.
            StorageFailed: the bytes are not those that were stored.
        """
        data = self.path(digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(digest)
        return data

    def verify(self, digest: str) -> None:
        """Read a stored file again and hold it against its digest.

        Raises:
            UnknownName: no such file is stored.
            StorageFailed: the bytes are not those that were stored.
        """
        if _digest_of(self.path(digest)) != digest:
            raise _damaged(digest)

    def digests(self) -> Iterator[str]:
        """Go through all stored files in digest order."""
        for path in sorted(self._objects.glob("??/??/*")):
            yield path.stem

    def _put(self, chunks: Iterable[bytes], suffix: str) -> StoredFile:
        if not _SUFFIX.fullmatch(suffix):
            raise BadInput(f"{suffix!r} is no file suffix; expected a dot and letters, as .png")
        part = self._objects / f"{this_process()}~{uuid4().hex}{PART}"
        try:
            digest = _write(part, chunks)
            path = self._folder(digest) / f"{digest}{suffix}"
            # A damaged earlier copy is replaced; an intact one stays as it is.
            if path.is_file() and _digest_of(path) == digest:
                part.unlink()
            else:
                self._make_folder(path.parent)
                part.replace(path)
                _sync_folder(path.parent)
        except OSError as error:
            raise StorageFailed(
                f"cannot store a {suffix} file: {error.strerror}; free space in {self._objects}"
            ) from error
        finally:
            part.unlink(missing_ok=True)
        return StoredFile(digest=digest, path=path)

    def _folder(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise UnknownName(f"{digest!r} is no digest; expected 64 hexadecimal digits")
        return self._objects / digest[:2] / digest[2:4]

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder.parent)
            _sync_folder(self._objects)


def _chunks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise BadInput(f"{source.name}: cannot be read ({error.strerror})") from error


def _write(part: Path, chunks: Iterable[bytes]) -> str:
    hashed = hashlib.sha256()
    with part.open("xb") as file:
        for chunk in chunks:
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(part: Path) -> None:
    """Remove a part whose writer is gone; one that may still be written stays."""
    writer = ProcessIdentity.parse(part.name.partition("~")[0])
    # A writer of another machine or boot cannot be asked; none writes one file for a day.
    if writer.is_surely_dead() or time.time() - part.stat().st_mtime > ABANDONED_S:
        part.unlink(missing_ok=True)


def _damaged(digest: str) -> StorageFailed:
    return StorageFailed(f"the stored file {digest[:12]}… is damaged; store it again")
