"""Learning-rate schedules, as a factor on the configured rate."""

from __future__ import annotations

import math
from collections.abc import Callable

from tools.contracts.training import LearningRateSchedule, LoraConfig

_FALL_FROM, _FALL_TO = 0.6, 0.05


def _constant(_: float) -> float:
    return 1.0


def _cosine(done: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * done))


def _polynomial(done: float) -> float:
    return 1 - done


def _fall(done: float) -> float:
    share = max(0.0, (done - _FALL_FROM) / (1 - _FALL_FROM))
    return 1 - share * (1 - _FALL_TO)


_SHAPES: dict[LearningRateSchedule, Callable[[float], float]] = {
    LearningRateSchedule.CONSTANT: _constant,
    LearningRateSchedule.COSINE: _cosine,
    LearningRateSchedule.POLYNOMIAL: _polynomial,
    LearningRateSchedule.FALL: _fall,
}


def rate_factor(config: LoraConfig, step: int) -> float:
    """Factor on the learning rate in step `step` (counted from 0).

    Rises linearly over `warmup_steps`, then follows the schedule over the steps that are left;
    polynomial is of power 1, as diffusers' default is.

    Returns:
        A number in [0, 1].
    """
    if step < config.warmup_steps:
        return (step + 1) / config.warmup_steps
    left = max(1, config.steps - config.warmup_steps)
    return max(0.0, _SHAPES[config.schedule]((step - config.warmup_steps) / left))
