"""The four networks on disk: one safetensors file in fp16, with the model card beside it.

Knows names and number formats; must not know how the networks are used.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from tools.compute import FILE_NUMBERS
from tools.embedders.drawn.networks import (
    HeadDetector,
    HeadEmbedder,
    HeadReader,
    OutfitReader,
    channels_last,
)
from tools.errors import BadInput, StorageFailed

FILE = "weights.safetensors"
CARD = "MODEL.md"


@dataclass(frozen=True)
class Networks:
    """All that the drawn embedder has learned."""

    detector: HeadDetector
    reader: HeadReader
    embedder: HeadEmbedder
    outfit: OutfitReader

    def named(self) -> dict[str, nn.Module]:
        """The networks by the name that their tensors begin with."""
        return {
            "detector": self.detector,
            "reader": self.reader,
            "embedder": self.embedder,
            "outfit": self.outfit,
        }


def new_networks() -> Networks:
    """Networks that have learned nothing yet."""
    return Networks(HeadDetector(), HeadReader(), HeadEmbedder(), OutfitReader())


def shipped_weights() -> Path:
    """The file that ships inside the package."""
    return Path(__file__).parent / FILE


def save_networks(networks: Networks, path: Path) -> Path:
    """Write the networks in fp16, atomically.

    Raises:
        StorageFailed: the disk did not take it; an older file stays.
    """
    tensors = {
        f"{part}.{name}": tensor.to(FILE_NUMBERS).contiguous()
        for part, network in networks.named().items()
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            save_file(tensors, partial, metadata={"format": "pt"})
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, SafetensorError) as error:
        raise StorageFailed(f"cannot write {path}: {error}") from error
    return path


def load_networks(path: Path) -> Networks:
    """Read the networks, in fp32 and for use only.

    Raises:
        BadInput: not a file of these networks.
    """
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise BadInput(f"{path}: no weights of the drawn embedder ({error})") from error
    networks = new_networks()
    for part, network in networks.named().items():
        _fill(network, _part(tensors, part), path)
        channels_last(network.eval().requires_grad_(False))
    return networks


def fingerprint_of(path: Path) -> str:
    """Eight letters that change with the weights, so that faces seen by others are not mixed in."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _part(tensors: dict[str, Tensor], part: str) -> dict[str, Tensor]:
    start = f"{part}."
    return {
        name.removeprefix(start): tensor.float()
        for name, tensor in tensors.items()
        if name.startswith(start)
    }


def _fill(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    counters = {name for name, each in network.state_dict().items() if not each.is_floating_point()}
    try:
        answer = network.load_state_dict(tensors, strict=False)
    except RuntimeError as error:
        raise BadInput(f"{path}: weights of other networks ({error})") from error
    if answer.unexpected_keys or set(answer.missing_keys) - counters:
        raise BadInput(f"{path}: weights of other networks; train them again")
