"""Reads the LoRA files of other programs into this program's own form.

Knows what the names of a LoRA's parts end in, how alpha, rank and weights hang together, and what is no
plain LoRA. Which module a name stands for it is told (`Spellings`); must not know architectures. Nothing is
ever unpickled: files are safetensors.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tools.errors import BadInput
from tools.training.lora.adapter import AdapterFile
from tools.training.lora.peft_settings import own_settings, stated_scale

Shapes = Mapping[str, tuple[int, ...]]
"""Shape of the weight of every layer of a base that an adapter may change, by `<component>.<module>`."""


@dataclass(frozen=True)
class NamedLayers:
    """Which layers of this program's form a name of another program stands for."""

    layout: str
    """Whose name it is: `kohya`, `ComfyUI`, ..."""
    layers: tuple[str, ...]
    """`<component>.<module>`; of a fused layer several, whose rows it has one after the other."""
    swapped: bool = False
    """Whether the upper and the lower half of the rows stand the other way round."""


Spellings = Mapping[str, NamedLayers]
"""By name, without what says which part of a LoRA it is."""

_DOWN = (
    ".lora_A.weight",
    ".lora_A.default.weight",
    ".lora_down.weight",
    ".lora_linear_layer.down.weight",
    ".lora.down.weight",
    "_lora.down.weight",
)
_UP = tuple(end.replace("lora_A", "lora_B").replace("down", "up") for end in _DOWN)
_ALPHA = (".alpha",)
_PARTS = {
    end: part for part, ends in (("down", _DOWN), ("up", _UP), ("alpha", _ALPHA)) for end in ends
}
_OTHER_KINDS = {
    "DoRA": re.compile(r"\.(dora_scale|lora_magnitude_vector(\..*)?|magnitude)$"),
    "LoKr": re.compile(r"\.lokr_\w+$"),
    "LoHa": re.compile(r"\.hada_\w+$"),
    "OFT": re.compile(r"\.oft_\w+(\..*)?$"),
    "LoCon with a third factor": re.compile(r"\.lora_mid\.weight$"),
    "full weight differences": re.compile(r"\.diff(_b)?$"),
}
"""What an adapter that is no plain LoRA is called, and which keys show it."""
_MOST_NAMED = 20


@dataclass(frozen=True)
class _Pair:
    """One layer of the file."""

    name: str
    down: Tensor
    up: Tensor
    scale: float


@dataclass(frozen=True)
class _Layer:
    """One layer of this program's form: its change is scale * up @ down."""

    down: Tensor
    up: Tensor
    scale: float

    @property
    def rank(self) -> int:
        return self.down.shape[0]


def own_form(found: AdapterFile, file: str, spellings: Spellings, shapes: Shapes) -> AdapterFile:
    """Bring an adapter of any known layout into this program's form.

    Args:
        found: what the file holds, as it is.
        file: its name, for messages.
        spellings: every name that the base's layers have in other programs' files, and their own.
        shapes: of the base's layers.

    Returns:
        The adapter by this program's names. Where a component has one rank and one scale its tensors are
        untouched; elsewhere see `_folded`.

    Raises:
        BadInput: another kind of adapter, or keys that are not understood; names them one by one.
    """
    _refuse_other_kinds(found, file)
    pairs, strange = _pairs(found)
    layers: dict[str, _Layer] = {}
    for pair in pairs:
        place = spellings.get(pair.name)
        why = (
            "no layer of the base has this name" if place is None else _misfit(pair, place, shapes)
        )
        if place is None or why:
            strange[pair.name] = why
        else:
            layers |= _placed(pair, place, shapes)
    if strange or not layers:
        raise BadInput(f"{file}: not understood: {_listed(strange) or 'it holds no LoRA'}")
    return _packed(layers, found.header)


def layouts_of(found: AdapterFile, spellings: Spellings) -> tuple[str, ...]:
    """Whose names an adapter's keys are, the most frequent first."""
    names = {name for key in found.tensors for name, _ in [_split(key)]}
    counted = Counter(spellings[name].layout for name in names if name in spellings)
    return tuple(layout for layout, _ in counted.most_common())


def _refuse_other_kinds(found: AdapterFile, file: str) -> None:
    shown = {
        kind: next((key for key in sorted(found.tensors) if mark.search(key)), None)
        for kind, mark in _OTHER_KINDS.items()
    }
    if any(key.endswith("use_dora") and value for key, value in found.settings.items()):
        shown["DoRA"] = shown["DoRA"] or "by its header"
    for kind, key in shown.items():
        if key is not None:
            raise BadInput(f"{file}: {kind} ({key}) is not brought in; save it as a plain LoRA")


def _pairs(found: AdapterFile) -> tuple[list[_Pair], dict[str, str]]:
    """The layers of a file; and, by key, what is no layer or no whole one."""
    parts: dict[str, dict[str, Tensor]] = {}
    strange: dict[str, str] = {}
    for key in sorted(found.tensors):
        name, part = _split(key)
        if part:
            parts.setdefault(name, {})[part] = found.tensors[key]
        else:
            strange[key] = "no part of a LoRA is called so"
    pairs = []
    for name, have in parts.items():
        why = _broken(have)
        if why:
            strange[name] = why
        else:
            scale = _scale(have.get("alpha"), have["down"].shape[0], found.settings, name)
            pairs.append(_Pair(name, have["down"], have["up"], scale))
    return pairs, strange


def _broken(have: Mapping[str, Tensor]) -> str:
    """Why parts are no whole layer; empty where they are."""
    missing = [part for part in ("down", "up") if part not in have]
    if missing:
        return f"its {missing[0]} weights are missing"
    down, up = have["down"], have["up"]
    if min(down.ndim, up.ndim) < 2 or down.shape[0] != up.shape[1]:
        return "its down and up weights have unlike ranks"
    alpha = have.get("alpha")
    if alpha is not None and (alpha.numel() != 1 or not math.isfinite(float(alpha))):
        return "its alpha is no number"
    return ""


def _split(key: str) -> tuple[str, str]:
    """A key's name and which part of a LoRA it is; the key and nothing where it is none."""
    return next(
        ((key.removesuffix(end), part) for end, part in _PARTS.items() if key.endswith(end)),
        (key, ""),
    )


def _scale(alpha: Tensor | None, rank: int, settings: Mapping[str, Any], name: str) -> float:
    """Alpha / rank; by the file's peft settings where it has no alpha of the layer, else 1."""
    if alpha is not None:
        return float(alpha) / rank
    return stated_scale(settings, name, rank)


def _misfit(pair: _Pair, place: NamedLayers, shapes: Shapes) -> str:
    """Why a layer does not fit the base; empty where it does."""
    rows = sum(shapes[layer][0] for layer in place.layers)
    inputs = shapes[place.layers[0]][1:]
    if (pair.up.shape[0], tuple(pair.down.shape[1:])) != (rows, inputs):
        return "its shape is another than the base's layer has"
    return ""


def _placed(pair: _Pair, place: NamedLayers, shapes: Shapes) -> dict[str, _Layer]:
    """A fused layer's rows fall apart exactly; each part keeps the whole down half, and with it the rank."""
    up = torch.cat(pair.up.chunk(2)[::-1]) if place.swapped else pair.up
    pieces = torch.split(up, [shapes[layer][0] for layer in place.layers])
    return {
        # a copy each: safetensors does not write tensors that share memory
        layer: _Layer(pair.down.clone(), piece, pair.scale)
        for layer, piece in zip(place.layers, pieces, strict=True)
    }


def _packed(layers: Mapping[str, _Layer], header: dict[str, str]) -> AdapterFile:
    tensors: dict[str, Tensor] = {}
    settings: dict[str, Any] = {}
    for component in sorted({name.partition(".")[0] for name in layers}):
        mine = {
            name.partition(".")[2]: layer
            for name, layer in layers.items()
            if name.startswith(f"{component}.")
        }
        if len({(layer.rank, layer.scale) for layer in mine.values()}) > 1:
            mine = _folded(mine)
        for module, layer in mine.items():
            tensors[f"{component}.{module}.lora_A.weight"] = layer.down.contiguous()
            tensors[f"{component}.{module}.lora_B.weight"] = layer.up.contiguous()
        ranks = {module: layer.rank for module, layer in mine.items()}
        scale = next(iter(mine.values())).scale
        settings |= own_settings(component, ranks, scale)
    return AdapterFile(tensors, settings, header)


def _folded(layers: Mapping[str, _Layer]) -> dict[str, _Layer]:
    """Layers whose scale is 1.

    This program's form has one scale a component. Where a file's ranks or alphas differ from layer to layer
    each layer's alpha / rank goes into its up half, in fp32, so that the change is the same: the product is
    rounded once, and not at all where alpha / rank is a power of two.
    """
    return {
        module: layer
        if layer.scale == 1.0
        else _Layer(layer.down, layer.up.float() * layer.scale, 1.0)
        for module, layer in layers.items()
    }


def _listed(strange: Mapping[str, str]) -> str:
    named = [f"{key} ({why})" for key, why in sorted(strange.items())]
    more = f", and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more


def component_shapes(component: str, weights: Iterable[tuple[str, Sequence[int]]]) -> Shapes:
    """Shapes of one component's layers by this program's names.

    Text encoders are saved with and without `text_model.`, which depends on the library's age; this
    program's names have it. Only their blocks' layers are adapted anywhere.

    Args:
        component: attribute of the pipeline.
        weights: names and shapes of its weights, as saved.
    """
    shapes = {}
    for key, shape in weights:
        module, matched, _ = key.rpartition(".weight")
        if not matched or len(shape) not in (2, 4):
            continue
        if component.startswith("text_encoder"):
            if "encoder.layers." not in module:
                continue
            module = f"text_model.{module.removeprefix('text_model.')}"
        shapes[f"{component}.{module}"] = tuple(shape)
    return shapes
