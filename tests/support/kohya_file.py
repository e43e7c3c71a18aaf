"""A kohya file held against a pipeline: every layer must exist there and have its shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from tools.architectures.sdxl.kohya import kohya_name
from tools.errors import BadInput
from tools.training.lora.adapter import read_adapter

_PREFIXES = ("unet", "text_encoder", "text_encoder_2")


def check_kohya(path: Path, pipeline: Any) -> int:
    """Hold a kohya file against a pipeline: every layer must exist there and have its shape.

    Returns:
        The number of adapted layers.

    Raises:
        BadInput: unreadable, a layer that the pipeline does not have, a shape that does not fit, or
            a missing alpha; names the key.
    """
    tensors = read_adapter(path).tensors
    shapes = _known_layers(pipeline)
    names = sorted({key.partition(".")[0] for key in tensors})
    for name in names:
        missing = [part for part in _PARTS if f"{name}.{part}" not in tensors]
        if missing:
            raise BadInput(f"{path.name}: {name}.{missing[0]} is missing")
        down, up = (tensors[f"{name}.{part}"] for part in _PARTS[:2])
        if name not in shapes:
            raise BadInput(f"{path.name}: this base has no layer for {name}")
        if (up.shape[0], down.shape[1]) != shapes[name]:
            raise BadInput(f"{path.name}: {name} has another shape than this base's layer")
    return len(names)


_PARTS = ("lora_down.weight", "lora_up.weight", "alpha")


def _known_layers(pipeline: Any) -> dict[str, tuple[int, int]]:
    """Outputs and inputs of every layer that a LoRA could adapt, by kohya's name."""
    shapes: dict[str, tuple[int, int]] = {}
    for component in _PREFIXES:
        for name, layer in getattr(pipeline, component).named_modules():
            if isinstance(layer, nn.Linear | nn.Conv2d):
                full = name
                if component != "unet" and not name.startswith("text_"):
                    full = f"text_model.{name}"
                weight = layer.weight
                shapes[kohya_name(component, full)] = (weight.shape[0], weight.shape[1])
    return shapes
