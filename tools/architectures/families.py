"""Tells which family of bases a LoRA file was trained for, by its keys and shapes alone.

Knows what the families' names and widths look like, also of those that nobody here draws with, so that a
file for another one is refused by name. Opens nothing, loads no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.errors import BadInput


@dataclass(frozen=True)
class Family:
    """Bases that share their layers."""

    title: str
    architectures: frozenset[str]
    """Those of this program that they may be of; empty: none is."""


_BY_KEYS = (
    (
        re.compile(r"double_stream_modulation|single_stream_modulation|to_qkv_mlp_proj"),
        Family("FLUX.2", frozenset({"flux2"})),
    ),
    (
        re.compile(r"single_transformer_blocks|double_blocks|single_blocks"),
        Family("FLUX.1", frozenset({"flux"})),
    ),
    (re.compile(r"joint_blocks"), Family("Stable Diffusion 3", frozenset())),
)
"""Looked for one after the other. FLUX.2's double blocks are named as FLUX.1's; shapes tell them apart."""
_UNET = re.compile(r"(down|up|input|output)_blocks|mid(dle)?_block")
_CROSS = re.compile(r"attn2[._](processor\.)?to_[kv]")
_WIDTHS = {
    768: Family("Stable Diffusion 1.5", frozenset()),
    1024: Family("Stable Diffusion 2", frozenset()),
    2048: Family("Stable Diffusion XL", frozenset({"sdxl"})),
}
"""Width of the text that a U-Net looks at."""
_SOME_UNET = Family("a Stable Diffusion base", frozenset({"sdxl"}))
_ONE_ENCODER = re.compile(r"^lora_te_text_model")


def family_of(shapes: Mapping[str, tuple[int, ...]]) -> Family | None:
    """The family of a LoRA file; None where nothing shows it.

    Args:
        shapes: of the file's tensors, by key.
    """
    for mark, family in _BY_KEYS:
        if any(mark.search(key) for key in shapes):
            return family
    if any(_ONE_ENCODER.match(key) for key in shapes):
        return _WIDTHS[768]
    widths = [
        shape[1] for key, shape in shapes.items() if _CROSS.search(key) and _is_down(key, shape)
    ]
    known = [_WIDTHS[width] for width in widths if width in _WIDTHS]
    if known:
        return known[0]
    return _SOME_UNET if any(_UNET.search(key) for key in shapes) else None


def _is_down(key: str, shape: tuple[int, ...]) -> bool:
    return ("lora_A" in key or "down.weight" in key) and len(shape) > 1


def refuse_another_family(
    file: str, shapes: Mapping[str, tuple[int, ...]], architecture: str, base: str
) -> None:
    """Refuse a LoRA that was trained for bases of another kind.

    Args:
        file: its name, for the message.
        shapes: of its tensors, by key.
        architecture: of the base that it is to draw on.
        base: that base's name.

    Raises:
        BadInput: names both kinds.
    """
    family = family_of(shapes)
    if family is not None and architecture not in family.architectures:
        raise BadInput(
            f"{file} was trained for {family.title}, and {base} is of {architecture}; adapters do not "
            "fit another architecture: choose a base of its kind, or train anew"
        )
