"""How Flux learns: a transformer over 2×2-packed latents, rectified flow."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tools.architectures.chunks import captions_to_prompts, most_windows
from tools.architectures.flux.kohya import export_kohya
from tools.architectures.flux.text import FluxText
from tools.architectures.kohya import kohya_path
from tools.compute import Compute
from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.training.lora.data import Batch
from tools.training.lora.learner import Conditioning, Noise, encode_with
from tools.training.objective import (
    Prediction,
    add_flow_noise,
    target,
    to_flow_sigmas,
    weighted_errors,
)


class FluxLearner:
    """See `tools.training.lora.learner.Learner`."""

    denoiser = "transformer"
    autoencoder = "vae"
    texts: tuple[str, ...] = ("text_encoder", "text_encoder_2")
    trainable_text: tuple[str, ...] = ("text_encoder",)

    def __init__(
        self, pipeline: Any, row: BaseRow, config: LoraConfig, captions: Sequence[str]
    ) -> None:
        """Prepare for the captions of one run.

        Raises:
            BadInput: crops are asked for.
        """
        if config.crop_side is not None:
            raise BadInput(f"{row.name}: Flux has no crop conditioning; leave crop_side unset")
        self.pipeline = pipeline
        self._guided = bool(pipeline.transformer.config.guidance_embeds)
        self._text = FluxText(pipeline)
        self._windows = most_windows(self._text.cut, captions)

    def shaped(
        self,
        names: Sequence[str],  # noqa: ARG002
        compute: Compute,  # noqa: ARG002
    ) -> AbstractContextManager[None]:
        """As it is: nothing else was measured to be faster."""
        return nullcontext()

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Means of the autoencoder's distribution, shifted and scaled."""
        return encode_with(self.pipeline.vae, pixels)

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """Captions of the run."""
        return self._text.encode(captions_to_prompts(captions), self._windows)

    def errors(self, batch: Batch, text: Conditioning, noise: Noise) -> Tensor:
        """Unweighted flow-matching errors, (B,); noise shares follow the logit-normal law."""
        latents = batch.latents
        sigma = to_flow_sigmas(noise.levels).to(latents.device)
        answer = self._predict(add_flow_noise(latents, noise.values, sigma), sigma, text)
        return weighted_errors(
            answer, target(latents, noise.values, sigma, Prediction.FLOW), batch.weights
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

    def export(self, adapter: Path, folder: Path) -> None:
        """In kohya's format, with alpha, so that ComfyUI scales it as it was learned."""
        export_kohya(adapter, kohya_path(folder))

    def exported(self, folder: Path) -> Path:
        """Beside the adapter, by the folder's name."""
        return kohya_path(folder)


def unpacked(tokens: Tensor, height: int, width: int) -> Tensor:
    """Undo Flux's packing: (B, h/2 * w/2, 4 C) to (B, C, h, w)."""
    count, _, wide = tokens.shape
    grid = tokens.view(count, height // 2, width // 2, wide // 4, 2, 2)
    return grid.permute(0, 3, 1, 4, 2, 5).reshape(count, wide // 4, height, width)
