"""Fetches a base from the hub: safetensors and texts only, never pickles, of one revision that is recorded.

Knows hub ids and file names; must not know what a base is used for.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.hub_files import HubFile, fetch_all
from tools.contracts.progress import ProgressSink, ignore_progress
from tools.errors import BaseUnavailable

if TYPE_CHECKING:
    from huggingface_hub import HfApi

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
HUB_SOURCE = re.compile(rf"(?P<id>{HUB_ID.pattern})(?:@(?P<revision>[\w][\w./-]*))?")
"""`owner/name`, or `owner/name@revision` with a branch, a tag or a commit."""
_SHORT = re.compile(r"[0-9a-f]{7,39}")
"""An abbreviated commit."""
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
        fetch_all(hub, hub_id, commit, files, (folder, partial), progress)
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
        fetch_all(hub, hub_id, commit, [siblings[name]], (partial, partial), progress)
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
