from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tools.training.pretrain.schedule import (
    average_decay,
    crop_factor,
    learning_rate_factor,
    noise_steps,
)


def test_rate_warms_up_stays_and_falls_to_a_twenty_fifth() -> None:
    assert learning_rate_factor(0.0, 0, 100) == pytest.approx(0.01)
    assert learning_rate_factor(0.0, 99, 100) == learning_rate_factor(0.29, 5000, 100) == 1.0
    assert learning_rate_factor(0.65, 5000, 100) == pytest.approx(0.5)
    assert learning_rate_factor(1.0, 5000, 100) == pytest.approx(0.04)


@given(st.floats(0, 1), st.floats(0, 1))
def test_rate_never_rises_after_the_warm_up(first: float, second: float) -> None:
    early, late = sorted((first, second))
    assert learning_rate_factor(late, 1000, 100) <= learning_rate_factor(early, 1000, 100)


def test_crops_are_halved_and_then_end() -> None:
    assert [crop_factor(share) for share in (0.0, 0.54, 0.56, 0.84, 0.86, 1.0)] == [
        1,
        1,
        0.5,
        0.5,
        0,
        0,
    ]


def test_whole_pictures_get_mostly_layout_noise_and_crops_none_of_the_strongest() -> None:
    generator = torch.Generator().manual_seed(0)
    whole = noise_steps(4000, generator, crops=False)
    crops = noise_steps(4000, generator, crops=True)
    assert (whole >= 550).float().mean() == pytest.approx(0.725, abs=0.01)
    assert whole.min() < 5
    assert whole.max() > 990
    assert crops.max() == 799
    assert crops.float().mean() == pytest.approx(400, abs=2)


@given(st.integers(1, 100_000), st.integers(0, 10_000_000))
def test_average_remembers_more_as_the_run_grows(step: int, seen: int) -> None:
    decay = average_decay(step, seen, 24, 32_000)
    assert 0 <= decay < 1
    assert decay <= average_decay(step + 1, seen + 24, 24, 32_000)


def test_average_of_a_batch_larger_than_its_memory_is_the_weights_themselves() -> None:
    assert average_decay(10, 0, 64, 32) == 0.0
