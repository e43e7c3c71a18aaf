"""Puts LoRA files on a pipeline and takes them off again without a trace.

Knows adapter files (diffusers and kohya format, safetensors only) and diffusers' loaders; must not
know who trained them or what they draw.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import Tensor, nn

from tools.backends.local.pipelines import quiet_libraries
from tools.backends.weights import WeightHeader, read_header
from tools.errors import BadInput

_UP_SUFFIXES = ("lora_B.weight", "lora_up.weight", "lora.up.weight")
_TEXT_PREFIXES = ("text_encoder", "lora_te")
_PARTS = ("unet", "transformer", "text_encoder", "text_encoder_2")
_MERGE_BYTES = 1_000_000_000

AdapterKey = tuple[tuple[str, int, int, float], ...]
"""Path, time of change and length of each file, and its weight."""


@dataclass(frozen=True)
class LocalLora:
    """An adapter's file on this machine and how strongly it counts."""

    path: Path
    weight: float = 1.0


class AdapterSlots:
    """The adapters on one pipeline.

    Where the weights are fp32 and small they are merged into the plain layers, whose own tensors
    are kept aside: on the maquette a step with side layers takes 40 % longer. Elsewhere (bf16 on a
    GPU, where merging would round the adapter away) they stay beside the layers.
    """

    def __init__(self, pipeline: Any, *, exact: bool) -> None:
        """Take a pipeline, and whether its weights are held exactly (`Compute.exact`)."""
        self._pipeline, self._exact = pipeline, exact
        self._numbers = count()
        self._loaded: AdapterKey = ()
        self._text: AdapterKey = ()
        self._aside: list[tuple[nn.Parameter, Tensor]] = []

    @property
    def text_key(self) -> Hashable:
        """Identifies the adapters that change the text encoders now."""
        return self._text

    def use(self, loras: Sequence[LocalLora]) -> None:
        """Have exactly these adapters active.

        Raises:
            BadInput: a pickle, a damaged file, or an adapter of another base; none is left loaded.
        """
        headers = [read_adapter_header(use.path) for use in loras]
        key = tuple(_file_key(use) for use in loras)
        if key == self._loaded:
            return
        self.clear()
        try:
            self._load_all(loras, headers)
        except BaseException:
            self.clear()
            raise
        self._loaded = key
        self._text = tuple(
            entry for entry, header in zip(key, headers, strict=True) if _adapts_text(header)
        )

    def clear(self) -> None:
        """Take every adapter off; the plain layers with their own tensors are back."""
        self._loaded, self._text = (), ()
        self._pipeline.unload_lora_weights()
        for parameter, tensor in self._aside:
            parameter.data = tensor
        self._aside.clear()

    def _load_all(self, loras: Sequence[LocalLora], headers: Sequence[WeightHeader]) -> None:
        names = [self._load(use.path, header) for use, header in zip(loras, headers, strict=True)]
        if names:
            self._pipeline.set_adapters(names, [use.weight for use in loras])
            self._merge()

    def _load(self, path: Path, header: WeightHeader) -> str:
        name = f"slot-{next(self._numbers)}"
        due = sum(key.endswith(_UP_SUFFIXES) for key in header.tensors)
        try:
            with quiet_libraries(), warnings.catch_warnings():
                warnings.filterwarnings("ignore", module="peft")
                self._pipeline.load_lora_weights(
                    str(path.parent),
                    weight_name=path.name,
                    adapter_name=name,
                    use_safetensors=True,
                    local_files_only=True,
                )
        except torch.OutOfMemoryError:
            raise
        except (ValueError, KeyError, TypeError, RuntimeError) as error:
            raise BadInput(_misfit(path, "its tensors have other shapes or names")) from error
        found = sum(name in layer.r for layer in self._layers())
        if found < due:
            raise BadInput(_misfit(path, f"only {found} of its {due} layers are there"))
        return name

    def _layers(self) -> list[Any]:
        parts = [getattr(self._pipeline, name, None) for name in _PARTS]
        return [layer for part in parts if part is not None for layer in adapted_layers(part)]

    def _merge(self) -> None:
        layers = self._layers()
        weights = [layer.get_base_layer().weight for layer in layers]
        small = sum(weight.nbytes for weight in weights) <= _MERGE_BYTES
        if not small or not self._exact:
            return
        for layer, weight in zip(layers, weights, strict=True):
            self._aside.append((weight, weight.data))
            weight.data = weight.data.clone()
            layer.merge()
        self._pipeline.unload_lora_weights()


def read_adapter_header(path: Path) -> WeightHeader:
    """Check an adapter file without loading it.

    Raises:
        BadInput: not there, a pickle, damaged, or without LoRA tensors.
    """
    if not path.is_file():
        raise BadInput(f"{path}: no such LoRA file; give the path of a .safetensors file")
    header = read_header(path)
    if not any(key.endswith(_UP_SUFFIXES) for key in header.tensors):
        raise BadInput(
            f"{path.name}: holds no LoRA tensors; give a LoRA in diffusers or kohya form"
        )
    return header


def adapted_layers(part: nn.Module) -> list[Any]:
    """The layers of a model that carry adapters beside them."""
    return [module for module in part.modules() if isinstance(module, BaseTunerLayer)]


def _file_key(use: LocalLora) -> tuple[str, int, int, float]:
    state = use.path.stat()
    return (str(use.path.resolve()), state.st_mtime_ns, state.st_size, use.weight)


def _adapts_text(header: WeightHeader) -> bool:
    return any(key.startswith(_TEXT_PREFIXES) for key in header.tensors)


def _misfit(path: Path, what: str) -> str:
    return f"{path.name}: does not fit this base ({what}); use a LoRA that was trained on it"
