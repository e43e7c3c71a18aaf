"""Names of Flux's layers in other programs' LoRA files.

Knows names; loads no model. The original code fuses query, key and value (and, in the single blocks, the
feed-forward's entry) into one layer, and so do kohya's and ComfyUI's files; diffusers, ai-toolkit and
OneTrainer's older files have them apart. Sources: sd-scripts `networks/lora_flux.py`, ComfyUI
`comfy/utils.py`, diffusers `loaders/lora_conversion_utils.py`, ai-toolkit `toolkit/lora_special.py`,
OneTrainer `convert_flux_lora.py` (layouts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tools.architectures.spellings import clip_spellings, flat
from tools.training.lora.foreign import NamedLayers

_DOUBLE = {
    "img_attn.qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "img_attn.proj": ("attn.to_out.0",),
    "img_mlp.0": ("ff.net.0.proj",),
    "img_mlp.2": ("ff.net.2",),
    "img_mod.lin": ("norm1.linear",),
    "txt_attn.qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "txt_attn.proj": ("attn.to_add_out",),
    "txt_mlp.0": ("ff_context.net.0.proj",),
    "txt_mlp.2": ("ff_context.net.2",),
    "txt_mod.lin": ("norm1_context.linear",),
}
_SINGLE = {
    "linear1": ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"),
    "linear2": ("proj_out",),
    "modulation.lin": ("norm.linear",),
}
_BLOCKS = {
    "transformer_blocks": ("double_blocks", _DOUBLE),
    "single_transformer_blocks": ("single_blocks", _SINGLE),
}
_OUTSIDE = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in.in_layer": "time_text_embed.timestep_embedder.linear_1",
    "time_in.out_layer": "time_text_embed.timestep_embedder.linear_2",
    "vector_in.in_layer": "time_text_embed.text_embedder.linear_1",
    "vector_in.out_layer": "time_text_embed.text_embedder.linear_2",
    "guidance_in.in_layer": "time_text_embed.guidance_embedder.linear_1",
    "guidance_in.out_layer": "time_text_embed.guidance_embedder.linear_2",
    "final_layer.linear": "proj_out",
    "final_layer.adaLN_modulation.1": "norm_out.linear",
}
SWAPPED = ("norm_out.linear",)
"""Shift and scale are in the other order in the original code."""
_BLOCK = re.compile(r"((?:single_)?transformer_blocks)\.(\d+)\.")


def spellings(layers: Iterable[str]) -> dict[str, NamedLayers]:
    """Every name of a base's layers, its own among them.

    Args:
        layers: `<component>.<module>`, as of `tools.training.lora.foreign.Shapes`.
    """
    layers = list(layers)
    modules = [
        name.removeprefix("transformer.") for name in layers if name.startswith("transformer.")
    ]
    names: dict[str, NamedLayers] = {}
    there = set(modules)
    for original, fused in fused_layers(modules):
        if there.issuperset(fused):
            names |= _original_spellings(original, fused)
    for module in modules:
        own = (f"transformer.{module}",)
        names[f"lora_transformer_{flat(module)}"] = NamedLayers("OneTrainer", own)
        names[f"transformer.{module}"] = NamedLayers("diffusers", own)
    texts = [
        name.removeprefix("text_encoder.") for name in layers if name.startswith("text_encoder.")
    ]
    return names | clip_spellings("text_encoder", texts)


def _original_spellings(original: str, fused: tuple[str, ...]) -> dict[str, NamedLayers]:
    layers = tuple(f"transformer.{module}" for module in fused)
    swapped = fused == SWAPPED
    names = {
        f"lora_unet_{flat(original)}": NamedLayers("kohya", layers, swapped),
        f"diffusion_model.{original}": NamedLayers("ComfyUI", layers, swapped),
    }
    if len(layers) > 1:
        apart = {
            f"transformer.{original}.{at}": NamedLayers("OneTrainer", (layer,))
            for at, layer in enumerate(layers)
        }
        return names | apart
    own = f"transformer.{original}" + (".proj" if original == "img_in" else "")
    return {**names, own: NamedLayers("OneTrainer", layers, swapped)}


def fused_layers(modules: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Layers of the original code of which at least one part is among the modules.

    Args:
        modules: paths in diffusers' transformer.

    Yields:
        The original's path, and the modules that it is made of in the order of its rows.
    """
    there = set(modules)
    blocks = {match.groups() for module in there if (match := _BLOCK.match(module))}
    for kind, number in sorted(blocks):
        name, table = _BLOCKS[kind]
        for layer, ends in table.items():
            made_of = tuple(f"{kind}.{number}.{end}" for end in ends)
            if not there.isdisjoint(made_of):
                yield f"{name}.{number}.{layer}", made_of
    for layer, module in _OUTSIDE.items():
        if module in there:
            yield layer, (module,)
