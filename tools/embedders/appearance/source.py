"""Where DINOv2 lies on this disk; nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

from tools.errors import BaseUnavailable

CONFIG = "config.json"


def local_folder(source: str) -> Path:
    """Return the folder of the weights.

    Args:
        source: a transformers folder, or a hub id whose files were fetched before.

    Raises:
        BaseUnavailable: it is not on this disk.
    """
    if (Path(source) / CONFIG).is_file():
        return Path(source)
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(source, CONFIG)
    except HFValidationError:
        found = None
    if isinstance(found, str):
        return Path(found).parent
    raise BaseUnavailable(
        f"the appearance embedder is not installed: no DINOv2 weights under {source!r}; fetch them "
        "(`hf download facebook/dinov2-small`, Apache-2.0), or set SAMECAST_APPEARANCE to their folder"
    )
