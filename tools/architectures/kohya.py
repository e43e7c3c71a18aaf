"""LoRA files in kohya's format, which other studios' programs read.

Knows the format: names with underscores, down, up and alpha of each, and the header. What a layer is called
is told by the architectures. diffusers' own converter sets alpha to the rank and drops `text_model_` from
the first text encoder's keys, so this is our own. Loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from tools.compute import FILE_NUMBERS
from tools.imaging.pictures import write_atomically
from tools.training.lora.adapter import AdapterFile, with_sorted_metadata


@dataclass(frozen=True)
class KohyaLayer:
    """One layer: its change is alpha / rank * up @ down, which is what every reader computes."""

    down: Tensor
    """(rank, inputs...)"""
    up: Tensor
    """(outputs, rank...)"""
    alpha: float


@dataclass(frozen=True)
class KohyaHeader:
    """What a file says of the architecture."""

    network: str
    """kohya's module that reads it."""
    base_version: str
    architecture: str
    """By the model specification."""


def kohya_path(folder: Path) -> Path:
    """Where the kohya file of a run's folder stands."""
    return folder / f"{folder.name}_kohya.safetensors"


def write_kohya(
    target: Path, layers: Mapping[str, KohyaLayer], adapter: AdapterFile, header: KohyaHeader
) -> None:
    """Write layers by their names in kohya's files.

    Args:
        target: the file.
        layers: by name, as `lora_unet_down_blocks_0_...`.
        adapter: what they are of; its header names base and steps.
        header: what the file says of the architecture.

    Raises:
        StorageFailed: the disk did not take it.
    """
    tensors: dict[str, Tensor] = {}
    for name, layer in layers.items():
        tensors[f"{name}.lora_down.weight"] = layer.down.to(FILE_NUMBERS).contiguous()
        tensors[f"{name}.lora_up.weight"] = layer.up.to(FILE_NUMBERS).contiguous()
        tensors[f"{name}.alpha"] = torch.tensor(layer.alpha)
    data = save(tensors, metadata=_metadata(layers, adapter, header))
    write_atomically(target, with_sorted_metadata(data))


def _metadata(
    layers: Mapping[str, KohyaLayer], adapter: AdapterFile, header: KohyaHeader
) -> dict[str, str]:
    ranks = {str(layer.down.shape[0]) for layer in layers.values()}
    alphas = {f"{layer.alpha:g}" for layer in layers.values()}
    return {
        "format": "pt",
        "ss_network_module": header.network,
        "ss_network_dim": ranks.pop() if len(ranks) == 1 else "Dynamic",
        "ss_network_alpha": alphas.pop() if len(alphas) == 1 else "Dynamic",
        "ss_base_model_version": header.base_version,
        "ss_sd_model_name": adapter.header.get("samecast_base", "unknown"),
        "ss_steps": adapter.header.get("samecast_steps", "0"),
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.architecture": header.architecture,
        "modelspec.implementation": "diffusers",
        "modelspec.title": adapter.header.get("samecast_base", "unknown"),
    }
