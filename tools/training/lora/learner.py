"""What the training loop needs of an architecture: encoding, noising, calling the model, exporting.

Knows the questions; the answers are in `tools.architectures`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from tools.compute import Compute
from tools.contracts.memory import MemoryPlan
from tools.training.lora.data import Batch
from tools.training.objective import stratified_noise_levels


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

    def to(self, device: torch.device) -> Conditioning:
        """The same on a device."""
        return Conditioning(self.sequence.to(device), self.pooled.to(device))


def joined(parts: Sequence[Conditioning]) -> Conditioning:
    """Several batches as one, in their order."""
    return Conditioning(
        torch.cat([part.sequence for part in parts]), torch.cat([part.pooled for part in parts])
    )


@dataclass(frozen=True)
class Noise:
    """The randomness of a batch, drawn for all of it before it is split."""

    values: Tensor
    """(B, C, h, w), normal, on the latents' device."""
    levels: Tensor
    """(B,) in [0, 1) on the CPU: where in the noise schedule each sample stands."""

    def rows(self, chosen: slice) -> Noise:
        """The noise of some samples."""
        return Noise(self.values[chosen], self.levels[chosen])


def draw_noise(latents: Tensor, generator: torch.Generator) -> Noise:
    """Drawn on the CPU, so that a run is the same on every device."""
    values = torch.randn(latents.shape, generator=generator).to(latents.device)
    return Noise(values, stratified_noise_levels(len(latents), generator))


class Learner(Protocol):
    """A loaded pipeline that learns, prepared for the captions of one run."""

    pipeline: Any
    denoiser: str
    """Attribute of the pipeline, and prefix of the adapter's keys."""
    autoencoder: str
    """Attribute of the pipeline."""
    texts: tuple[str, ...]
    """Pipeline attributes of all text encoders."""
    trainable_text: tuple[str, ...]
    """Those of them that may be adapted."""

    def shaped(self, names: Sequence[str], compute: Compute) -> AbstractContextManager[None]:
        """Within it these models have the attention and memory layout that learn fastest."""

    def encode_pictures(self, pixels: Tensor) -> Tensor:
        """Latents (B, C, h, w) of pixels (B, 3, H, W) in [-1, 1]."""

    def encode_text(self, captions: Sequence[str]) -> Conditioning:
        """Conditioning of captions of this run."""

    def errors(self, batch: Batch, text: Conditioning, noise: Noise) -> Tensor:
        """Weighted error of each sample, (B,); each hangs on its own sample and noise alone."""

    def export(self, adapter: Path, folder: Path) -> None:
        """Write a finished adapter into a folder as other programs expect it, where that differs."""

    def exported(self, folder: Path) -> Path | None:
        """Where it was written; None where other programs read diffusers' own format."""


Present = Callable[[Sequence[str]], AbstractContextManager[None]]
"""Within it these models of a learner's pipeline are on the device and frozen."""


@dataclass(frozen=True)
class Means:
    """With what a run is trained."""

    compute: Compute
    plan: MemoryPlan
    """How many samples go through the denoiser at once, and how its memory is saved. It does not change
    what is learned beyond the last bits, so that a run may go on by another plan."""
    present: Present
    training_adapter: Path | None = None
    """Of the denoiser, in this program's form: on and frozen while another learns, and in no file of the
    run."""


@torch.no_grad()
def encode_with(autoencoder: Any, pixels: Tensor) -> Tensor:
    """Means of an autoencoder's distribution, shifted and scaled as its denoiser sees them."""
    weight = next(autoencoder.parameters())
    means: Tensor = autoencoder.encode(pixels.to(weight.device, weight.dtype)).latent_dist.mean
    shift = getattr(autoencoder.config, "shift_factor", None) or 0.0
    return (means.float() - shift) * float(autoencoder.config.scaling_factor)
