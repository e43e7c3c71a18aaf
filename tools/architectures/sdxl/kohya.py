"""LoRA files in kohya's format, which other studios' programs read.

diffusers' own converter sets alpha to the rank and drops `text_model_` from the first text
encoder's keys, so this is our own. Knows names and numbers; loads no model.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from tools.compute import FILE_NUMBERS
from tools.errors import BadInput
from tools.imaging.pictures import write_atomically
from tools.training.lora.adapter import AdapterFile, lora_pairs, read_adapter, with_sorted_metadata

_PREFIXES = {"unet": "lora_unet_", "text_encoder": "lora_te1_", "text_encoder_2": "lora_te2_"}


def kohya_path(folder: Path) -> Path:
    """Where the kohya file of a run's folder stands."""
    return folder / f"{folder.name}_kohya.safetensors"


def export_kohya(source: Path, target: Path) -> None:
    """Write a diffusers-format SDXL adapter in kohya's format.

    Keys are a prefix per component and the module's path with underscores; alpha is the training's
    own, so that the strength is the same.

    Raises:
        BadInput: the source is not a readable adapter of SDXL's architecture.
        StorageFailed: the disk did not take it.
    """
    adapter = read_adapter(source)
    tensors: dict[str, Tensor] = {}
    for component, module, down, up in lora_pairs(adapter):
        if component not in _PREFIXES:
            raise BadInput(f"{source.name}: kohya's format is written for SDXL, not {component}")
        name = kohya_name(component, module)
        rank = down.shape[0]
        tensors[f"{name}.lora_down.weight"] = down.to(FILE_NUMBERS).contiguous()
        tensors[f"{name}.lora_up.weight"] = up.to(FILE_NUMBERS).contiguous()
        tensors[f"{name}.alpha"] = torch.tensor(adapter.scale(component) * rank)
    data = save(tensors, metadata=_header(adapter, tensors))
    write_atomically(target, with_sorted_metadata(data))


def kohya_name(component: str, module: str) -> str:
    """Name of a module in kohya's files: `lora_unet_down_blocks_0_...`."""
    return _PREFIXES[component] + module.replace(".", "_")


def _header(adapter: AdapterFile, tensors: dict[str, Tensor]) -> dict[str, str]:
    ranks = {str(t.shape[0]) for key, t in tensors.items() if key.endswith("lora_down.weight")}
    alphas = {f"{float(t):g}" for key, t in tensors.items() if key.endswith(".alpha")}
    return {
        "format": "pt",
        "ss_network_module": "networks.lora",
        "ss_network_dim": ranks.pop() if len(ranks) == 1 else "Dynamic",
        "ss_network_alpha": alphas.pop() if len(alphas) == 1 else "Dynamic",
        "ss_base_model_version": "sdxl_base_v1-0",
        "ss_sd_model_name": adapter.header.get("samecast_base", "unknown"),
        "ss_steps": adapter.header.get("samecast_steps", "0"),
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
        "modelspec.implementation": "diffusers",
        "modelspec.title": adapter.header.get("samecast_base", "unknown"),
    }
