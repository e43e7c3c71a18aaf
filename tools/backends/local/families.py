"""In what SDXL and Flux differ when they draw: classes, arguments, step counts, size steps.

Knows diffusers' pipeline classes; must not know bases by name, prompts or files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from diffusers import (
    FluxImg2ImgPipeline,
    FluxInpaintPipeline,
    FluxPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline,
    StableDiffusionXLPipeline,
)
from torch import Tensor

from tools.contracts.bases import Family as FamilyName
from tools.contracts.model import Size

_MOST_STEPS = 1000
"""Noise levels that the bases were trained on; a schedule cannot be finer."""


class Mode(StrEnum):
    """What a picture starts from."""

    TEXT = "text to image"
    IMAGE = "image to image"
    INPAINT = "inpaint"


@dataclass(frozen=True)
class Conditioning:
    """Encoded prompts of a batch; the negative ones only where guidance uses them."""

    sequence: Tensor
    """(B, L, D)"""
    pooled: Tensor
    """(B, P)"""
    negative_sequence: Tensor | None = None
    negative_pooled: Tensor | None = None


class DrawingFamily(Protocol):
    """What drawing needs of an architecture."""

    denoiser_name: str
    """Attribute of the pipeline that holds the denoiser."""
    size_step: int
    """Width and height must be multiples of it."""

    def pipeline_class(self, mode: Mode) -> Any:
        """The diffusers class that draws in a mode."""

    def guided(self, guidance: float) -> bool:
        """Whether a negative prompt takes effect at this guidance."""

    def steps_run(self, steps: int, strength: float) -> int:
        """How many of `steps` the pipeline runs from a picture noised to `strength`."""

    def arguments(
        self, conditioning: Conditioning, guidance: float, size: Size
    ) -> Mapping[str, object]:
        """Call arguments that only this family's pipelines have."""


class SdxlFamily:
    """U-Net, classifier-free guidance, size conditioning in pixels."""

    denoiser_name = "unet"
    size_step = 8

    def pipeline_class(self, mode: Mode) -> Any:
        """The diffusers class that draws in a mode."""
        return {
            Mode.TEXT: StableDiffusionXLPipeline,
            Mode.IMAGE: StableDiffusionXLImg2ImgPipeline,
            Mode.INPAINT: StableDiffusionXLInpaintPipeline,
        }[mode]

    def guided(self, guidance: float) -> bool:
        """Guidance of 1 and below is the prompt alone."""
        return guidance > 1

    def steps_run(self, steps: int, strength: float) -> int:
        """SDXL's image-to-image rounds down."""
        return min(int(steps * strength), steps)

    def arguments(
        self, conditioning: Conditioning, guidance: float, size: Size
    ) -> Mapping[str, object]:
        """Both prompts encoded, and the picture's size as it was trained: whole, uncropped."""
        return {
            "guidance_scale": guidance,
            "negative_prompt_embeds": conditioning.negative_sequence,
            "negative_pooled_prompt_embeds": conditioning.negative_pooled,
            "original_size": (size.height, size.width),
            "target_size": (size.height, size.width),
            "crops_coords_top_left": (0, 0),
        }


class FluxFamily:
    """Transformer on packed latents; guidance is an input of the model, where it has one at all."""

    denoiser_name = "transformer"
    size_step = 16

    def pipeline_class(self, mode: Mode) -> Any:
        """The diffusers class that draws in a mode."""
        return {
            Mode.TEXT: FluxPipeline,
            Mode.IMAGE: FluxImg2ImgPipeline,
            Mode.INPAINT: FluxInpaintPipeline,
        }[mode]

    def guided(self, guidance: float) -> bool:  # noqa: ARG002
        """Distilled: there is no negative prompt."""
        return False

    def steps_run(self, steps: int, strength: float) -> int:
        """Flux's image-to-image rounds up."""
        return steps - int(max(steps - min(steps * strength, steps), 0))

    def arguments(
        self,
        conditioning: Conditioning,  # noqa: ARG002
        guidance: float,
        size: Size,  # noqa: ARG002
    ) -> Mapping[str, object]:
        """The guidance, which schnell leaves unread."""
        return {"guidance_scale": guidance}


def family_named(name: FamilyName) -> DrawingFamily:
    """The family object of a base's row."""
    return SdxlFamily() if name is FamilyName.SDXL else FluxFamily()


def schedule_length(family: DrawingFamily, steps: int, strength: float | None) -> int:
    """Steps to ask the pipeline for, so that `steps` of them are really run.

    Image-to-image runs only the share `strength` of the schedule: 6 steps at 0.4 would run 2. The
    schedule is made finer instead, up to 1,000 steps.
    """
    if strength is None:
        return steps
    length = max(1, math.floor(steps / strength) - 1)
    while family.steps_run(length, strength) < steps and length < _MOST_STEPS:
        length += 1
    return min(length, _MOST_STEPS)
