"""SDXL adapters in kohya's format. Knows names; loads no model."""

from __future__ import annotations

from pathlib import Path

from tools.architectures.kohya import KohyaHeader, KohyaLayer, write_kohya
from tools.architectures.spellings import flat
from tools.errors import BadInput
from tools.training.lora.adapter import lora_pairs, read_adapter

_PREFIXES = {"unet": "lora_unet_", "text_encoder": "lora_te1_", "text_encoder_2": "lora_te2_"}
_HEADER = KohyaHeader("networks.lora", "sdxl_base_v1-0", "stable-diffusion-xl-v1-base/lora")


def export_kohya(source: Path, target: Path) -> None:
    """Write a diffusers-format SDXL adapter in kohya's format.

    Keys are a prefix per component and the module's path with underscores; alpha is the training's
    own, so that the strength is the same.

    Raises:
        BadInput: the source is not a readable adapter of SDXL's architecture.
        StorageFailed: the disk did not take it.
    """
    adapter = read_adapter(source)
    layers: dict[str, KohyaLayer] = {}
    for component, module, down, up in lora_pairs(adapter):
        if component not in _PREFIXES:
            raise BadInput(f"{source.name}: kohya's names here are SDXL's, not of {component}")
        alpha = adapter.scale(component) * down.shape[0]
        layers[kohya_name(component, module)] = KohyaLayer(down, up, alpha)
    write_kohya(target, layers, adapter, _HEADER)


def kohya_name(component: str, module: str) -> str:
    """Name of a module in kohya's files: `lora_unet_down_blocks_0_...`."""
    return _PREFIXES[component] + flat(module)
