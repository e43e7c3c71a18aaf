"""Compiles a denoiser's repeated blocks for a long run, and only where the gradients stay what they were.

A compiled model has been seen to give right outputs and wrong gradients (docs/measurements.md), so that one
batch is learned both ways before the compiled one is trusted. Knows models and gradients; no data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from tools.compute import Compute

LEAST_STEPS = 1000
"""Steps that win back what compiling takes."""
MOST_APART = 0.05
"""Largest share of the gradient's norm by which the two may differ."""


def worth_compiling(compute: Compute, steps: int, *, eight_bits: bool) -> bool:
    """Whether a run of so many steps gains by it: on a card, with weights that are not cast in each call."""
    return compute.device.type == "cuda" and steps >= LEAST_STEPS and not eight_bits


def compile_blocks(
    denoiser: Any, parameters: Sequence[Tensor], learn: Callable[[], object]
) -> float | None:
    """Compile a denoiser's repeated blocks, if a batch has the same gradient with them.

    Args:
        denoiser: a diffusers model that names its repeated blocks.
        parameters: what learns; their gradients are used and left empty.
        learn: adds the gradients of one batch, always the same.

    Returns:
        How far the gradients are apart, as a share of their norm; None where the blocks were left as they
        were, because that was too far.
    """
    plain = _gradient(parameters, learn)
    denoiser.compile_repeated_blocks()
    compiled = _gradient(parameters, learn)
    apart = float((compiled - plain).norm() / plain.norm().clamp_min(1e-12))
    if apart <= MOST_APART:
        return apart
    leave_uncompiled(denoiser)
    return None


def leave_uncompiled(denoiser: Any) -> None:
    """Have every block as it is written again."""
    for module in denoiser.modules():
        module._compiled_call_impl = None


def _gradient(parameters: Sequence[Tensor], learn: Callable[[], object]) -> Tensor:
    for parameter in parameters:
        parameter.grad = None
    learn()
    grown = [
        parameter.grad.flatten().float() for parameter in parameters if parameter.grad is not None
    ]
    for parameter in parameters:
        parameter.grad = None
    return torch.cat(grown)
