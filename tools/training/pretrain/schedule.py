"""What changes while a pre-training runs: learning rate, share of crops, noise levels, averaging.

Pure functions of the share of the whole schedule that is done (0 to 1) or of a step's number; the
breakpoints are those of the maquette's model card.
"""

from __future__ import annotations

import torch
from torch import Tensor

from tools.training.objective import stratified_noise_levels, to_timesteps

_FALL_FROM = 0.3
_LOWEST_RATE = 0.04
_FEWER_CROPS_FROM, _NO_CROPS_FROM = 0.55, 0.85
_LAYOUT_FROM = 0.55
"""Share of the noise schedule above which the layout is decided."""
_LAYOUT_STEPS = 0.725
"""Share of whole pictures that get such a noise level."""
_CROP_CEILING = 0.8
"""A crop's own layout is a face in the middle; the strongest noise teaches it nothing."""


def learning_rate_factor(share: float, step: int, warmup_steps: int) -> float:
    """Return the factor of the peak rate: linear warm-up, constant, then linear down to 0.04."""
    warm = min(1.0, (step + 1) / warmup_steps)
    return warm * (1.0 if share < _FALL_FROM else max(_LOWEST_RATE, (1 - share) / (1 - _FALL_FROM)))


def crop_factor(share: float) -> float:
    """Return the factor of the crops' share: the last part is whole pictures only.

    Too many crops teach the model to draw heads beside the person.
    """
    if share < _FEWER_CROPS_FROM:
        return 1.0
    return 0.5 if share < _NO_CROPS_FROM else 0.0


def noise_steps(count: int, generator: torch.Generator, *, crops: bool) -> Tensor:
    """Draw stratified noise levels.

    Returns:
        (count,) training steps, int64 on the CPU: crops below 0.8 of the schedule, whole pictures
        mostly above 0.55.
    """
    even = stratified_noise_levels(count, generator)
    if crops:
        return to_timesteps(even, highest=_CROP_CEILING)
    detail = 1 - _LAYOUT_STEPS
    layout = _LAYOUT_FROM + (even - detail) / _LAYOUT_STEPS * (1 - _LAYOUT_FROM)
    return to_timesteps(torch.where(even < detail, even / detail * _LAYOUT_FROM, layout))


def average_decay(step: int, pictures: int, batch: int, remembered: int) -> float:
    """Return the decay of the moving average at a step (counted from 1).

    The memory grows with the run to a twentieth of what was seen, and is short at the beginning.
    """
    memory = max(remembered, 0.05 * pictures)
    return min(max(0.0, 1 - batch / memory), step / (step + 30))
