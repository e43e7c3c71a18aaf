from __future__ import annotations

import pytest
import torch
from diffusers import DPMSolverMultistepScheduler, DPMSolverSDEScheduler

from tools.backends.local.samplers import fresh_scheduler
from tools.contracts.bases import Sampler

CONFIG = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def stepped(seeds: list[int], row: int) -> torch.Tensor:
    """One picture's sample after the noisy first step of DPM++ SDE."""
    scheduler = fresh_scheduler(Sampler.DPM_SOLVER_SDE, CONFIG, seeds)
    scheduler.set_timesteps(4)
    sample = torch.ones(len(seeds), 4, 8, 8)
    for time in scheduler.timesteps[:2]:
        sample = scheduler.step(torch.zeros_like(sample), time, sample).prev_sample
    return sample[row]


@pytest.mark.filterwarnings("ignore")
def test_each_picture_has_its_own_noise_whoever_is_beside_it() -> None:
    assert stepped([5], 0).equal(stepped([5], 0))
    assert stepped([5], 0).equal(stepped([9, 5, 7], 1))
    assert not stepped([5], 0).equal(stepped([6], 0))


@pytest.mark.filterwarnings("ignore")
def test_the_bases_own_prediction_and_karras_sigmas_are_kept() -> None:
    config = CONFIG | {"prediction_type": "v_prediction"}
    multistep = fresh_scheduler(Sampler.DPM_SOLVER_MULTISTEP, config, [1])
    assert isinstance(multistep, DPMSolverMultistepScheduler)
    assert multistep.config.prediction_type == "v_prediction"
    assert multistep.config.use_karras_sigmas
    assert multistep.config.algorithm_type == "dpmsolver++"
    sde = fresh_scheduler(Sampler.DPM_SOLVER_SDE, config, [1])
    assert isinstance(sde, DPMSolverSDEScheduler)
    assert sde.config.use_karras_sigmas


def test_a_call_never_gets_another_calls_scheduler() -> None:
    config = {"shift": 1.0}
    first = fresh_scheduler(Sampler.FLOW_MATCH_EULER, config, [1])
    assert fresh_scheduler(Sampler.FLOW_MATCH_EULER, config, [1]) is not first
