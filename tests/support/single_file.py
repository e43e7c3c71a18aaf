"""A tiny SDXL in one file: a real pipeline's weights under the names of the original layout.

The names are undone from the pipeline's own configuration, so that what `from_single_file` makes of the
file can be held against the pipeline, tensor by tensor. Knows names, not pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.support.tiny_models import byte_tokenizer, text_config, unet

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_UNET = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_VAE_MID = {
    "resnets.0": "block_1",
    "attentions.0": "attn_1",
    "resnets.1": "block_2",
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}
_CLIP_G = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}
_CLIP_G_ENDS = {
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.final_layer_norm.weight": "ln_final.weight",
    "text_model.final_layer_norm.bias": "ln_final.bias",
}


def build_pipeline() -> StableDiffusionXLPipeline:
    """A random SDXL whose text encoders differ in width: by it they are told apart in a file."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        return StableDiffusionXLPipeline(
            vae=AutoencoderKL(
                down_block_types=("DownEncoderBlock2D",) * 2,
                up_block_types=("UpDecoderBlock2D",) * 2,
                block_out_channels=(8, 16),
                latent_channels=4,
                norm_num_groups=4,
                sample_size=64,
                scaling_factor=0.13025,
            ).eval(),
            unet=unet(
                (16, 32), layers=(1, 2), sample_size=8, time_width=8, text_width=32 + 48, pooled=48
            ),
            scheduler=EulerDiscreteScheduler(
                beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"
            ),
            tokenizer=byte_tokenizer(),
            tokenizer_2=byte_tokenizer(),
            text_encoder=CLIPTextModel(text_config(514)).eval(),
            text_encoder_2=CLIPTextModelWithProjection(_wide()).eval(),
            force_zeros_for_empty_prompt=True,
            add_watermarker=False,
        )


def _wide() -> CLIPTextConfig:
    config = text_config(514).to_dict()
    return CLIPTextConfig(**{**config, "hidden_size": 48, "projection_dim": 48})


def save_single_file(pipeline: Any, path: Path, more: Mapping[str, Tensor] | None = None) -> Path:
    """Write a pipeline as people share it."""
    tensors = {name: tensor.contiguous() for name, tensor in original_names(pipeline)}
    save_file({**tensors, **(more or {})}, path)
    return path


def save_configuration(pipeline: Any, folder: Path) -> Path:
    """A pipeline's folder without its weights, as `tools/backends/data/sdxl` is of the real SDXL."""
    pipeline.save_pretrained(folder)
    for weights in folder.glob("*/*.safetensors"):
        weights.unlink()
    return folder


def original_names(pipeline: Any) -> Iterator[tuple[str, Tensor]]:
    """Every weight of a pipeline by its name in the original layout."""
    depth = pipeline.unet.config.layers_per_block + 1
    attended = [
        len(block.attentions) > 0 if hasattr(block, "attentions") else False
        for block in pipeline.unet.up_blocks
    ]
    for key, tensor in pipeline.unet.state_dict().items():
        yield f"model.diffusion_model.{_unet_name(key, depth, attended)}", tensor
    levels = len(pipeline.vae.config.block_out_channels)
    for key, tensor in pipeline.vae.state_dict().items():
        yield f"first_stage_model.{_vae_name(key, levels)}", _as_convolution(key, tensor)
    for key, tensor in pipeline.text_encoder.state_dict().items():
        name = f"text_model.{key.removeprefix('text_model.')}"
        yield f"conditioner.embedders.0.transformer.{name}", tensor
    for key, tensor in _clip_g(pipeline.text_encoder_2.state_dict()):
        yield f"conditioner.embedders.1.model.{key}", tensor


def _unet_name(key: str, depth: int, attended: list[bool]) -> str:
    parts = key.split(".")
    if parts[0] not in {"down_blocks", "mid_block", "up_blocks"}:
        return _replaced(key, _UNET)
    if parts[0] == "mid_block":
        place = {("resnets", "0"): 0, ("attentions", "0"): 1, ("resnets", "1"): 2}
        return f"middle_block.{place[parts[1], parts[2]]}.{_within(parts[1], parts[3:])}"
    block, kind, number = int(parts[1]), parts[2], int(parts[3])
    if parts[0] == "down_blocks":
        first = 1 + block * depth
        if kind == "downsamplers":
            return f"input_blocks.{first + depth - 1}.0.op.{parts[-1]}"
        return (
            f"input_blocks.{first + number}.{int(kind == 'attentions')}.{_within(kind, parts[4:])}"
        )
    if kind == "upsamplers":
        return f"output_blocks.{block * depth + depth - 1}.{1 + attended[block]}.conv.{parts[-1]}"
    place_in = int(kind == "attentions")
    return f"output_blocks.{block * depth + number}.{place_in}.{_within(kind, parts[4:])}"


def _within(kind: str, parts: Iterable[str]) -> str:
    inner = ".".join(parts)
    return _replaced(inner, _RESNET) if kind == "resnets" else inner


def _vae_name(key: str, levels: int) -> str:
    parts = key.split(".")
    if parts[0] in {"quant_conv", "post_quant_conv"}:
        return key
    side, rest = parts[0], ".".join(parts[1:])
    if rest.startswith("mid_block."):
        return f"{side}.mid.{_replaced(rest.removeprefix('mid_block.'), _VAE_MID)}"
    if rest.startswith("conv_norm_out"):
        return f"{side}.norm_out.{parts[-1]}"
    if rest.startswith(("conv_in", "conv_out")):
        return key
    level, kind = int(parts[2]), parts[3]
    down = parts[1] == "down_blocks"
    name, level = ("down", level) if down else ("up", levels - 1 - level)
    if kind.endswith("samplers"):
        return f"{side}.{name}.{level}.{kind.removesuffix('rs')}.conv.{parts[-1]}"
    inner = ".".join(parts[5:]).replace("conv_shortcut", "nin_shortcut")
    return f"{side}.{name}.{level}.block.{parts[4]}.{inner}"


def _as_convolution(key: str, tensor: Tensor) -> Tensor:
    """Attention of the autoencoder was written with 1×1 convolutions."""
    attends = ".attentions." in key and "group_norm" not in key and key.endswith("weight")
    return tensor[:, :, None, None] if attends else tensor


def _clip_g(state: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """OpenCLIP's names; its three projections are one matrix."""
    for key, tensor in state.items():
        if key == "text_projection.weight":
            yield "text_projection", tensor.T
        elif key in _CLIP_G_ENDS:
            yield _CLIP_G_ENDS[key], tensor
        elif ".q_proj." in key:
            three = [state[key.replace(".q_proj.", f".{each}_proj.")] for each in "qkv"]
            inner = key.removeprefix("text_model.encoder.layers.").split(".")[0]
            yield (
                f"transformer.resblocks.{inner}.attn.in_proj_{key.split('.')[-1]}",
                torch.cat(three),
            )
        elif ".k_proj." not in key and ".v_proj." not in key:
            inner = key.removeprefix("text_model.encoder.layers.")
            yield f"transformer.resblocks.{_replaced(inner, _CLIP_G)}", tensor


def _replaced(name: str, table: Mapping[str, str]) -> str:
    for old, new in table.items():
        name = name.replace(old, new)
    return name
