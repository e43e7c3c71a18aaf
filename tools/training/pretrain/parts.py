"""The trained parts of a base: two text encoders and a U-Net, loaded from a diffusers folder.

Knows what makes them train fast and right on this device; must not know pictures or schedules.
"""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from diffusers import StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from diffusers.models.upsampling import Upsample2D
from torch import Tensor
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from tools.compute import Compute, pretraining_compute, resolve_device
from tools.errors import BadInput
from tools.training.objective import Prediction, signal_levels

_MUON_SIDE = 32
"""Smaller matrices gain nothing from being made orthogonal."""


class SafeUpsample(torch.nn.Module):
    """Nearest ×2 and convolution, without `interpolate`.

    The compiled backward pass of `interpolate` inside a U-Net gives wrong gradients on a CPU
    (torch 2.13).
    """

    def __init__(self, conv: torch.nn.Module) -> None:
        """Take over the convolution of diffusers' `Upsample2D`, under the same parameter names."""
        super().__init__()
        self.conv = conv

    def forward(self, hidden: Tensor, output_size: object = None) -> Tensor:  # noqa: ARG002
        """Return (batch, channels, 2 × height, 2 × width); diffusers also passes a size."""
        batch, channels, height, width = hidden.shape
        twice = hidden[:, :, :, None, :, None].expand(batch, channels, height, 2, width, 2)
        return cast(Tensor, self.conv(twice.reshape(batch, channels, 2 * height, 2 * width)))


class Parts(torch.nn.Module):
    """What is trained, as one module: its state is what a checkpoint keeps."""

    def __init__(
        self,
        text_encoder: CLIPTextModel,
        text_encoder_2: CLIPTextModelWithProjection,
        unet: UNet2DConditionModel,
        compute: Compute,
    ) -> None:
        """Take the three modules of a loaded pipeline, and how they compute."""
        super().__init__()
        self.compute = compute
        self.text_encoder, self.text_encoder_2, self.unet = text_encoder, text_encoder_2, unet
        self._denoise = unet

    def compile_unet(self) -> None:
        """Compile the U-Net once per picture size."""
        self.__dict__["_denoise"] = torch.compile(self.unet, dynamic=False)

    def averaged_copy(self) -> Parts:
        """Return a frozen copy in evaluation mode, not compiled."""
        twin = Parts(
            copy.deepcopy(self.text_encoder),
            copy.deepcopy(self.text_encoder_2),
            copy.deepcopy(self.unet),
            self.compute,
        )
        return twin.eval().requires_grad_(False)

    def forward(self, noisy: Tensor, steps: Tensor, tokens: Tensor, time_ids: Tensor) -> Tensor:
        """Predict as the base does.

        Args:
            noisy: latents (batch, 4, height, width).
            steps: noise levels (batch,).
            tokens: ids for both encoders (batch, 2, 77).
            time_ids: SDXL's size conditioning in pixels (batch, 6).

        Returns:
            The base's prediction (batch, 4, height, width), float32.
        """
        with self.compute.autocast():
            first = self.text_encoder(tokens[:, 0], output_hidden_states=True)
            second = self.text_encoder_2(tokens[:, 1], output_hidden_states=True)
            words = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1)
            size = {"text_embeds": second.text_embeds, "time_ids": time_ids}
            predicted = self._denoise(noisy, steps, words, added_cond_kwargs=size).sample
        return cast(Tensor, predicted.float())

    def muon_and_other(self) -> tuple[list[torch.nn.Parameter], list[torch.nn.Parameter]]:
        """Separate the U-Net's inner matrices (for Muon) from everything else (for AdamW)."""
        matrices = [p for name, p in self.unet.named_parameters() if _is_inner_matrix(name, p)]
        chosen = {id(p) for p in matrices}
        return matrices, [p for p in self.parameters() if id(p) not in chosen]


@dataclass(frozen=True)
class Base:
    """A loaded base: the pipeline that draws, and the parts of it that are trained."""

    pipeline: StableDiffusionXLPipeline
    parts: Parts
    side: int
    """Native side of a picture in pixels."""
    factor: int
    """Pixels along a latent's side."""
    signal: Tensor
    """Signal power left at each noise level, (levels,)."""
    prediction: Prediction

    @property
    def compute(self) -> Compute:
        """How it computes."""
        return self.parts.compute

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.parts.compute.device

    def tokens(self, captions: list[str]) -> Tensor:
        """Return both tokenizers' ids, (captions, 2, 77) int32; longer captions are cut."""
        ids = [
            tokenizer(
                captions, padding="max_length", truncation=True, max_length=77, return_tensors="pt"
            ).input_ids
            for tokenizer in (self.pipeline.tokenizer, self.pipeline.tokenizer_2)
        ]
        return torch.stack(ids, dim=1).int()


def load_base(source: Path, device: str) -> Base:
    """Load a diffusers SDXL folder in float32, ready to train.

    Args:
        source: a `StableDiffusionXLPipeline` folder.
        device: `auto`, `cpu` or `cuda`.

    Raises:
        BadInput: not such a folder.
    """
    compute = pretraining_compute(resolve_device(device))
    try:
        pipeline = StableDiffusionXLPipeline.from_pretrained(
            source, dtype=compute.storage, local_files_only=True, add_watermarker=False
        )
    except (OSError, ValueError) as error:
        raise BadInput(f"{source}: not a StableDiffusionXLPipeline folder ({error})") from error
    pipeline.set_progress_bar_config(disable=True)
    pipeline.vae.eval().requires_grad_(False)
    make_upsampling_safe(pipeline.unet)
    pipeline.to(compute.device)
    pipeline.unet.to(memory_format=torch.channels_last)
    if compute.device.type == "cpu":
        _use_fast_attention(pipeline, compute)
    parts = Parts(pipeline.text_encoder, pipeline.text_encoder_2, pipeline.unet, compute)
    factor = 2 ** (len(pipeline.vae.config.block_out_channels) - 1)
    return Base(
        pipeline=pipeline,
        parts=parts.train().requires_grad_(True),
        side=pipeline.unet.config.sample_size * factor,
        factor=factor,
        signal=signal_levels(pipeline.scheduler).to(compute.device),
        prediction=Prediction(pipeline.scheduler.config.prediction_type),
    )


def can_compile(device: torch.device) -> bool:
    """Return whether `torch.compile` finds what it needs (a C++ compiler on a CPU)."""
    return device.type == "cuda" or any(shutil.which(name) for name in ("g++", "clang++", "c++"))


def make_upsampling_safe(unet: UNet2DConditionModel) -> None:
    """Replace every ×2 `Upsample2D` of a U-Net by `SafeUpsample`; weights and their names stay."""
    for block in unet.up_blocks:
        for index, layer in enumerate(block.upsamplers or ()):
            if isinstance(layer, Upsample2D):
                block.upsamplers[index] = SafeUpsample(layer.conv)


def _use_fast_attention(pipeline: StableDiffusionXLPipeline, compute: Compute) -> None:
    """Use plain products where they beat the fused attention; short texts always do."""
    if compute.plain_attention:
        pipeline.unet.set_attn_processor(AttnProcessor())
    for encoder in (pipeline.text_encoder, pipeline.text_encoder_2):
        encoder.set_attn_implementation("eager")


def _is_inner_matrix(name: str, parameter: torch.nn.Parameter) -> bool:
    outer = name.startswith(("conv_in", "conv_out"))
    return parameter.ndim >= 2 and not outer and min(parameter.flatten(1).shape) >= _MUON_SIDE
