from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.architectures.architecture import Drawing, Mode, schedule_length
from tools.architectures.registry import ENTRIES, load_architecture
from tools.backends.bases import BaseCatalog
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.backends.local.samplers import fresh_scheduler
from tools.contracts.bases import Sampler

STRENGTHS = st.floats(min_value=0.02, max_value=1.0)


def drawing_of(name: str) -> Drawing:
    return load_architecture(name).draw


@given(st.sampled_from([entry.name for entry in ENTRIES]), st.integers(1, 20), STRENGTHS)
def test_all_steps_asked_for_are_run(name: str, steps: int, strength: float) -> None:
    drawing = drawing_of(name)
    length = schedule_length(drawing, steps, strength)
    run = drawing.steps_run(length, strength)
    assert run == steps or (run >= steps and strength < 1 and length == 1)
    assert drawing.steps_run(length, strength) >= 1


def test_six_turbo_steps_at_two_fifths_are_six() -> None:
    drawing = drawing_of("sdxl")
    assert drawing.steps_run(6, 0.4) == 2
    assert schedule_length(drawing, 6, 0.4) == 15
    assert schedule_length(drawing, 29, 0.29) == 101
    assert schedule_length(drawing, 6, None) == 6


def test_a_schedule_is_never_finer_than_the_noise_levels() -> None:
    assert schedule_length(drawing_of("sdxl"), 100, 0.05) == 1000


@pytest.fixture(scope="module", params=["sdxl", "flux-schnell", "micro"])
def base(request: pytest.FixtureRequest, catalog: BaseCatalog) -> LoadedBase:
    return load_base(catalog.row(request.param), catalog.folder(request.param), torch.device("cpu"))


@settings(max_examples=15)
@given(st.integers(1, 40), st.floats(min_value=0.1, max_value=1.0))
def test_the_count_is_the_pipelines_own(base: LoadedBase, steps: int, strength: float) -> None:
    if base.architecture.draw.steps_run(steps, strength) < 1:
        return
    for mode in (Mode.IMAGE, Mode.INPAINT):
        config, inpaint = base.pipeline.scheduler.config, mode is Mode.INPAINT
        scheduler = fresh_scheduler(base.row.sampler, config, [1], inpaint=inpaint)
        pipeline = base.for_mode(mode, scheduler, guided=True)
        if base.row.sampler is Sampler.FLOW_MATCH_EULER:
            scheduler.set_timesteps(steps, mu=0.5)
        else:
            scheduler.set_timesteps(steps)
        _, run = pipeline.get_timesteps(steps, strength, torch.device("cpu"))
        assert run == base.architecture.draw.steps_run(steps, strength)


def test_the_modes_share_every_part(base: LoadedBase) -> None:
    scheduler = fresh_scheduler(base.row.sampler, base.pipeline.scheduler.config, [1])
    for mode in Mode:
        pipeline = base.for_mode(mode, scheduler, guided=True)
        assert isinstance(pipeline, base.architecture.draw.pipelines[mode])
        denoiser = getattr(pipeline, base.architecture.draw.denoiser)
        assert denoiser is getattr(base.pipeline, base.architecture.draw.denoiser)
        assert pipeline.vae is base.pipeline.vae
        assert next(denoiser.parameters()).dtype is torch.float32
        assert getattr(pipeline, "watermark", None) is None
