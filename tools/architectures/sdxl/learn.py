"""How SDXL learns: a U-Net with size conditioning, epsilon- or v-prediction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import torch
from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0
from torch import Tensor

from tools.architectures.chunks import captions_to_prompts, most_windows
from tools.architectures.kohya import kohya_path
from tools.architectures.sdxl.kohya import export_kohya
from tools.architectures.sdxl.text import SdxlText
from tools.compute import Compute
from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.training.lora.data import Batch
from tools.training.lora.learner import Conditioning, Noise, encode_with
from tools.training.objective import (
    Prediction,
    add_noise,
    min_snr_weights,
    signal_levels,
    target,
    to_timesteps,
    weighted_errors,
)

_HIGHEST_CROP_NOISE = 0.8
"""Crops leave out the noisiest fifth, where only a whole picture's layout is decided."""


class SdxlLearner:
    """See `tools.training.lora.learner.Learner`."""

    denoiser = "unet"
    autoencoder = "vae"
    texts: tuple[str, ...] = ("text_encoder", "text_encoder_2")
    trainable_text: tuple[str, ...] = texts

    def __init__(
        self,
        pipeline: Any,
        row: BaseRow,  # noqa: ARG002 (as every architecture's learner is made)
        config: LoraConfig,
        captions: Sequence[str],
    ) -> None:
        """Prepare for the captions of one run; the longest decides how many windows each takes."""
        self.pipeline = pipeline
        self._text = SdxlText(pipeline)
        self._windows = most_windows(self._text.cut, captions)
        self._gamma = config.min_snr_gamma
        self._prediction = Prediction(pipeline.scheduler.config.prediction_type)
        self._signals = signal_levels(pipeline.scheduler)

    @contextmanager
    def shaped(self, names: Sequence[str], compute: Compute) -> Iterator[None]:
        """Channels last, and on a CPU attention as `compute` is faster; as it was afterwards."""
        with ExitStack() as stack:
            if self.denoiser in names:
                stack.enter_context(_shaped_unet(self.pipeline.unet, compute))
            if compute.device.type == "cpu":
                for name in set(self.texts) & set(names):
                    stack.enter_context(_plainly_attending(getattr(self.pipeline, name)))
            yield

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Means of the autoencoder's distribution, scaled."""
        return encode_with(self.pipeline.vae, pixels)

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """Captions of the run; an empty one is what the pipeline draws unconditionally by."""
        return self._text.encode(captions_to_prompts(captions), self._windows, wanted=False)

    def errors(self, batch: Batch, text: Conditioning, noise: Noise) -> Tensor:
        """Min-SNR-weighted errors, (B,)."""
        latents = batch.latents
        highest = _HIGHEST_CROP_NOISE if batch.is_crop else 1.0
        steps = to_timesteps(noise.levels, highest)
        signal = self._signals[steps].to(latents.device)
        steps = steps.to(latents.device)
        answer = self.pipeline.unet(
            add_noise(latents, noise.values, signal),
            steps,
            text.sequence,
            added_cond_kwargs={"text_embeds": text.pooled, "time_ids": batch.sizes},
        ).sample
        wanted = target(latents, noise.values, signal, self._prediction)
        weights = min_snr_weights(signal, self._gamma, self._prediction)
        return weighted_errors(answer, wanted, batch.weights) * weights

    def export(self, adapter: Path, folder: Path) -> None:
        """In kohya's format, which other studios' programs read."""
        export_kohya(adapter, kohya_path(folder))

    def exported(self, folder: Path) -> Path:
        """Beside the adapter, by the folder's name."""
        return kohya_path(folder)


@contextmanager
def _shaped_unet(unet: Any, compute: Compute) -> Iterator[None]:
    processors = unet.attn_processors
    if compute.device.type == "cpu":
        unet.set_attn_processor(AttnProcessor() if compute.plain_attention else AttnProcessor2_0())
    unet.to(memory_format=torch.channels_last)
    try:
        yield
    finally:
        unet.set_attn_processor(processors)
        unet.to(memory_format=torch.contiguous_format)


@contextmanager
def _plainly_attending(encoder: Any) -> Iterator[None]:
    """Two plain products are faster on a CPU than the fused kernel, where the text is short."""
    before = encoder.config._attn_implementation
    encoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        encoder.set_attn_implementation(before)
