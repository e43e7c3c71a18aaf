"""Fetches a base from the hub: safetensors and texts only, never pickles, of one revision that is recorded.

Knows hub ids and file names; must not know what a base is used for.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from tools.backends.room import check_room
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.errors import BaseUnavailable

if TYPE_CHECKING:
    from huggingface_hub import HfApi

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
HUB_SOURCE = re.compile(rf"(?P<id>{HUB_ID.pattern})(?:@(?P<revision>[\w][\w./-]*))?")
"""`owner/name`, or `owner/name@revision` with a branch, a tag or a commit."""
_SHORT = re.compile(r"[0-9a-f]{7,39}")
"""An abbreviated commit."""
STAGE = "download"
_MB = 1_000_000
_CHUNK = 1 << 24
_TEXTS = (
    "model_index.json",
    "README.md",
    "LICENSE*",
    "*/*.json",
    "*/*.txt",
    "*/*.model",
    "*/*.jinja",
)


def wanted_files(names: Iterable[str], *, half: bool) -> list[str]:
    """Choose what to download of a repository: each part's texts and one set of its weights.

    Args:
        names: every file of the repository, as `part/file`.
        half: prefer the fp16 variant of a part where there is one.

    Returns:
        The chosen names, an index of shards with its shards; single-file checkpoints at the root and
        pickles are left out.
    """
    names = [name for name in names if name.count("/") < 2]
    weights = [name for name in names if fnmatch(name, "*/*.safetensors*")]
    texts = [name for name in names if name not in weights]
    chosen = [name for name in texts if any(fnmatch(name, pattern) for pattern in _TEXTS)]
    has_half = {name.split("/")[0] for name in weights if ".fp16" in name}
    for name in weights:
        take_half = half and name.split("/")[0] in has_half
        if (".fp16" in name) == take_half:
            chosen.append(name)
    return sorted(chosen)


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


def download(
    source: str,
    folder: Path,
    *,
    half: bool,
    endpoint: str | None = None,
    progress: ProgressSink = ignore_progress,
) -> str:
    """Download a base's diffusers folder, whole or not at all.

    A broken or cancelled download goes on within the file where it stopped; what the folder holds of
    the same content already is not fetched again.

    Args:
        source: `owner/name`, with `@revision` for another than the newest.
        folder: what is made or replaced.
        half: prefer fp16 weights.
        endpoint: another hub's address.
        progress: called after every few megabytes, in MB; may cancel.

    Returns:
        The commit that the revision stands for.

    Raises:
        BaseUnavailable: no network, no such repository or revision, no access to it, or a damaged file.
        StorageFailed: the disk has no room for it.
    """
    from huggingface_hub import HfApi

    hub_id, revision = _parted(source)
    hub = HfApi(endpoint=endpoint)
    with _explained(hub, hub_id, revision, "the path of a diffusers folder"):
        commit, siblings = _siblings(hub, hub_id, revision)
        names = wanted_files(siblings, half=half)
        if "model_index.json" not in names:
            raise BaseUnavailable(
                f"{hub_id} holds no diffusers folder (no model_index.json); choose another repository"
            )
        partial = folder.with_name(f".{folder.name}.part")
        files = [siblings[name] for name in names]
        _fetch_all(hub, hub_id, commit, files, (folder, partial), progress)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    return commit


def download_file(
    source: str,
    name: str,
    place: Path,
    *,
    endpoint: str | None = None,
    progress: ProgressSink = ignore_progress,
) -> str:
    """Download one file of a repository, whole or not at all; a broken download goes on where it stopped.

    Args:
        source: `owner/name`, with `@revision` for another than the newest; of a commit its first seven
            digits are enough.
        name: of the file in the repository.
        place: where it goes; replaced if it is there.
        endpoint: another hub's address.
        progress: as of `download`.

    Returns:
        The commit that the revision stands for.

    Raises:
        BaseUnavailable: as of `download`, or no such file.
        StorageFailed: the disk has no room for it.
    """
    from huggingface_hub import HfApi

    hub_id, revision = _parted(source)
    hub = HfApi(endpoint=endpoint)
    with _explained(hub, hub_id, revision, "the path of the file"):
        commit, siblings = _siblings(hub, hub_id, _whole(hub, hub_id, revision))
        if name not in siblings:
            raise BaseUnavailable(f"{hub_id} holds no {name}; give the path of the file")
        partial = place.with_name(f".{place.name}.part")
        _fetch_all(hub, hub_id, commit, [siblings[name]], (partial, partial), progress)
        (partial / name).replace(place)
        shutil.rmtree(partial)
    return commit


def _parted(source: str) -> tuple[str, str | None]:
    found = HUB_SOURCE.fullmatch(source)
    assert found is not None
    return found["id"], found["revision"]


def _whole(hub: HfApi, hub_id: str, revision: str | None) -> str | None:
    """A commit in full, which is how the hub wants it; anything else as it is."""
    if revision is None or not _SHORT.fullmatch(revision):
        return revision
    commits = (each.commit_id for each in hub.list_repo_commits(hub_id))
    return next((commit for commit in commits if commit.startswith(revision)), revision)


@contextmanager
def _explained(hub: HfApi, hub_id: str, revision: str | None, instead: str) -> Iterator[None]:
    """Say in one line what went wrong with the hub, and what may be given instead."""
    import httpx2
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        RevisionNotFoundError,
    )

    try:
        yield
    except GatedRepoError as error:
        raise BaseUnavailable(
            f"{hub_id} asks for your consent: log in (`hf auth login`) and accept its terms at "
            f"{hub.endpoint}/{hub_id}, then ask again"
        ) from error
    except RevisionNotFoundError as error:
        raise BaseUnavailable(f"{hub_id} has no revision {revision}") from error
    except (HfHubHTTPError, HFValidationError, httpx2.HTTPError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BaseUnavailable(
            f"{hub_id} could not be downloaded ({reason}); check the id, the network and your "
            f"access, or give {instead}"
        ) from error


def _siblings(hub: HfApi, hub_id: str, revision: str | None) -> tuple[str, dict[str, HubFile]]:
    """The commit that a revision stands for, and its files by name."""
    info = hub.model_info(hub_id, revision=revision, files_metadata=True)
    files = {}
    for each in info.siblings or []:
        sha256 = each.lfs.sha256 if each.lfs else ""
        blob = "" if each.lfs else each.blob_id or ""
        name = each.rfilename
        files[name] = HubFile(name=name, size=each.size or 0, sha256=sha256, blob=blob)
    if info.sha is None:
        raise BaseUnavailable(f"{hub_id} names no commit; choose another repository")
    return info.sha, files


def _fetch_all(
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
