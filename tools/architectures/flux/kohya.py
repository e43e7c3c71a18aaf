"""Flux adapters in kohya's format, which ComfyUI and Forge read too. Knows names; loads no model.

The format has the original code's fused layers: parts that were learned apart become one layer whose rank is
the sum of theirs, so that each part's change is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from tools.architectures.flux.spellings import SWAPPED, fused_layers
from tools.architectures.kohya import KohyaHeader, KohyaLayer, write_kohya
from tools.architectures.spellings import flat
from tools.errors import BadInput
from tools.training.lora.adapter import lora_pairs, read_adapter

_HEADER = KohyaHeader("networks.lora_flux", "flux1", "flux-1-dev/lora")
"""The architecture as kohya's programs call it, schnell's too."""
_FEED_FORWARD = 4
"""Width of a single block's feed-forward in widths of the block, in Flux of every size."""


@dataclass(frozen=True)
class _Part:
    down: Tensor
    up: Tensor


def export_kohya(source: Path, target: Path) -> None:
    """Write a diffusers-format Flux adapter in kohya's format.

    Raises:
        BadInput: the source is not a readable adapter of Flux's architecture.
        StorageFailed: the disk did not take it.
    """
    adapter = read_adapter(source)
    parts: dict[str, dict[str, _Part]] = {"transformer": {}, "text_encoder": {}}
    for component, module, down, up in lora_pairs(adapter):
        if component not in parts:
            raise BadInput(f"{source.name}: kohya's names here are Flux's, not of {component}")
        parts[component][module] = _Part(down, up)
    scale = adapter.scale("text_encoder")
    layers = {
        f"lora_te1_{flat(module)}": KohyaLayer(part.down, part.up, scale * part.down.shape[0])
        for module, part in parts["text_encoder"].items()
    }
    layers |= _fused(source.name, parts["transformer"], adapter.scale("transformer"))
    write_kohya(target, layers, adapter, _HEADER)


def _fused(file: str, parts: Mapping[str, _Part], scale: float) -> dict[str, KohyaLayer]:
    layers: dict[str, KohyaLayer] = {}
    named: set[str] = set()
    for original, made_of in fused_layers(parts):
        named |= parts.keys() & set(made_of)
        layers[f"lora_unet_{flat(original)}"] = _one_layer(made_of, parts, scale)
    strange = sorted(parts.keys() - named)
    if strange:
        raise BadInput(f"{file}: kohya's format has no name for {', '.join(strange)}")
    return layers


def _one_layer(made_of: tuple[str, ...], parts: Mapping[str, _Part], scale: float) -> KohyaLayer:
    """Down halves one below the other, up halves on the diagonal; nothing where a part has no adapter.

    alpha grows with the rank, so that alpha / rank stays each part's own.
    """
    there = [parts[module] for module in made_of if module in parts]
    rank = sum(part.down.shape[0] for part in there)
    rows, at = [], 0
    for module in made_of:
        part = parts.get(module)
        height = _height(module, made_of, parts)
        row = torch.zeros(height, rank)
        if part is not None:
            row[:, at : at + part.down.shape[0]] = part.up
            at += part.down.shape[0]
        rows.append(row)
    up = torch.cat(rows)
    if made_of == SWAPPED:
        up = torch.cat(up.chunk(2)[::-1])
    return KohyaLayer(torch.cat([part.down for part in there]), up, scale * rank)


def _height(module: str, made_of: tuple[str, ...], parts: Mapping[str, _Part]) -> int:
    """Outputs of a part; of one without an adapter by its neighbours, which are as wide as the block."""
    if module in parts:
        return parts[module].up.shape[0]
    widths = {
        parts[each].up.shape[0] // (_FEED_FORWARD if each.endswith("proj_mlp") else 1)
        for each in made_of
        if each in parts
    }
    return widths.pop() * (_FEED_FORWARD if module.endswith("proj_mlp") else 1)
