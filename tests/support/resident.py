"""A pipeline that is in memory already, as the trainer asks for its models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from tools.compute import training_compute
from tools.contracts.bases import BaseRow
from tools.contracts.memory import MemoryPlan, Task
from tools.contracts.training import LoraConfig
from tools.training.lora.learner import Means, Present


def resident(pipeline: Any) -> Present:
    """Models that stay; afterwards they want gradients again where they did before."""

    @contextmanager
    def present(names: Sequence[str]) -> Iterator[None]:
        parameters = [each for name in names for each in getattr(pipeline, name).parameters()]
        before = [parameter.requires_grad for parameter in parameters]
        for parameter in parameters:
            parameter.requires_grad_(False)
        try:
            yield
        finally:
            for parameter, needed in zip(parameters, before, strict=True):
                parameter.requires_grad_(needed)

    return present


def resident_means(pipeline: Any, row: BaseRow, config: LoraConfig, **plan: object) -> Means:
    """Everything in memory, whole batches; `plan` changes that."""
    values = {"base": row.name, "task": Task.TRAIN, "batch": config.batch_size, **plan}
    compute = training_compute(row, torch.device("cpu"), config.precision)
    return Means(compute, MemoryPlan.model_validate(values), resident(pipeline))
