"""A fresh scheduler for each call: schedulers keep state, and one shared by two calls mixes them.

Knows diffusers' scheduler classes and how they place noise levels; must not know prompts or pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    DPMSolverSDEScheduler,
    FlowMatchEulerDiscreteScheduler,
)
from diffusers.schedulers.scheduling_dpmsolver_sde import BrownianTreeNoiseSampler
from torch import Tensor

from tools.contracts.bases import Sampler


def fresh_scheduler(
    sampler: Sampler, config: Mapping[str, object], seeds: Sequence[int], *, inpaint: bool = False
) -> Any:
    """Build the scheduler of one call.

    Args:
        sampler: the row's.
        config: the base's own scheduler config (betas, prediction type, shift).
        seeds: one a picture. DPM++ SDE draws noise inside its steps and takes no generator: each
            picture gets a noise source of its own, so that it does not depend on its neighbours.
        inpaint: whether a part of the picture is kept. DPM++ SDE evaluates each step in two stages, and
            pipelines noise what is kept to the end of the step after the first already: the two
            parts would be at different levels. Its first order has one stage, on the same levels.
    """
    if sampler is Sampler.DPM_SOLVER_MULTISTEP:
        return DPMSolverMultistepScheduler.from_config(
            config, algorithm_type="dpmsolver++", use_karras_sigmas=True
        )
    if sampler is Sampler.DPM_SOLVER_SDE:
        return _first_order_sde(config) if inpaint else _sde(config, seeds)
    return FlowMatchEulerDiscreteScheduler.from_config(config)


def _sde(config: Mapping[str, object], seeds: Sequence[int]) -> Any:
    """Evenly spaced: Karras levels run between a spacing's ends, and the others cut an end off."""
    return _HostNoiseSde.from_config(
        config,
        use_karras_sigmas=True,
        timestep_spacing="linspace",
        noise_sampler_seed=list(seeds),
    )


def _first_order_sde(config: Mapping[str, object]) -> Any:
    """DPM++ SDE of order one; its noise is of the generators that the pipeline hands it."""
    return DPMSolverMultistepScheduler.from_config(
        config,
        algorithm_type="sde-dpmsolver++",
        solver_order=1,
        use_karras_sigmas=True,
        timestep_spacing="linspace",
        final_sigmas_type="zero",
    )


class _HostNoiseSde(DPMSolverSDEScheduler):  # type: ignore[misc]
    """Draws its noise on the CPU, in fp32, so that a seed means the same on every device."""

    noise_sampler: Any

    def step(self, model_output: Tensor, timestep: Tensor, sample: Tensor, **options: Any) -> Any:
        """See diffusers; it would take a noise source of the sample's device and numbers."""
        if self.noise_sampler is None:
            levels = self.sigmas[self.sigmas > 0]
            self.noise_sampler = _HostNoise(sample, levels, self.noise_sampler_seed)
        return super().step(model_output, timestep, sample, **options)


class _HostNoise:
    """Brownian paths over the noise levels, one a picture, handed on as the sample lies."""

    def __init__(self, sample: Tensor, levels: Tensor, seeds: Sequence[int]) -> None:
        self._device, self._dtype = sample.device, sample.dtype
        ends = levels.min().item(), levels.max().item()
        self._paths = BrownianTreeNoiseSampler(torch.zeros(sample.shape), *ends, list(seeds))

    def __call__(self, sigma: Tensor, following: Tensor) -> Tensor:
        """Unit noise between two levels, of the sample's shape."""
        noise: Tensor = self._paths(sigma, following)
        return noise.to(self._device, self._dtype)
