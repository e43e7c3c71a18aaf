"""In what the families differ for a trainer: encoding, noising, calling the model.

Knows the diffusers pipelines of SDXL's and Flux's architecture; must not know adapters, steps or
files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from tools.contracts.bases import BaseRow
from tools.contracts.bases import Family as FamilyName
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.training.lora.data import Batch
from tools.training.lora.text import Conditioning, FluxText, SdxlText
from tools.training.objective import (
    Prediction,
    add_flow_noise,
    add_noise,
    min_snr_weights,
    signal_levels,
    stratified_noise_levels,
    target,
    to_flow_sigmas,
    to_timesteps,
    weighted_errors,
)

_HIGHEST_CROP_NOISE = 0.8
"""Crops leave out the noisiest fifth, where only a whole picture's layout is decided."""
_FLUX_TEXT_TOKENS = {False: 256, True: 512}
"""T5 tokens without (schnell) and with (dev) guidance embedding."""


class DiffusionFamily(Protocol):
    """What the training loop needs of an architecture."""

    denoiser_name: str
    """Attribute of the pipeline, and prefix of the adapter's keys."""
    trainable_text: tuple[str, ...]
    """Pipeline attributes of the text encoders that may be adapted."""
    pipeline: Any

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Latents (B, C, h, w) of pixels (B, 3, H, W) in [-1, 1]."""

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """Conditioning of captions of this run."""

    def errors(self, batch: Batch, text: Conditioning, generator: torch.Generator) -> Tensor:
        """Weighted error of each sample, (B,); all randomness comes from the generator."""


def family_for(
    pipeline: Any, row: BaseRow, config: LoraConfig, captions: Sequence[str]
) -> DiffusionFamily:
    """The family of a loaded pipeline, prepared for the captions of one run.

    Raises:
        BadInput: the configuration asks for what the family cannot do.
    """
    if row.family is FamilyName.SDXL:
        return SdxlFamily(pipeline, config, captions)
    if config.crop_side is not None:
        raise BadInput(f"{row.name}: Flux has no crop conditioning; leave crop_side unset")
    return FluxFamily(pipeline)


class SdxlFamily:
    """U-Net with SDXL's size conditioning; epsilon- or v-prediction."""

    denoiser_name = "unet"
    trainable_text: tuple[str, ...] = ("text_encoder", "text_encoder_2")

    def __init__(self, pipeline: Any, config: LoraConfig, captions: Sequence[str]) -> None:
        self.pipeline = pipeline
        self._text = SdxlText(pipeline, captions)
        self._gamma = config.min_snr_gamma
        self._prediction = Prediction(pipeline.scheduler.config.prediction_type)
        self._signals = signal_levels(pipeline.scheduler).to(pipeline.unet.device)

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Means of the autoencoder's distribution, scaled."""
        return _encode(self.pipeline.vae, pixels)

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """See `SdxlText.encode`."""
        return self._text.encode(captions)

    def errors(self, batch: Batch, text: Conditioning, generator: torch.Generator) -> Tensor:
        """Min-SNR-weighted errors, (B,)."""
        latents = batch.latents
        noise = _noise_like(latents, generator)
        highest = _HIGHEST_CROP_NOISE if batch.is_crop else 1.0
        steps = to_timesteps(stratified_noise_levels(len(latents), generator), highest)
        steps = steps.to(latents.device)
        signal = self._signals[steps]
        answer = self.pipeline.unet(
            add_noise(latents, noise, signal),
            steps,
            text.sequence,
            added_cond_kwargs={"text_embeds": text.pooled, "time_ids": batch.sizes},
        ).sample
        wanted = target(latents, noise, signal, self._prediction)
        weights = min_snr_weights(signal, self._gamma, self._prediction)
        return weighted_errors(answer, wanted, batch.weights) * weights


class FluxFamily:
    """Transformer over 2×2-packed latents; rectified flow."""

    denoiser_name = "transformer"
    trainable_text: tuple[str, ...] = ("text_encoder",)

    def __init__(self, pipeline: Any) -> None:
        self.pipeline = pipeline
        self._guided = bool(pipeline.transformer.config.guidance_embeds)
        self._text = FluxText(pipeline, _FLUX_TEXT_TOKENS[self._guided])

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Means of the autoencoder's distribution, shifted and scaled."""
        return _encode(self.pipeline.vae, pixels)

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """See `FluxText.encode`."""
        return self._text.encode(captions)

    def errors(self, batch: Batch, text: Conditioning, generator: torch.Generator) -> Tensor:
        """Unweighted flow-matching errors, (B,); noise shares follow the logit-normal law."""
        latents = batch.latents
        noise = _noise_like(latents, generator)
        sigma = to_flow_sigmas(stratified_noise_levels(len(latents), generator)).to(latents.device)
        answer = self._predict(add_flow_noise(latents, noise, sigma), sigma, text)
        return weighted_errors(
            answer, target(latents, noise, sigma, Prediction.FLOW), batch.weights
        )

    def _predict(self, noisy: Tensor, sigma: Tensor, text: Conditioning) -> Tensor:
        """Velocity of unpacked latents (B, C, h, w), same shape."""
        count, channels, height, width = noisy.shape
        pipeline = self.pipeline
        packed = pipeline._pack_latents(noisy, count, channels, height, width)
        positions = pipeline._prepare_latent_image_ids(
            count, height // 2, width // 2, noisy.device, noisy.dtype
        )
        guidance = torch.ones(count, device=noisy.device) if self._guided else None
        answer = pipeline.transformer(
            hidden_states=packed,
            timestep=sigma,
            guidance=guidance,
            pooled_projections=text.pooled,
            encoder_hidden_states=text.sequence,
            txt_ids=torch.zeros(text.sequence.shape[1], 3, device=noisy.device),
            img_ids=positions,
        ).sample
        return unpacked(answer, height, width)


def unpacked(tokens: Tensor, height: int, width: int) -> Tensor:
    """Undo Flux's packing: (B, h/2 * w/2, 4 C) to (B, C, h, w)."""
    count, _, wide = tokens.shape
    grid = tokens.view(count, height // 2, width // 2, wide // 4, 2, 2)
    return grid.permute(0, 3, 1, 4, 2, 5).reshape(count, wide // 4, height, width)


@torch.no_grad()
def _encode(vae: Any, pixels: Tensor) -> Tensor:
    weight = next(vae.parameters())
    means: Tensor = vae.encode(pixels.to(weight.device, weight.dtype)).latent_dist.mean
    shift = getattr(vae.config, "shift_factor", None) or 0.0
    return (means.float() - shift) * float(vae.config.scaling_factor)


def _noise_like(latents: Tensor, generator: torch.Generator) -> Tensor:
    """Drawn on the CPU, so that a run is the same on every device."""
    return torch.randn(latents.shape, generator=generator).to(latents.device)
