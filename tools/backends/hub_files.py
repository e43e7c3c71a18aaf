"""Brings files of a hub's repository to this disk, whole, going on where a broken download stopped.

Knows names, sizes and digests; must not know what the files are.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from tools.backends.room import check_room
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BaseUnavailable

if TYPE_CHECKING:
    from huggingface_hub import HfApi

STAGE = "download"
_MB = 1_000_000
_CHUNK = 1 << 24


@dataclass(frozen=True)
class HubFile:
    """One wanted file, as the hub describes it."""

    name: str
    size: int
    """Bytes; 0 where the hub does not say."""
    sha256: str
    """Of the content, for weights; empty for texts."""
    blob: str
    """Git's id of the content, for texts."""

    def is_at(self, path: Path) -> bool:
        """Whether a file holds just this content, by its digest; size alone where the hub says none."""
        if not path.is_file() or (self.size and path.stat().st_size != self.size):
            return False
        if self.sha256:
            return _digest(path, hashlib.sha256()) == self.sha256
        if self.blob:
            start = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
            return _digest(path, start) == self.blob
        return True


def fetch_all(
    hub: HfApi,
    hub_id: str,
    commit: str,
    files: list[HubFile],
    places: tuple[Path, Path],
    progress: ProgressSink,
) -> None:
    """Bring every file into the second place; what is in the first already is linked from there."""
    folder, partial = places
    for file in files:
        _take_over(file, folder / file.name, partial / file.name)
    missing = [file for file in files if not file.is_at(partial / file.name)]
    begun = sum(_size(_unfinished(partial / file.name)) for file in missing)
    total = sum(file.size for file in files)
    check_room(folder.parent, sum(file.size for file in missing) - begun, f"downloading {hub_id}")
    count = _Count(total, total - sum(file.size for file in missing), progress)
    for file in missing:
        count.note = file.name
        _fetch(hub, hub_id, commit, file, partial / file.name, count)


def _take_over(file: HubFile, old: Path, new: Path) -> None:
    if new.exists() or not file.is_at(old):
        return
    new.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # a disk without hard links fetches it again
        os.link(old, new)


def _fetch(hub: HfApi, hub_id: str, commit: str, file: HubFile, path: Path, count: _Count) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _unfinished(path)
    done = _size(unfinished)
    count.update(done)
    with unfinished.open("ab") as opened:
        http_get(
            hf_hub_url(hub_id, file.name, revision=commit, endpoint=hub.endpoint),
            opened,
            resume_size=done,
            headers=build_hf_headers(),
            expected_size=file.size or None,
            tqdm_class=cast(Any, count.bar),
        )
    if not file.is_at(unfinished):
        unfinished.unlink()
        raise BaseUnavailable(f"{hub_id}: {file.name} arrived damaged; ask again")
    unfinished.replace(path)


class _Count:
    """Bytes that are there, told in MB; stands where the hub's library wants a class of progress bars."""

    def __init__(self, total: int, done: int, progress: ProgressSink) -> None:
        self._total, self._done, self._progress = total, done, progress
        self.note = ""

    def bar(self, **_: object) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is drawn here."""

    def update(self, count: int) -> None:
        self._done += count
        done, total = self._done // _MB, -(-self._total // _MB)
        self._progress(Progress(stage=STAGE, done=min(done, total), total=total, note=self.note))


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.unfinished")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _digest(path: Path, digest: Any) -> str:
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    found: str = digest.hexdigest()
    return found
