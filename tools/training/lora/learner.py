"""What the training loop needs of an architecture: encoding, noising, calling the model, exporting.

Knows the questions; the answers are in `tools.architectures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from tools.compute import Compute
from tools.training.lora.data import Batch


@dataclass(frozen=True)
class Conditioning:
    """Encoded texts of a batch."""

    sequence: Tensor
    """(B, L, D)"""
    pooled: Tensor
    """(B, P)"""

    def rows(self, indices: Sequence[int]) -> Conditioning:
        """The conditioning of the texts at these places, (len(indices), ...)."""
        chosen = torch.tensor(list(indices), device=self.sequence.device)
        return Conditioning(self.sequence[chosen], self.pooled[chosen])


def joined(parts: Sequence[Conditioning]) -> Conditioning:
    """Several batches as one, in their order."""
    return Conditioning(
        torch.cat([part.sequence for part in parts]), torch.cat([part.pooled for part in parts])
    )


class Learner(Protocol):
    """A loaded pipeline that learns, prepared for the captions of one run."""

    pipeline: Any
    denoiser: str
    """Attribute of the pipeline, and prefix of the adapter's keys."""
    trainable_text: tuple[str, ...]
    """Pipeline attributes of the text encoders that may be adapted."""

    def shaped(self, compute: Compute) -> AbstractContextManager[None]:
        """Within it the models have the attention and memory layout that learn fastest."""

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Latents (B, C, h, w) of pixels (B, 3, H, W) in [-1, 1]."""

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """Conditioning of captions of this run."""

    def errors(self, batch: Batch, text: Conditioning, generator: torch.Generator) -> Tensor:
        """Weighted error of each sample, (B,); all randomness comes from the generator."""

    def export(self, adapter: Path, folder: Path) -> None:
        """Write a finished adapter into a folder as other programs expect it, where that differs."""

    def exported(self, folder: Path) -> Path | None:
        """Where it was written; None where other programs read diffusers' own format."""


@torch.no_grad()
def encode_with(autoencoder: Any, pixels: Tensor) -> Tensor:
    """Means of an autoencoder's distribution, shifted and scaled as its denoiser sees them."""
    weight = next(autoencoder.parameters())
    means: Tensor = autoencoder.encode(pixels.to(weight.device, weight.dtype)).latent_dist.mean
    shift = getattr(autoencoder.config, "shift_factor", None) or 0.0
    return (means.float() - shift) * float(autoencoder.config.scaling_factor)


def noise_like(latents: Tensor, generator: torch.Generator) -> Tensor:
    """Drawn on the CPU, so that a run is the same on every device."""
    return torch.randn(latents.shape, generator=generator).to(latents.device)
