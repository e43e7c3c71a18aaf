"""Names of SDXL's layers in other programs' LoRA files.

Knows names; loads no model. The U-Net has two spellings: diffusers' (`down_blocks.1.attentions.0...`) and
that of the original code (`input_blocks.4.1...`), which numbers resnets and samplers through all levels.
Sources: sd-scripts `networks/lora.py` and `library/sdxl_model_util.py`, ComfyUI `comfy/lora.py` and
`comfy/utils.py`, diffusers `loaders/lora_conversion_utils.py`, OneTrainer `convert_sdxl_lora.py` (layouts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tools.architectures.spellings import CLIP_NAMES, clip_spellings, flat
from tools.training.lora.foreign import NamedLayers

_ENDS = {
    "time_emb_proj": "emb_layers.1",
    "conv1": "in_layers.2",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
"""Layers of a resnet."""
_SINGLES = {
    "conv_in": "input_blocks.0.0",
    "conv_out": "out.2",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}
_PART = re.compile(
    r"((?:down|up)_blocks)\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)"
)


def spellings(layers: Iterable[str]) -> dict[str, NamedLayers]:
    """Every name of a base's layers, its own among them.

    Args:
        layers: `<component>.<module>`, as of `tools.training.lora.foreign.Shapes`.
    """
    by_component: dict[str, list[str]] = {}
    for layer in layers:
        component, _, module = layer.partition(".")
        by_component.setdefault(component, []).append(module)
    names = _unet_spellings(by_component.get("unet", []))
    for component in CLIP_NAMES:
        names |= clip_spellings(component, by_component.get(component, []))
    return names


def _unet_spellings(modules: list[str]) -> dict[str, NamedLayers]:
    originals = _original_parts(modules)
    names: dict[str, NamedLayers] = {}
    for module in modules:
        layers = (f"unet.{module}",)
        original = _original(module, originals)
        processor = _of_processor(module)
        names |= {
            f"lora_unet_{flat(original)}": NamedLayers("kohya", layers),
            f"lora_unet_{flat(module)}": NamedLayers("kohya", layers),
            f"diffusion_model.{original}": NamedLayers("ComfyUI", layers),
            f"unet.{original}": NamedLayers("OneTrainer", layers),
            f"unet.{module}": NamedLayers("diffusers", layers),
            f"unet.{processor}": NamedLayers("diffusers", layers),
            processor: NamedLayers("diffusers", layers),
        }
    return names


def _of_processor(module: str) -> str:
    """As diffusers named it while attention processors held the LoRA (to 0.20)."""
    named = re.sub(r"(attn[12])\.to_([qkv])$", r"\1.processor.to_\2", module)
    return re.sub(r"(attn[12])\.to_out\.0$", r"\1.processor.to_out", named)


def _original(module: str, parts: Mapping[str, str]) -> str:
    """A module's path in the original code."""
    head = next((part for part in _heads(module) if part in parts), "")
    if not head:
        return module
    rest = module.removeprefix(head).removeprefix(".")
    if ".resnets." in head:
        rest = _ENDS.get(rest, rest)
    if ".downsamplers." in head:
        rest = "op"
    return f"{parts[head]}.{rest}" if rest else parts[head]


def _heads(module: str) -> list[str]:
    """Every beginning of a path, the longest first."""
    words = module.split(".")
    return [".".join(words[:count]) for count in range(len(words), 0, -1)]


def _original_parts(modules: Iterable[str]) -> dict[str, str]:
    """Where each resnet, attention and sampler of the U-Net stands in the original code.

    Down: block 0 is the first convolution; each resnet, with its attention beside it, and each
    downsampler is one more. Up: each resnet is one more, and an upsampler stands behind the last one's.
    """
    found = {match.groups() for module in modules if (match := _PART.match(module))}
    parts = dict(_SINGLES)
    for side, original, first in (
        ("down_blocks", "input_blocks", 1),
        ("up_blocks", "output_blocks", 0),
    ):
        at = first
        for level in sorted({int(block) for name, block, _, _ in found if name == side}):
            block = f"{side}.{level}"
            has = {
                (kind, int(place))
                for name, of, kind, place in found
                if name == side and int(of) == level
            }
            for resnet in sorted(place for kind, place in has if kind == "resnets"):
                parts[f"{block}.resnets.{resnet}"] = f"{original}.{at}.0"
                parts[f"{block}.attentions.{resnet}"] = f"{original}.{at}.1"
                at += 1
            if ("downsamplers", 0) in has:
                parts[f"{block}.downsamplers.0"] = f"{original}.{at}.0"
                at += 1
            if ("upsamplers", 0) in has:
                behind = 2 if any(kind == "attentions" for kind, _ in has) else 1
                parts[f"{block}.upsamplers.0"] = f"{original}.{at - 1}.{behind}"
    return parts
