"""LoRA files as other programs write them, and the changes that they make, computed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors.torch import save_file
from torch import Tensor, nn

LAYOUTS = Path(__file__).parents[1] / "data" / "lora_layouts"
SUFFIXES = {
    "kohya": (".lora_down.weight", ".lora_up.weight"),
    "peft": (".lora_A.weight", ".lora_B.weight"),
    "processor": ("_lora.down.weight", "_lora.up.weight"),
    "old": (".lora.down.weight", ".lora.up.weight"),
    "old text": (".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight"),
}
"""What the down and the up half of a layer are called in each program's files."""


@dataclass(frozen=True)
class ForeignLayer:
    """A layer of a file: the model's layers that it changes (several where fused), rank and alpha."""

    name: str
    layers: tuple[str, ...]
    rank: int = 4
    alpha: float | None = None
    suffix: str = "kohya"


@dataclass(frozen=True)
class ForeignFile:
    """Whose file it is, the tiny base that it is for, and its layers."""

    title: str
    base: str
    layers: tuple[ForeignLayer, ...]

    @property
    def program(self) -> str:
        return self.title.split(",")[0].split()[0]


def tiny_files() -> list[ForeignFile]:
    """One file a layout, over the tiny bases."""
    table = yaml.safe_load((LAYOUTS / "tiny.yaml").read_text())
    return [
        ForeignFile(
            title, entry["base"], tuple(_layer(line, entry["suffix"]) for line in entry["layers"])
        )
        for title, entry in table.items()
    ]


def _layer(line: str, suffix: str) -> ForeignLayer:
    name, *layers, rank, alpha = line.split()
    stated = None if alpha == "-" else float(alpha)
    return ForeignLayer(name, tuple(layers), int(rank), stated, suffix)


def layer_of(pipeline: Any, layer: str) -> nn.Module:
    """The module of `<component>.<module>`; text encoders have `text_model.` in some libraries only."""
    component, _, module = layer.partition(".")
    model = getattr(pipeline, component)
    found: nn.Module
    try:
        found = model.get_submodule(module)
    except AttributeError:
        found = model.get_submodule(module.removeprefix("text_model."))
    return found


def weight_of(pipeline: Any, layer: str) -> Tensor:
    weight = layer_of(pipeline, layer).weight
    assert isinstance(weight, Tensor)
    return weight


def write_foreign(
    path: Path,
    pipeline: Any,
    layers: Sequence[ForeignLayer],
    header: Mapping[str, str] | None = None,
) -> dict[str, Tensor]:
    """Write random halves for these layers.

    Returns:
        By layer of the model, alpha / rank * up @ down, its rows where several are fused.
    """
    generator = torch.Generator().manual_seed(0)
    tensors: dict[str, Tensor] = {}
    changes: dict[str, Tensor] = {}
    for each in layers:
        weights = [weight_of(pipeline, layer) for layer in each.layers]
        inputs = weights[0].shape[1:]
        rows = [weight.shape[0] for weight in weights]
        down = torch.randn(each.rank, *inputs, generator=generator)
        up = torch.randn(sum(rows), each.rank, generator=generator)
        change = up @ down.flatten(1) * (1.0 if each.alpha is None else each.alpha / each.rank)
        pieces = torch.split(change, rows)
        changes |= {
            layer: piece.reshape(weight.shape)
            for layer, piece, weight in zip(each.layers, pieces, weights, strict=True)
        }
        down_end, up_end = SUFFIXES[each.suffix]
        tensors[each.name + down_end] = down
        tensors[each.name + up_end] = up[..., None, None] if len(inputs) == 3 else up
        if each.alpha is not None:
            tensors[f"{each.name}.alpha"] = torch.tensor(each.alpha)
    save_file({key: value.contiguous() for key, value in tensors.items()}, path, dict(header or {}))
    return changes


def write_training_adapter(path: Path, shapes: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """Write a strong random adapter of a tiny Flux as the hub's is: diffusers' names, no alpha, two ranks.

    Returns:
        Its layers; of one of them no row of the base table has an adapter learn.
    """
    block = "transformer.transformer_blocks.0"
    ranks = {f"{block}.attn.to_q": 4, f"{block}.norm1.linear": 2, "transformer.x_embedder": 4}
    generator = torch.Generator().manual_seed(9)
    tensors: dict[str, Tensor] = {}
    for layer, rank in ranks.items():
        rows, inputs = shapes[layer]
        tensors[f"{layer}.lora_A.weight"] = torch.randn(rank, inputs, generator=generator)
        tensors[f"{layer}.lora_B.weight"] = torch.randn(rows, rank, generator=generator)
    save_file(tensors, path)
    return tuple(ranks)
