"""How this machine computes: on which device, in which numbers, and why.

Knows torch's devices and what a processor does in hardware; the only place that names a number format or
asks for autocast. Must not know models, prompts or files.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Literal

import psutil
import torch

from tools.contracts.bases import BaseRow
from tools.contracts.memory import DeviceFacts, Numbers
from tools.errors import BadInput
from tools.settings import named_device

FILE_NUMBERS = torch.float16
"""What weights and cached latents are written in; nothing is computed in it on a CPU."""
EIGHT_BITS = torch.float8_e4m3fn
"""What a large denoiser's weights may be held in; nothing is computed in it."""
FULL = torch.float32
"""What an autoencoder encodes training pictures in: in half precision some give no finite latent."""

_BF16_ABILITIES = {"avx512_bf16": "AVX512", "amx_bf16": "AVX512", "bf16": ""}
"""A CPU's abilities that multiply bf16 in hardware, and the kernels that torch must use for them."""
_BF16_CARDS = (8, 0)
"""Compute capability from which NVIDIA's cards multiply bf16 in hardware; below, fp16."""
_MOST_OF_A_CARD = 0.97
"""Share of a card's memory that torch may take: some drivers spill beyond it into the machine's own, in
silence and many times slower."""


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
    adapting: bool = False
    """Whether an adapter in fp32 learns beside the weights."""

    @property
    def mixed(self) -> bool:
        """Whether products are computed in another format than some of the weights are held in."""
        return self.arithmetic is not self.storage or (
            self.adapting and self.arithmetic is not torch.float32
        )

    @property
    def exact(self) -> bool:
        """Whether weights are held in fp32, so that a small change of them is not rounded away."""
        return self.storage is torch.float32

    @property
    def fine(self) -> bool:
        """Whether weights have bits enough that an adapter's change of them is not rounded away."""
        return self.storage in (torch.float32, torch.float16)

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

    def scaler(self) -> torch.amp.GradScaler:
        """Keeps gradients of an fp16 loss from vanishing; does nothing in other numbers."""
        return torch.amp.GradScaler(
            self.device.type, enabled=self.adapting and self.arithmetic is torch.float16
        )


def resolve_device(device: str) -> torch.device:
    """The device for a setting of `auto`, `cpu`, `mps`, `cuda` or `cuda:N`; on a card, bound to it.

    Raises:
        BadInput: no such setting, or a device that is not there.
    """
    try:
        named_device(device)
    except ValueError as error:
        raise BadInput(str(error)) from error
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else _mps_or_cpu()
    found = torch.device(device)
    _require_device(found)
    return found


def _mps_or_cpu() -> str:
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _require_device(device: torch.device) -> None:
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise BadInput("device mps: no Apple GPU here; set SAMECAST_DEVICE=cpu")
    if device.type != "cuda":
        return
    if not torch.cuda.is_available():
        raise BadInput("device cuda: no CUDA device here; set SAMECAST_DEVICE=cpu")
    there = torch.cuda.device_count()
    if device.index is not None and device.index >= there:
        raise BadInput(f"device {device}: there are {there} cards, counted from cuda:0")


def device_facts(device: torch.device) -> DeviceFacts:
    """What the device holds now; asked anew each time."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        name = torch.cuda.get_device_name(device)
        return DeviceFacts(kind="cuda", name=name, total=total, free=free)
    memory = psutil.virtual_memory()
    if device.type == "mps":
        total = torch.mps.recommended_max_memory()
        free = min(memory.available, total - torch.mps.driver_allocated_memory())
        return DeviceFacts(kind="mps", name="this Mac", total=total, free=max(0, free))
    return DeviceFacts(kind="cpu", name="this machine", total=memory.total, free=memory.available)


def take_card(device: torch.device) -> None:
    """Keep torch within the card's own memory; nothing on other devices."""
    if device.type == "cuda":
        torch.cuda.set_per_process_memory_fraction(_MOST_OF_A_CARD, device)


def forget_unused(device: torch.device) -> None:
    """Give back what the allocator keeps for later."""
    if device.type == "cuda":
        torch.cuda.empty_cache()


def numbers_of(compute: Compute) -> Numbers:
    """Bytes of a weight and of a number that is computed with.

    An autoencoder beside fp16 weights decodes in fp32, as diffusers has it: its range is too small for it.
    """
    storage, arithmetic = compute.storage.itemsize, compute.arithmetic.itemsize
    decoding = 4 if compute.storage is torch.float16 else arithmetic
    return Numbers(storage=storage, arithmetic=arithmetic, decoding=decoding)


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
        return device.type if _half(device) is torch.bfloat16 else None
    has, kernels = torch.cpu.get_capabilities(), torch.backends.cpu.get_cpu_capability()
    found = (
        name for name, needed in _BF16_ABILITIES.items() if has.get(name) and needed in kernels
    )
    return next(found, None)


def drawing_compute(row: BaseRow, device: torch.device) -> Compute:
    """How a base draws: half-precision weights on a GPU where its row allows; on a CPU fp32 weights."""
    if device.type != "cpu":
        numbers = _drawn_in(row, device)
        return Compute(device, numbers, numbers, f"{_name(numbers)} weights on {device}")
    return _on_fp32_weights(device, wanted=row.cpu_autocast_bf16)


def training_compute(
    row: BaseRow, device: torch.device, precision: Literal["fp32", "bf16"] = "bf16"
) -> Compute:
    """How an adapter is trained: in fp32 itself, beside weights as they are drawn with.

    On a card the frozen weights are in half precision, unless fp32 is asked for; elsewhere in fp32, on a
    CPU with bf16 arithmetic where asked for and in hardware.
    """
    if device.type == "cuda":
        numbers = _half(device) if precision == "bf16" and row.half_precision else torch.float32
        why = f"fp32 adapter beside {_name(numbers)} weights on {device}"
        return Compute(device, numbers, numbers, why, adapting=True)
    return replace(
        _on_fp32_weights(device, wanted=precision == "bf16" and row.cpu_autocast_bf16),
        adapting=True,
    )


def pretraining_compute(device: torch.device) -> Compute:
    """How a base is trained, and its pictures are encoded: bf16 arithmetic on fp32 weights if it can be."""
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
        where = "this CPU" if device.type == "cpu" else str(device)
        why = f"fp32: {where} computes no bf16 in hardware"
        return Compute(device, torch.float32, torch.float32, why)
    why = f"bf16 arithmetic on fp32 weights: {ability}"
    return Compute(device, torch.float32, torch.bfloat16, why)


def _drawn_in(row: BaseRow, device: torch.device) -> torch.dtype:
    if row.half_precision is None:
        return torch.float32
    return torch.float16 if row.half_precision == "fp16" else _half(device)


def _half(device: torch.device) -> torch.dtype:
    """bf16 where the device has it in hardware, else fp16, whose range is too small for some models."""
    native = device.type == "cuda" and torch.cuda.get_device_capability(device) >= _BF16_CARDS
    return torch.bfloat16 if native else torch.float16


def _name(dtype: torch.dtype) -> str:
    names = {torch.bfloat16: "bf16", torch.float16: "fp16"}
    return names.get(dtype, "fp32")
