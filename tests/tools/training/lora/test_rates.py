from __future__ import annotations

from itertools import pairwise

import pytest
from diffusers.optimization import get_scheduler
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.optim import SGD

from tests.tools.training.lora.conftest import make_config
from tools.contracts.training import LearningRateSchedule
from tools.training.lora.rates import rate_factor


def test_polynomial_is_that_of_diffusers_after_the_warm_up() -> None:
    config = make_config(steps=1500, warmup_steps=100, schedule="polynomial", learning_rate=5e-4)
    optimizer = SGD(nn.Linear(1, 1).parameters(), lr=5e-4)
    theirs = get_scheduler("polynomial", optimizer, num_warmup_steps=100, num_training_steps=1500)

    for step in range(1500):
        if step >= 100:
            ours = 5e-4 * rate_factor(config, step)
            assert ours == pytest.approx(theirs.get_last_lr()[0], abs=2e-7)
        optimizer.step()
        theirs.step()


@pytest.mark.parametrize(
    ("schedule", "middle", "last"),
    [("constant", 1.0, 1.0), ("cosine", 0.5, 0.0), ("polynomial", 0.5, 0.0), ("fall", 1.0, 0.05)],
)
def test_schedules_pass_through_their_known_points(
    schedule: str, middle: float, last: float
) -> None:
    config = make_config(steps=1000, warmup_steps=0, schedule=schedule)

    assert rate_factor(config, 500) == pytest.approx(middle)
    assert rate_factor(config, 999) == pytest.approx(last, abs=3e-3)


def test_the_rate_falls_from_sixty_percent_on() -> None:
    config = make_config(steps=100, warmup_steps=0, schedule="fall")

    assert rate_factor(config, 59) == 1.0
    assert rate_factor(config, 80) == pytest.approx((1 + 0.05) / 2)


@given(
    steps=st.integers(1, 500),
    warmup=st.integers(0, 600),
    schedule=st.sampled_from(list(LearningRateSchedule)),
)
def test_the_factor_is_in_range_and_never_rises_after_the_warm_up(
    steps: int, warmup: int, schedule: LearningRateSchedule
) -> None:
    config = make_config(steps=steps, warmup_steps=warmup, schedule=schedule)

    factors = [rate_factor(config, step) for step in range(steps)]

    assert all(0 <= factor <= 1 for factor in factors)
    after = factors[warmup:]
    assert all(later <= earlier for earlier, later in pairwise(after))
