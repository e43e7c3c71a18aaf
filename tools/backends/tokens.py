"""How many tokens a base's text encoder makes of a text. Knows tokenizer folders, no weights."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any


def count_tokens(folder: Path, text: str, *, part: str = "tokenizer") -> int:
    """Count a text's tokens without start and end marks.

    Args:
        folder: a base's diffusers folder.
        text: any text.
        part: the tokenizer's folder in it.
    """
    return len(_tokenizer(folder / part)(text, add_special_tokens=False, verbose=False).input_ids)


@lru_cache(maxsize=4)
def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True)
