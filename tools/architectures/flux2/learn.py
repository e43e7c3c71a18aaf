"""How FLUX.2 klein learns: a transformer over 2×2 patches of normalised latents, rectified flow."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tools.architectures.chunks import captions_to_prompts, most_windows
from tools.architectures.flux2.text import Flux2Text
from tools.compute import Compute
from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.training.lora.data import Batch
from tools.training.lora.learner import Conditioning, Noise
from tools.training.objective import (
    Prediction,
    add_flow_noise,
    target,
    to_flow_sigmas,
    weighted_errors,
)


class Flux2Learner:
    """See `tools.training.lora.learner.Learner`. Its latents are patches: (B, 128, H/16, W/16)."""

    denoiser = "transformer"
    autoencoder = "vae"
    texts: tuple[str, ...] = ("text_encoder",)
    trainable_text: tuple[str, ...] = ()

    def __init__(
        self, pipeline: Any, row: BaseRow, config: LoraConfig, captions: Sequence[str]
    ) -> None:
        """Prepare for the captions of one run.

        Raises:
            BadInput: crops are asked for, or that the text encoder learns.
        """
        if config.crop_side is not None:
            raise BadInput(f"{row.name}: FLUX.2 has no crop conditioning; leave crop_side unset")
        if config.text_learning_rate is not None:
            raise BadInput(
                f"{row.name}: FLUX.2's language model does not learn; leave text_learning_rate unset"
            )
        self.pipeline = pipeline
        self._text = Flux2Text(pipeline)
        self._windows = most_windows(self._text.cut, captions)

    def shaped(
        self,
        names: Sequence[str],  # noqa: ARG002
        compute: Compute,  # noqa: ARG002
    ) -> AbstractContextManager[None]:
        """As it is: nothing else was measured to be faster."""
        return nullcontext()

    @torch.no_grad()
    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """The autoencoder's means in 2×2 patches, each channel normalised by its batch statistics."""
        autoencoder = self.pipeline.vae
        weight = next(autoencoder.parameters())
        means = autoencoder.encode(pixels.to(weight.device, weight.dtype)).latent_dist.mean
        patches: Tensor = self.pipeline._patchify_latents(means.float())
        norm = autoencoder.bn
        centre = norm.running_mean.float().view(1, -1, 1, 1)
        spread = (norm.running_var.float() + autoencoder.config.batch_norm_eps).sqrt()
        latents: Tensor = (patches - centre) / spread.view(1, -1, 1, 1)
        return latents

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
        """Velocity of patches (B, C, h, w), same shape."""
        pipeline, device = self.pipeline, noisy.device
        answer = pipeline.transformer(
            hidden_states=pipeline._pack_latents(noisy),
            timestep=sigma,
            guidance=None,
            encoder_hidden_states=text.sequence,
            txt_ids=pipeline._prepare_text_ids(text.sequence).to(device),
            img_ids=pipeline._prepare_latent_ids(noisy).to(device),
        ).sample
        return answer.transpose(1, 2).reshape(noisy.shape)  # type: ignore[no-any-return]

    def export(self, adapter: Path, folder: Path) -> None:
        """Nothing: other programs read FLUX.2 adapters as diffusers writes them."""

    def exported(self, folder: Path) -> Path | None:  # noqa: ARG002
        """Nowhere."""
        return None
