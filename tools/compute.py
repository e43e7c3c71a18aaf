"""How this machine computes: on which device, in which numbers, and why.

Knows torch's devices and what a processor does in hardware; the only place that names a number format or
asks for autocast. Must not know models, prompts or files.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

import torch

from tools.contracts.bases import BaseRow
from tools.errors import BadInput

FILE_NUMBERS = torch.float16
"""What weights and cached latents are written in; nothing is computed in it on a CPU."""

_BF16_ABILITIES = {"avx512_bf16": "AVX512", "amx_bf16": "AVX512", "bf16": ""}
"""A CPU's abilities that multiply bf16 in hardware, and the kernels that torch must use for them."""


@dataclass(frozen=True)
class Compute:
    """Device and number formats of one task."""

    device: torch.device
    storage: torch.dtype
    """Of the weights."""
    arithmetic: torch.dtype
    """Of products of matrices and of convolutions; sums and norms stay in fp32."""
    why: str
    """One line for people, as `bf16 arithmetic on fp32 weights: the CPU has avx512_bf16`."""

    @property
    def mixed(self) -> bool:
        """Whether products are computed in another format than the weights are held in."""
        return self.arithmetic is not self.storage

    @property
    def exact(self) -> bool:
        """Whether weights are held in fp32, so that a small change of them is not rounded away."""
        return self.storage is torch.float32

    @property
    def plain_attention(self) -> bool:
        """Whether attention as two plain products beats the fused kernel (docs/measurements.md).

        On a CPU it does under bf16, forwards by 9 % and backwards by 13 %; in fp32 the fused one is
        ahead by as much.
        """
        return self.device.type == "cpu" and self.mixed

    def autocast(self) -> AbstractContextManager[object]:
        """The context to compute in."""
        if not self.mixed:
            return nullcontext()
        return torch.autocast(self.device.type, self.arithmetic)


def resolve_device(device: str) -> torch.device:
    """The device for a setting of `auto`, `cpu` or `cuda`.

    Raises:
        BadInput: cuda is asked for and not there.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise BadInput("device cuda: no CUDA device here; set SAMECAST_DEVICE=cpu")
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def use_threads(threads: int) -> None:
    """Let torch compute on so many CPU threads; 0 leaves its own choice."""
    if threads:
        torch.set_num_threads(threads)


def bf16_ability(device: torch.device) -> str | None:
    """What computes bf16 in hardware here; None where it would be emulated.

    A CPU without it needs a hundred times as long in bf16 as in fp32. Its abilities do not count where
    torch is told to use older kernels (`ATEN_CPU_CAPABILITY=avx2`).
    """
    if device.type != "cpu":
        return torch.device(device).type
    has, kernels = torch.cpu.get_capabilities(), torch.backends.cpu.get_cpu_capability()
    found = (
        name for name, needed in _BF16_ABILITIES.items() if has.get(name) and needed in kernels
    )
    return next(found, None)


def drawing_compute(row: BaseRow, device: torch.device) -> Compute:
    """How a base draws: bf16 weights on a GPU where its row allows; on a CPU fp32 weights."""
    if device.type != "cpu":
        half = torch.bfloat16 if row.half_precision else torch.float32
        return Compute(device, half, half, f"{_name(half)} weights on {device}")
    return _on_fp32_weights(device, wanted=row.cpu_autocast_bf16)


def training_compute(
    row: BaseRow, device: torch.device, precision: Literal["fp32", "bf16"] = "bf16"
) -> Compute:
    """How an adapter is trained: fp32 weights, bf16 arithmetic where asked for and in hardware."""
    allowed = device.type != "cpu" or row.cpu_autocast_bf16
    return _on_fp32_weights(device, wanted=precision == "bf16" and allowed)


def pretraining_compute(device: torch.device) -> Compute:
    """How a base is trained, and its pictures are encoded: as an adapter is."""
    return _on_fp32_weights(device, wanted=True)


def faster_than(compute: Compute) -> str:
    """What would compute faster than this machine does; empty where nothing is known to."""
    if compute.device.type != "cpu":
        return ""
    gpu = "a CUDA GPU"
    return gpu if compute.mixed else f"a CPU with bf16 in hardware, or {gpu},"


def why_slow(device: str) -> str:
    """One line for a stage that takes long here; empty where nothing is known to be faster."""
    compute = pretraining_compute(resolve_device(device))
    faster = faster_than(compute)
    return f"{compute.why}; {faster} would be faster (samecast doctor)" if faster else ""


def _on_fp32_weights(device: torch.device, *, wanted: bool) -> Compute:
    ability = bf16_ability(device)
    if not wanted:
        return Compute(device, torch.float32, torch.float32, "fp32: bf16 is not asked for")
    if ability is None:
        why = "fp32: this CPU computes no bf16 in hardware"
        return Compute(device, torch.float32, torch.float32, why)
    why = f"bf16 arithmetic on fp32 weights: {ability}"
    return Compute(device, torch.float32, torch.bfloat16, why)


def _name(dtype: torch.dtype) -> str:
    return "bf16" if dtype is torch.bfloat16 else "fp32"
