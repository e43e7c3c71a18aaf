"""Puts LoRA files on a pipeline and takes them off again without a trace.

Knows adapter files (diffusers and kohya format, safetensors only) and diffusers' loaders; must not
know who trained them or what they draw.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import Tensor, nn

from tools.backends.local.pipelines import LoadedBase, quiet_libraries
from tools.backends.weights import WeightHeader, read_header
from tools.compute import FULL
from tools.contracts.memory import Residency
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

    They are merged into the plain layers, in fp32, whose own tensors are kept aside: on the maquette a
    step with side layers takes 40 % longer. Where weights are held in fewer bits than fp16 has, merging
    would round the adapter away, and large fp32 weights are not worth a second copy: there they stay beside
    the layers; so they do where blocks come and go.
    """

    def __init__(self, base: LoadedBase) -> None:
        """Take a loaded base."""
        self._pipeline, self._base = base.pipeline, base
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
        with self._base.placed.lifted():
            self._take_off()
            try:
                self._load_all(loras, headers)
            except BaseException:
                self._take_off()
                raise
        self._loaded = key
        self._text = tuple(
            entry for entry, header in zip(key, headers, strict=True) if _adapts_text(header)
        )

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Have the pipeline without its adapters for a while, at the cost of exchanging pointers."""
        merged = [(parameter, parameter.data) for parameter, _ in self._aside]
        beside = self._layers()
        for parameter, tensor in self._aside:
            parameter.data = tensor.to(parameter.device)
        for layer in beside:
            layer.enable_adapters(False)
        try:
            yield
        finally:
            for parameter, tensor in merged:
                parameter.data = tensor
            for layer in beside:
                layer.enable_adapters(True)

    def clear(self) -> None:
        """Take every adapter off; the plain layers with their own tensors are back."""
        with self._base.placed.lifted():
            self._take_off()

    def _take_off(self) -> None:
        self._loaded, self._text = (), ()
        self._pipeline.unload_lora_weights()
        for parameter, tensor in self._aside:
            parameter.data = tensor.to(parameter.device)
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
        if self._base.plan.eight_bits:
            self._widen(path, name)
        found = sum(name in layer.r for layer in self._layers())
        if found < due:
            raise BadInput(_misfit(path, f"only {found} of its {due} layers are there"))
        return name

    def _widen(self, path: Path, name: str) -> None:
        """Give an adapter its own numbers back: peft casts it to those of the layer it lies beside."""
        state = self._pipeline.lora_state_dict(
            str(path.parent), weight_name=path.name, use_safetensors=True, local_files_only=True
        )
        attribute = self._base.architecture.draw.denoiser
        for where, layer in getattr(self._pipeline, attribute).named_modules():
            if isinstance(layer, BaseTunerLayer) and name in layer.r:
                for half in ("lora_A", "lora_B"):
                    weight = getattr(layer, half)[name].weight
                    own = state[f"{attribute}.{where}.{half}.weight"]
                    weight.data = own.to(weight.device, self._base.compute.arithmetic)

    def _layers(self) -> list[Any]:
        parts = [getattr(self._pipeline, name, None) for name in _PARTS]
        return [layer for part in parts if part is not None for layer in adapted_layers(part)]

    def _merge(self) -> None:
        layers = self._layers()
        weights = [layer.get_base_layer().weight for layer in layers]
        if not self._worth_merging(sum(weight.nbytes for weight in weights)):
            return
        for layer, weight in zip(layers, weights, strict=True):
            kept = weight.data
            self._aside.append((weight, kept if self._base.compute.exact else kept.to("cpu")))
            weight.data = kept.float().clone() if kept.dtype is FULL else kept.float()
            layer.lora_A.float()
            layer.lora_B.float()
            layer.merge()
            weight.data = weight.data.to(kept.dtype)
        self._pipeline.unload_lora_weights()

    def _worth_merging(self, size: int) -> bool:
        compute, plan = self._base.compute, self._base.plan
        if plan.eight_bits or plan.residency is Residency.BLOCKS:
            return False
        return size <= _MERGE_BYTES if compute.exact else compute.fine


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
