from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DPMSolverMultistepScheduler, DPMSolverSDEScheduler

from tools.architectures.architecture import Mode
from tools.backends.bases import BaseCatalog
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.backends.local.samplers import fresh_scheduler
from tools.contracts.bases import Sampler

CONFIG = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
HIGHEST, LOWEST = 14.6146, 0.0292
"""Noise levels at the ends of SDXL's training."""


def stepped(seeds: list[int], row: int, device: str = "cpu") -> torch.Tensor:
    """One picture's sample after the noisy first step of DPM++ SDE."""
    scheduler = fresh_scheduler(Sampler.DPM_SOLVER_SDE, CONFIG, seeds)
    scheduler.set_timesteps(4)
    sample = torch.ones(len(seeds), 4, 8, 8, device=device)
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


@pytest.mark.gpu
@pytest.mark.filterwarnings("ignore")
def test_a_seed_means_the_same_on_a_card() -> None:
    assert torch.allclose(stepped([5], 0), stepped([5], 0, "cuda").cpu(), atol=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_noise_is_drawn_in_fp32_and_handed_on_in_the_samples_numbers() -> None:
    def second(numbers: torch.dtype) -> torch.Tensor:
        scheduler = fresh_scheduler(Sampler.DPM_SOLVER_SDE, CONFIG, [5])
        scheduler.set_timesteps(4)
        zeros = torch.zeros(1, 4, 8, 8, dtype=numbers)
        moved: torch.Tensor = scheduler.step(zeros, scheduler.timesteps[0], zeros).prev_sample
        assert moved.dtype is numbers
        return moved.float()

    fine = second(torch.float32)
    assert torch.allclose(second(torch.bfloat16), fine, rtol=0.02, atol=0.02)
    assert fine.std() > 1


@pytest.mark.parametrize("inpaint", [False, True])
@pytest.mark.parametrize("steps", [4, 6, 8])
@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
def test_turbo_begins_at_full_noise_and_ends_at_the_least_however_its_checkpoint_spaces(
    spacing: str, steps: int, inpaint: bool
) -> None:
    config = CONFIG | {"timestep_spacing": spacing, "steps_offset": 1}
    scheduler = fresh_scheduler(Sampler.DPM_SOLVER_SDE, config, [1], inpaint=inpaint)
    scheduler.set_timesteps(steps)
    levels = scheduler.sigmas[scheduler.sigmas > 0]
    assert levels.max().item() == pytest.approx(HIGHEST, abs=1e-3)
    assert levels.min().item() == pytest.approx(LOWEST, abs=1e-4)
    assert len(levels.unique()) == steps
    assert scheduler.sigmas[-1] == 0


@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
def test_the_multistep_sampler_spaces_as_its_base_does(spacing: str) -> None:
    config = CONFIG | {"timestep_spacing": spacing}
    for inpaint in (False, True):
        scheduler = fresh_scheduler(Sampler.DPM_SOLVER_MULTISTEP, config, [1], inpaint=inpaint)
        assert scheduler.config.timestep_spacing == spacing
        assert (scheduler.config.algorithm_type, scheduler.config.solver_order) == (
            "dpmsolver++",
            2,
        )


@pytest.fixture(scope="module")
def turbo(catalog: BaseCatalog) -> LoadedBase:
    return load_base(catalog.row("sdxl"), catalog.folder("sdxl"), torch.device("cpu"))


def spreads(base: LoadedBase, sampler: Sampler, steps: int) -> list[tuple[float, float]]:
    """Noise of the kept and of the repainted half of an empty picture, evaluation by evaluation.

    The U-Net answers what is true of an empty picture: all that it is shown is noise.
    """
    found: list[tuple[float, float]] = []

    def truth(_: object, inputs: tuple[torch.Tensor, torch.Tensor], __: object) -> Any:
        share = np.interp(inputs[1].item(), np.arange(1000), signal)
        return (inputs[0] / (1 - share) ** 0.5,)

    def look(_: object, __: int, ___: object, values: dict[str, torch.Tensor]) -> Any:
        kept, repainted = values["latents"].chunk(2, dim=-1)
        found.append((kept.std().item(), repainted.std().item()))
        return {}

    config = base.pipeline.scheduler.config
    scheduler = fresh_scheduler(sampler, config, [3], inpaint=True)
    signal = scheduler.alphas_cumprod.numpy()
    pipeline = base.for_mode(Mode.INPAINT, scheduler, guided=False)
    mask = torch.zeros(1, 1, 512, 512)
    mask[..., 256:] = 1
    hook = pipeline.unet.register_forward_hook(truth)
    try:
        pipeline(
            prompt="nothing",
            image=torch.zeros(1, 4, 64, 64),
            mask_image=mask,
            height=512,
            width=512,
            strength=0.99,
            guidance_scale=1.0,
            num_inference_steps=steps,
            generator=[torch.Generator().manual_seed(3)],
            callback_on_step_end=look,
            output_type="latent",
        )
    finally:
        hook.remove()
    return found


@pytest.mark.parametrize("steps", [5, 7, 9])
@pytest.mark.parametrize("sampler", [Sampler.DPM_SOLVER_SDE, Sampler.DPM_SOLVER_MULTISTEP])
def test_kept_and_repainted_are_equally_noisy_after_each_evaluation(
    turbo: LoadedBase, sampler: Sampler, steps: int
) -> None:
    found = spreads(turbo, sampler, steps)
    assert len(found) == steps - 1
    for kept, repainted in found[:-1]:
        assert repainted == pytest.approx(kept, rel=0.05)
    assert found[-1] == pytest.approx((0, 0), abs=1e-2)
