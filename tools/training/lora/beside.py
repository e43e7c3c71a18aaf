"""A frozen adapter that is on beside the one that learns: a step-distilled base's training adapter.

It makes the base behave as if it had not been distilled, so that what is learned is the person and not the
way back from few steps to many. Knows peft; must not know bases. It is in no file that training writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import peft
import torch
from torch import Tensor, nn

from tools.compute import FULL

BESIDE = "samecast-beside"
"""Name of the frozen adapter inside the models."""


def put_beside(model: Any, layers: Mapping[str, tuple[Tensor, Tensor]], scale: float) -> None:
    """Put a frozen adapter into a model.

    Args:
        model: that is present.
        layers: down (rank, inputs) and up (outputs, rank) by module path.
        scale: alpha / rank of all of them.
    """
    ranks = {module: down.shape[0] for module, (down, _) in layers.items()}
    usual = max(ranks.values())
    # peft takes a plain name for the end of one; these are whole
    others = {f"^{re.escape(module)}": rank for module, rank in ranks.items() if rank != usual}
    settings = peft.LoraConfig(
        r=usual,
        lora_alpha=scale * usual,
        rank_pattern=others,
        alpha_pattern={name: scale * rank for name, rank in others.items()},
        target_modules="|".join(map(re.escape, ranks)),
    )
    with torch.random.fork_rng():
        model.add_adapter(settings, adapter_name=BESIDE)
    for module, (down, up) in layers.items():
        layer = model.get_submodule(module)
        _hold(layer.lora_A[BESIDE], down)
        _hold(layer.lora_B[BESIDE], up)


def _hold(half: nn.Module, values: Tensor) -> None:
    """In fp32, as the adapter that learns: peft would cast it to the numbers of the layer beside it."""
    weight = half.weight
    assert isinstance(weight, nn.Parameter)
    weight.data = values.to(weight.device, FULL)


def keep_frozen(model: Any, learning: str) -> None:
    """Have both adapters on, and only the other one learn.

    Args:
        model: that both are in.
        learning: name of the other adapter.
    """
    model.set_adapter([BESIDE, learning])
    for name, parameter in model.named_parameters():
        if f".{BESIDE}." in name:
            parameter.requires_grad_(False)
