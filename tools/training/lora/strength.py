"""How strong a LoRA file is, and whether it is too weak to have learned anything.

Knows files and matrices; loads no model.
"""

from __future__ import annotations

import math
from pathlib import Path

from tools.contracts.bases import BaseRow
from tools.training.lora.adapter import lora_pairs, read_adapter


def delta_rms(path: Path) -> float:
    """Root mean square of all changes that an adapter makes to the base's weights.

    The change of a layer is scale * B A. Its squared norm is the sum over (AᵀA ∘ BᵀB)-products of
    the rank's small matrices, so that the change itself is never built.

    Args:
        path: diffusers-format LoRA file.

    Returns:
        A number >= 0, in units of the weights.

    Raises:
        BadInput: not a readable LoRA file.
    """
    adapter = read_adapter(path)
    total, count = 0.0, 0
    for component, _, down, up in lora_pairs(adapter):
        inner, outer = down.double().flatten(1), up.double().flatten(1)
        squares = (inner @ inner.T) * (outer.T @ outer)
        total += float(squares.sum()) * adapter.scale(component) ** 2
        count += inner.shape[1] * outer.shape[0]
    return math.sqrt(max(total, 0.0) / count) if count else 0.0


def weak_adapter_reason(path: Path, row: BaseRow) -> str | None:
    """Say why an adapter is too weak to keep anyone the same, or None if it is not.

    The row holds the limit: a tenth or so of what a normal run on that base reaches, and well
    above what a handful of steps does.

    Raises:
        BadInput: not a readable LoRA file.
    """
    strength = delta_rms(path)
    if not math.isfinite(strength):
        return "the adapter holds numbers that are not finite; train it again"
    if strength >= row.weak_delta_rms:
        return None
    return (
        f"the adapter hardly changes {row.title}: delta rms {strength:.2e}, "
        f"expected at least {row.weak_delta_rms:.1e}; train for more steps or at a higher rate"
    )
