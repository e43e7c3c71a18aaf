"""Muon: momentum whose matrix is made orthogonal before it is applied.

Source: Jordan et al. 2024 (five Newton-Schulz iterations of a quintic); the step is scaled by
0.2 √max(rows, columns) as in Moonlight (arXiv:2502.16982), so that AdamW's learning rates fit. For
matrices only: convolution kernels are read as (out, in × height × width); vectors belong to AdamW.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

_QUINTIC = (3.4445, -4.7750, 2.0315)
"""Jordan's coefficients, steepest at 0; singular values end between 0.68 and 1.14."""


def orthogonalise(matrices: Tensor, arithmetic: torch.dtype, iterations: int = 5) -> Tensor:
    """Replace the singular values of each matrix by values near 1.

    Args:
        matrices: (count, rows, columns), any scale.
        arithmetic: what the products are computed in (`Compute.arithmetic`).
        iterations: Newton-Schulz steps; five are enough for a condition number of about 100.

    Returns:
        (count, rows, columns) float32.
    """
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).to(arithmetic)
    first, third, fifth = _QUINTIC
    for _ in range(iterations):
        gram = x @ x.mT
        x = first * x + (third * gram + fifth * gram @ gram) @ x
    result: Tensor = (x.mT if tall else x).float()
    return result


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; weight decay apart from the gradient as in AdamW."""

    def __init__(
        self,
        parameters: Iterable[torch.nn.Parameter],
        learning_rate: float,
        arithmetic: torch.dtype,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
    ) -> None:
        """Take parameters of two or more dimensions; `learning_rate` is per step."""
        self._arithmetic = arithmetic
        defaults = {"lr": learning_rate, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Update every parameter that has a gradient."""
        for group in self.param_groups:
            trained = [p for p in group["params"] if p.grad is not None]
            for alike in _by_shape(trained):
                self._update(alike, group["lr"], group["momentum"], group["weight_decay"])

    def _update(
        self, alike: list[torch.nn.Parameter], rate: float, momentum: float, decay: float
    ) -> None:
        """Update parameters of one matrix shape in one batch of matrix products."""
        steps = orthogonalise(
            torch.stack([self._momentum(p, momentum) for p in alike]), self._arithmetic
        )
        scale = 0.2 * max(steps.shape[1:]) ** 0.5
        for parameter, change in zip(alike, steps, strict=True):
            parameter.mul_(1 - rate * decay).sub_(change.view(parameter.shape), alpha=rate * scale)

    def _momentum(self, parameter: torch.nn.Parameter, momentum: float) -> Tensor:
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        gradient = parameter.grad
        assert gradient is not None
        average: Tensor = state["momentum"].lerp_(gradient, 1 - momentum)
        return gradient.lerp(average, momentum).flatten(1)


def _by_shape(parameters: list[torch.nn.Parameter]) -> list[list[torch.nn.Parameter]]:
    groups: dict[tuple[int, int], list[torch.nn.Parameter]] = {}
    for parameter in parameters:
        groups.setdefault((parameter.shape[0], parameter[0].numel()), []).append(parameter)
    return list(groups.values())
