"""Fetches a base from the hub: safetensors and texts only, never pickles.

Knows hub ids and file names; must not know what a base is used for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from tools.errors import BaseUnavailable

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_TEXTS = ("model_index.json", "README.md", "LICENSE*", "*/*.json", "*/*.txt", "*/*.model")


def wanted_files(names: Iterable[str], *, half: bool) -> list[str]:
    """Choose what to download of a repository: each part's texts and one set of its weights.

    Args:
        names: every file of the repository, as `part/file`.
        half: prefer the fp16 variant of a part where there is one.

    Returns:
        The chosen names; single-file checkpoints at the root and pickles are left out.
    """
    names = list(names)
    chosen = [name for name in names if any(fnmatch(name, pattern) for pattern in _TEXTS)]
    weights = [name for name in names if fnmatch(name, "*/*.safetensors") and name.count("/") == 1]
    has_half = {name.split("/")[0] for name in weights if ".fp16" in name}
    for name in weights:
        take_half = half and name.split("/")[0] in has_half
        if (".fp16" in name) == take_half:
            chosen.append(name)
    return sorted(chosen)


def download(hub_id: str, folder: Path, *, half: bool, endpoint: str | None = None) -> Path:
    """Download a base's diffusers folder; goes on where a broken download stopped.

    Args:
        hub_id: `owner/name`.
        folder: where the files go.
        half: prefer fp16 weights.
        endpoint: another hub's address.

    Raises:
        BaseUnavailable: no network, no such repository, or no access to it.
    """
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    hub = HfApi(endpoint=endpoint)
    try:
        files = wanted_files(hub.list_repo_files(hub_id), half=half)
        hub.snapshot_download(hub_id, allow_patterns=files, local_dir=folder)
    except (HfHubHTTPError, HFValidationError, httpx2.HTTPError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BaseUnavailable(
            f"{hub_id} could not be downloaded ({reason}); check the id, the network and your "
            "access, or give the path of a diffusers folder"
        ) from error
    return folder
