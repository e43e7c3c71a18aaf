from __future__ import annotations

import pytest
import torch
from diffusers import DDPMScheduler
from hypothesis import given
from hypothesis import strategies as st

from tools.training.objective import (
    Prediction,
    add_flow_noise,
    add_noise,
    min_snr_weights,
    normalised_map,
    signal_levels,
    stratified_noise_levels,
    target,
    to_flow_sigmas,
    to_timesteps,
    weighted_errors,
)


@pytest.fixture
def scheduler() -> DDPMScheduler:
    return DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")


def test_noise_and_velocity_are_those_of_diffusers(scheduler: DDPMScheduler) -> None:
    latents, noise = torch.randn(3, 4, 8, 8), torch.randn(3, 4, 8, 8)
    steps = torch.tensor([0, 500, 999])
    signal = signal_levels(scheduler)[steps]

    noisy = add_noise(latents, noise, signal)
    velocity = target(latents, noise, signal, Prediction.V)

    torch.testing.assert_close(noisy, scheduler.add_noise(latents, noise, steps))
    torch.testing.assert_close(velocity, scheduler.get_velocity(latents, noise, steps))


def test_the_clean_latents_follow_from_each_target() -> None:
    latents, noise = torch.randn(2, 4, 4, 4), torch.randn(2, 4, 4, 4)
    signal = torch.tensor([0.3, 0.8])
    share = signal.view(-1, 1, 1, 1)
    noisy, straight = add_noise(latents, noise, signal), add_flow_noise(latents, noise, signal)

    from_v = share.sqrt() * noisy - (1 - share).sqrt() * target(
        latents, noise, signal, Prediction.V
    )
    from_epsilon = noisy - (1 - share).sqrt() * target(latents, noise, signal, Prediction.EPSILON)
    from_flow = straight - share * target(latents, noise, signal, Prediction.FLOW)

    torch.testing.assert_close(from_v, latents)
    torch.testing.assert_close(from_epsilon / share.sqrt(), latents)
    torch.testing.assert_close(from_flow, latents)


@pytest.mark.parametrize(
    ("snr", "epsilon", "velocity"), [(0.5, 1.0, 1 / 3), (5.0, 1.0, 5 / 6), (20.0, 0.25, 5 / 21)]
)
def test_min_snr_weights_have_their_published_values(
    snr: float, epsilon: float, velocity: float
) -> None:
    signal = torch.tensor([snr / (snr + 1)])

    assert min_snr_weights(signal, 5.0, Prediction.EPSILON).item() == pytest.approx(epsilon)
    assert min_snr_weights(signal, 5.0, Prediction.V).item() == pytest.approx(velocity)


def test_min_snr_weights_stay_finite_at_both_ends_of_the_schedule() -> None:
    ends = torch.tensor([0.0, 1.0])

    for prediction in Prediction:
        assert torch.isfinite(min_snr_weights(ends, 5.0, prediction)).all()


@pytest.mark.parametrize(("gamma", "prediction"), [(None, Prediction.V), (5.0, Prediction.FLOW)])
def test_without_gamma_or_with_flow_every_sample_weighs_one(
    gamma: float | None, prediction: Prediction
) -> None:
    signal = torch.tensor([0.1, 0.9])

    assert min_snr_weights(signal, gamma, prediction).tolist() == [1.0, 1.0]


@given(count=st.integers(1, 32), seed=st.integers(0, 1000))
def test_stratified_levels_visit_each_part_of_the_schedule_once(count: int, seed: int) -> None:
    levels = stratified_noise_levels(count, torch.Generator().manual_seed(seed))

    parts = (levels * count).floor().long().clamp_max(count - 1)

    assert sorted(parts.tolist()) == list(range(count))


def test_timesteps_keep_below_the_highest_level_asked_for() -> None:
    levels = torch.linspace(0, 0.9999, 100)

    assert to_timesteps(levels).max().item() == 999
    assert to_timesteps(levels, highest=0.8).max().item() == 799


def test_flow_sigmas_are_symmetric_and_densest_in_the_middle() -> None:
    sigmas = to_flow_sigmas(torch.tensor([0.25, 0.5, 0.75]))

    assert sigmas[1].item() == pytest.approx(0.5)
    assert (sigmas[0] + sigmas[2]).item() == pytest.approx(1.0)
    assert 0.3 < sigmas[0].item() < 0.4


def test_weighted_errors_ignore_cells_of_no_weight() -> None:
    answer, wanted = torch.zeros(1, 4, 2, 2), torch.zeros(1, 4, 2, 2)
    wanted[..., 0] = 3.0
    left_only = normalised_map(torch.tensor([[[[1.0, 0.0], [1.0, 0.0]]]]))

    assert weighted_errors(answer, wanted, left_only).item() == pytest.approx(9.0)
    assert weighted_errors(answer, wanted, left_only.flip(-1)).item() == 0.0
