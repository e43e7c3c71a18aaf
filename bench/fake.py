"""Models of real size without content: their peak memory is counted where they could never be loaded.

A model is built on no device, then given tensors that have a shape and no content (torch's fake tensors).
Knows tensors, storages and casts; must not know bases or plans.
"""

from __future__ import annotations

import weakref
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

from tools.compute import EIGHT_BITS, FULL


class Peak(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While entered, counts the bytes of living storages; `peak` is the most that there were."""

    def __init__(self, *models: nn.Module) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._alive: dict[int, int] = {}
        self.now = self.peak = 0
        for model in models:
            for tensor in (*model.parameters(), *model.buffers()):
                self._see(tensor)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:  # the signature is torch's
        return tree_map(self._see, func(*args, **(kwargs or {})))

    def _see(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            storage = value.untyped_storage()
            if storage._cdata not in self._alive:
                self._alive[storage._cdata] = storage.nbytes()
                self.now += storage.nbytes()
                self.peak = max(self.peak, self.now)
                weakref.finalize(storage, self._forget, storage._cdata)
        return value

    def _forget(self, storage: int) -> None:
        self.now -= self._alive.pop(storage, 0)


def materialise(model: nn.Module, numbers: torch.dtype, *, eight_bits: bool = False) -> None:
    """Give a model from nowhere tensors of the right bytes; adapters are in fp32."""
    for module in model.modules():
        layer = isinstance(module, (nn.Linear, nn.Conv2d)) and not module.weight.requires_grad
        held = EIGHT_BITS if eight_bits and layer else numbers
        for name, parameter in list(module._parameters.items()):
            if parameter is not None:
                dtype = FULL if parameter.requires_grad else held
                fresh = torch.empty(parameter.shape, dtype=dtype, device="cpu")
                module._parameters[name] = nn.Parameter(fresh, parameter.requires_grad)
        for name, buffer in list(module._buffers.items()):
            if buffer is not None:
                module._buffers[name] = torch.empty(buffer.shape, dtype=buffer.dtype, device="cpu")
        if eight_bits and layer:
            _cast_while_computing(module, numbers)


def _cast_while_computing(layer: nn.Module, numbers: torch.dtype) -> None:
    """As diffusers' layer-wise casting does, which cannot convert tensors without content."""
    held = dict(layer._parameters)

    def widen(*_: object) -> None:
        for name, parameter in held.items():
            if parameter is not None:
                layer._parameters[name] = nn.Parameter(parameter.to(numbers), requires_grad=False)

    def narrow(*_: object) -> None:
        layer._parameters.update(held)

    layer.register_forward_pre_hook(widen)
    layer.register_forward_hook(narrow)
