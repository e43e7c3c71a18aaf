"""Names of layers that architectures share in other programs' LoRA files: diffusers', and CLIP encoders'.

Knows names; loads no model. kohya's writes `lora_te1_...`, diffusers `text_encoder....`, ComfyUI
`text_encoders.clip_l.transformer....`, OneTrainer `clip_l....`, all with CLIP's own module path.
"""

from __future__ import annotations

from collections.abc import Iterable

from tools.training.lora.foreign import NamedLayers

CLIP_NAMES = {"text_encoder": ("te1", "clip_l"), "text_encoder_2": ("te2", "clip_g")}
"""Prefix at kohya's and name at ComfyUI's of a pipeline's CLIP encoders."""


def flat(module: str) -> str:
    """A module's path as kohya's writes it."""
    return module.replace(".", "_")


def diffusers_spellings(layers: Iterable[str]) -> dict[str, NamedLayers]:
    """Names of layers as diffusers writes them, which are this program's own."""
    return {layer: NamedLayers("diffusers", (layer,)) for layer in layers}


def clip_spellings(component: str, modules: Iterable[str]) -> dict[str, NamedLayers]:
    """Every name of a CLIP encoder's layers.

    Args:
        component: attribute of the pipeline, one of `CLIP_NAMES`.
        modules: paths with `text_model.`.
    """
    number, clip = CLIP_NAMES[component]
    names: dict[str, NamedLayers] = {}
    for module in modules:
        layers = (f"{component}.{module}",)
        bare = module.removeprefix("text_model.")
        names |= {
            f"lora_{number}_{flat(module)}": NamedLayers("kohya", layers),
            f"text_encoders.{clip}.transformer.{module}": NamedLayers("ComfyUI", layers),
            f"{clip}.{module}": NamedLayers("OneTrainer", layers),
            f"{component}.{module}": NamedLayers("diffusers", layers),
            f"{component}.{bare}": NamedLayers("diffusers", layers),
        }
    return names
