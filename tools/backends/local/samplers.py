"""A fresh scheduler for each call: schedulers keep state, and one shared by two calls mixes them.

Knows diffusers' scheduler classes; must not know prompts or pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diffusers import (
    DPMSolverMultistepScheduler,
    DPMSolverSDEScheduler,
    FlowMatchEulerDiscreteScheduler,
)

from tools.contracts.bases import Sampler


def fresh_scheduler(sampler: Sampler, config: Mapping[str, object], seeds: Sequence[int]) -> Any:
    """Build the scheduler of one call.

    Args:
        sampler: the row's.
        config: the base's own scheduler config (betas, prediction type, shift).
        seeds: one a picture. DPM++ SDE draws noise inside its steps and takes no generator: each
            picture gets a noise source of its own, so that it does not depend on its neighbours.
    """
    if sampler is Sampler.DPM_SOLVER_MULTISTEP:
        return DPMSolverMultistepScheduler.from_config(
            config, algorithm_type="dpmsolver++", use_karras_sigmas=True
        )
    if sampler is Sampler.DPM_SOLVER_SDE:
        return DPMSolverSDEScheduler.from_config(
            config, use_karras_sigmas=True, noise_sampler_seed=list(seeds)
        )
    return FlowMatchEulerDiscreteScheduler.from_config(config)
