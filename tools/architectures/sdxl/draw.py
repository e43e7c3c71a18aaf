"""How SDXL draws: classifier-free guidance, sizes in pixels, channels last."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import torch
from diffusers import (
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline,
    StableDiffusionXLPipeline,
)
from diffusers.models.attention_processor import AttnProcessor

from tools.architectures.architecture import GivenPictures, Mode, start_arguments
from tools.compute import Compute
from tools.contracts.model import Size
from tools.training.lora.learner import Conditioning

_SMALL_LATENT = 64
"""Plain attention holds a number for each pair of places: beyond this latent side that is too much."""


class SdxlDrawing:
    """See `tools.architectures.architecture.Drawing`."""

    denoiser = "unet"
    size_step = 8
    pipelines: Mapping[Mode, Any] = MappingProxyType(
        {
            Mode.TEXT: StableDiffusionXLPipeline,
            Mode.IMAGE: StableDiffusionXLImg2ImgPipeline,
            Mode.INPAINT: StableDiffusionXLInpaintPipeline,
        }
    )
    options: Mapping[str, object] = MappingProxyType({"add_watermarker": False})

    def guided(self, guidance: float) -> bool:
        """Guidance of 1 and below is the prompt alone."""
        return guidance > 1

    def steps_run(self, steps: int, strength: float) -> int:
        """SDXL's image-to-image rounds down."""
        return min(int(steps * strength), steps)

    def shape(self, denoiser: Any, compute: Compute) -> None:
        """Channels last; plain attention where `compute` is faster so and the latent is small."""
        denoiser.to(memory_format=torch.channels_last)
        if compute.plain_attention and denoiser.config.sample_size <= _SMALL_LATENT:
            denoiser.set_attn_processor(AttnProcessor())

    def arguments(
        self,
        wanted: Conditioning,
        negative: Conditioning | None,
        guidance: float,
        rescale: float,
        size: Size,
    ) -> Mapping[str, object]:
        """Both prompts, and the picture's size as it was trained: whole, uncropped."""
        return {
            "prompt_embeds": wanted.sequence,
            "pooled_prompt_embeds": wanted.pooled,
            "guidance_scale": guidance,
            "guidance_rescale": rescale,
            "negative_prompt_embeds": None if negative is None else negative.sequence,
            "negative_pooled_prompt_embeds": None if negative is None else negative.pooled,
            "original_size": (size.height, size.width),
            "target_size": (size.height, size.width),
            "crops_coords_top_left": (0, 0),
        }

    def pictures(self, given: GivenPictures) -> Mapping[str, object]:
        """Start pictures and masks."""
        return start_arguments(given)
