"""Layers of the real bases, without a weight: SDXL's and FLUX.1's own configurations on the meta device."""

from __future__ import annotations

import torch
from diffusers import FluxTransformer2DModel, UNet2DConditionModel
from torch import nn

from tools.training.lora.foreign import Shapes, component_shapes


def sdxl_layers() -> Shapes:
    """Of Stable Diffusion XL 1.0, both encoders included."""
    with torch.device("meta"):
        unet = UNet2DConditionModel(
            block_out_channels=(320, 640, 1280),
            layers_per_block=2,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=[1, 2, 10],
            attention_head_dim=[5, 10, 20],
            cross_attention_dim=2048,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=256,
            projection_class_embeddings_input_dim=2816,
        )
    encoders = {**_clip("text_encoder", 12, 768), **_clip("text_encoder_2", 32, 1280)}
    return {**_weights("unet", unet), **encoders}


def flux_layers() -> Shapes:
    """Of FLUX.1, without T5, which nobody adapts."""
    with torch.device("meta"):
        transformer = FluxTransformer2DModel(guidance_embeds=True)
    return {**_weights("transformer", transformer), **_clip("text_encoder", 12, 768)}


def _weights(component: str, model: nn.Module) -> Shapes:
    return component_shapes(
        component, [(key, value.shape) for key, value in model.state_dict().items()]
    )


def _clip(component: str, depth: int, width: int) -> Shapes:
    ends = {
        **{f"self_attn.{part}_proj": (width, width) for part in ("q", "k", "v", "out")},
        "mlp.fc1": (4 * width, width),
        "mlp.fc2": (width, 4 * width),
    }
    named = [
        (f"text_model.encoder.layers.{layer}.{end}.weight", shape)
        for layer in range(depth)
        for end, shape in ends.items()
    ]
    return component_shapes(component, named)
