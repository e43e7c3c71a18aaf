"""A denoiser of two halves: the prompt's by the base's own, the other by its guide (autoguidance).

Stands in a pipeline's place for a denoiser that is called on [without, with the prompt] at once; what
the pipeline does with the two, scale and rescale, is its own. Must not know adapters: they are on the
base's denoiser, and the guide has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn


class GuidedDenoiser(nn.Module):
    """Predicts the first half of a batch by the guide and the second by the denoiser.

    Source: arXiv:2406.02507. Above `highest_step` the first half is a copy of the second, so that
    guidance of any scale changes nothing and one evaluation is saved (arXiv:2404.07724).
    """

    def __init__(self, denoiser: nn.Module, guide: nn.Module, highest_step: float) -> None:
        """Take both, and the highest training step at which the guide is asked."""
        super().__init__()
        self.denoiser, self.guide = denoiser, guide
        self._highest_step = highest_step

    def __getattr__(self, name: str) -> Any:
        """What else a pipeline asks (config, dtype, embeddings) is the denoiser's."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("denoiser"), name)

    def forward(
        self, sample: Tensor, timestep: Tensor, *, return_dict: bool = False, **inputs: object
    ) -> tuple[Tensor]:
        """Predict both halves.

        Args:
            sample: latents (2 B, channels, height, width), the halves equal.
            timestep: training step, a scalar.
            return_dict: must be False; pipelines unpack a tuple.
            inputs: conditions of the denoiser; tensors are (2 B, …), also inside mappings.

        Returns:
            Predictions (2 B, channels, height, width).
        """
        assert not return_dict
        first, second = sample.chunk(2)
        wanted = self.denoiser(second, timestep, return_dict=False, **_half(inputs, 1))[0]
        if timestep.item() > self._highest_step:
            return (torch.cat([wanted, wanted]),)
        unwanted = self.guide(first, timestep, return_dict=False, **_half(inputs, 0))[0]
        return (torch.cat([unwanted, wanted]),)


def _half(inputs: Mapping[str, object], number: int) -> dict[str, object]:
    """The first (0) or second (1) half of every tensor."""
    halves: dict[str, object] = {}
    for name, value in inputs.items():
        if isinstance(value, Tensor):
            halves[name] = value.chunk(2)[number]
        else:
            halves[name] = _half(value, number) if isinstance(value, Mapping) else value
    return halves
