"""What a diffusion model is asked to learn, as pure functions of tensors.

Knows noise schedules, targets and loss weights; must not know models, files or pictures. Latents
are (B, C, h, w), one number per sample is (B,), weight maps are (B, 1, h, w).
"""

from __future__ import annotations

from enum import StrEnum

import torch
from diffusers import DDPMScheduler
from diffusers.schedulers.scheduling_utils import SchedulerMixin
from torch import Tensor

NOISE_STEPS = 1000
_SMALLEST_SNR = 1e-8


class Prediction(StrEnum):
    """What the network's output means; the values are diffusers' own words."""

    EPSILON = "epsilon"
    V = "v_prediction"
    FLOW = "flow"
    """noise - latents, as in rectified flow."""


def signal_levels(scheduler: SchedulerMixin) -> Tensor:
    """Share of signal power left after each of the training steps.

    Args:
        scheduler: any diffusers scheduler whose configuration holds the training betas.

    Returns:
        (T,) in [0, 1], falling; `alphas_cumprod` of the training schedule.
    """
    trained = DDPMScheduler.from_config(scheduler.config)
    levels: Tensor = trained.alphas_cumprod
    return levels


def stratified_noise_levels(count: int, generator: torch.Generator) -> Tensor:
    """Numbers in [0, 1), one from each of `count` equal parts, in random order.

    The mean loss of a small batch then hangs less on luck (variational diffusion models, 2.5).

    Returns:
        (count,) float32 on the CPU.
    """
    parts = torch.randperm(count, generator=generator)
    return (parts + torch.rand(count, generator=generator)) / count


def to_timesteps(levels: Tensor, highest: float = 1.0) -> Tensor:
    """Turn numbers in [0, 1) into whole training steps in [0, highest * 1000), (B,) int64."""
    return (levels * highest * NOISE_STEPS).long().clamp(0, NOISE_STEPS - 1)


def to_flow_sigmas(levels: Tensor) -> Tensor:
    """Turn numbers in [0, 1) into noise shares by the logit-normal law (Stable Diffusion 3, 3.1).

    Returns:
        (B,) in (0, 1), most of them near one half.
    """
    inner = levels.clamp(1e-4, 1 - 1e-4)
    return torch.sigmoid(torch.erfinv(2 * inner - 1) * 2**0.5)


def add_noise(latents: Tensor, noise: Tensor, signal: Tensor) -> Tensor:
    """Variance-preserving mixture of (B, C, h, w) latents and noise; `signal` (B,) is its power."""
    share = signal.view(-1, 1, 1, 1)
    return share.sqrt() * latents + (1 - share).sqrt() * noise


def add_flow_noise(latents: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """Straight line from latents (sigma 0) to noise (sigma 1); `sigma` is (B,)."""
    share = sigma.view(-1, 1, 1, 1)
    return (1 - share) * latents + share * noise


def target(latents: Tensor, noise: Tensor, signal: Tensor, prediction: Prediction) -> Tensor:
    """What the network should answer, (B, C, h, w).

    Args:
        latents: clean, (B, C, h, w).
        noise: unit normal, same shape.
        signal: signal power, (B,); not used for flow matching.
        prediction: the network's parametrisation.
    """
    if prediction is Prediction.EPSILON:
        return noise
    if prediction is Prediction.FLOW:
        return noise - latents
    share = signal.view(-1, 1, 1, 1)
    return share.sqrt() * noise - (1 - share).sqrt() * latents


def min_snr_weights(signal: Tensor, gamma: float | None, prediction: Prediction) -> Tensor:
    """Loss weight of each sample by its signal-to-noise ratio (Min-SNR, arXiv:2303.09556).

    `min(snr, gamma) / snr` for epsilon, `min(snr, gamma) / (snr + 1)` for v; ones for flow
    matching or without gamma. Zero-terminal schedules (snr 0) stay finite.

    Returns:
        (B,), at most 1.
    """
    if gamma is None or prediction is Prediction.FLOW:
        return torch.ones_like(signal)
    snr = signal / (1 - signal).clamp_min(_SMALLEST_SNR)
    capped = snr.clamp_max(gamma)
    if prediction is Prediction.EPSILON:
        return torch.where(snr > 0, capped / snr.clamp_min(_SMALLEST_SNR), torch.ones_like(snr))
    return capped / (snr + 1)


def normalised_map(weights: Tensor) -> Tensor:
    """Scale each map of (B, 1, h, w) to mean 1, so that a small mask does not learn more slowly."""
    return weights / weights.mean(dim=(1, 2, 3), keepdim=True)


def weighted_errors(answer: Tensor, wanted: Tensor, weight_map: Tensor) -> Tensor:
    """Mean squared error of each sample under its weight map.

    Args:
        answer: network output, (B, C, h, w).
        wanted: target, same shape.
        weight_map: (B, 1, h, w), each of mean 1.

    Returns:
        (B,) float32.
    """
    squared = (answer.float() - wanted.float()) ** 2
    return (squared * weight_map).mean(dim=(1, 2, 3))
