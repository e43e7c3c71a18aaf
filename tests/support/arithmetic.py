"""Switches a CPU's bf16 off and on, and records in which numbers models compute."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

PRODUCTS = frozenset(
    {"mm", "addmm", "bmm", "baddbmm", "convolution", "convolution_backward", "mkldnn_convolution"}
)


class Products(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While entered, `formats` collects what products and convolutions are computed in."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.formats: set[torch.dtype] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:  # the signature is torch's
        if func.overloadpacket.__name__ in PRODUCTS:
            self.formats.add(args[0].dtype)
        return func(*args, **(kwargs or {}))


def set_bf16(monkeypatch: pytest.MonkeyPatch, *, there: bool) -> None:
    """Have torch say that this CPU computes bf16 in hardware, or that it does not."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_bf16": there})
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX512")


def set_card(monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int]) -> None:
    """Play an NVIDIA card of this compute capability, as torch would tell of it."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda *_: capability)
