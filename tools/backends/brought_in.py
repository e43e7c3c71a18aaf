"""Brings a LoRA file of another program into this program's form, held against a base's own layers.

Knows a base's folder by the headers of its weights; loads no model and opens no pickle. Must not know whose
adapter it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.architectures.families import refuse_another_family
from tools.architectures.registry import load_architecture
from tools.backends.weights import part_files, read_header
from tools.contracts.bases import BaseRow
from tools.training.lora.adapter import AdapterFile, read_adapter
from tools.training.lora.foreign import Shapes, component_shapes, layouts_of, own_form

_ENCODERS = ("text_encoder", "text_encoder_2")


@dataclass(frozen=True)
class BroughtIn:
    """A foreign adapter, understood."""

    adapter: AdapterFile
    """In this program's form; its header is the file's own."""
    layouts: tuple[str, ...]
    """Whose names its keys were."""
    digest: str
    """SHA-256 of the file as it was given."""


def bring_in(path: Path, row: BaseRow, folder: Path) -> BroughtIn:
    """Read a LoRA in any known layout.

    Args:
        path: the file.
        row: of the base that it is to draw on.
        folder: that base's diffusers folder.

    Raises:
        BadInput: a pickle, a damaged file, an adapter of another kind or of another family of bases, or
            keys that are not understood, each of them named.
    """
    refuse_another_family(path.name, read_header(path).shapes, row.architecture, row.name)
    shapes = layer_shapes(row, folder)
    names = load_architecture(row.architecture).spellings(shapes)
    found = read_adapter(path)
    return BroughtIn(
        adapter=own_form(found, path.name, names, shapes),
        layouts=layouts_of(found, names),
        digest=_digest(path),
    )


def layer_shapes(row: BaseRow, folder: Path) -> Shapes:
    """Shapes of the layers of a base that an adapter may change, by `<component>.<module>`.

    Raises:
        BadInput: a weight file is missing or damaged.
    """
    architecture = load_architecture(row.architecture)
    components = [architecture.draw.denoiser, *_ENCODERS]
    shapes: dict[str, tuple[int, ...]] = {}
    for component in components:
        if (folder / component).is_dir():
            shapes |= component_shapes(component, _weights(folder / component))
    return shapes


def _weights(part: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    for file in part_files(part):
        yield from read_header(file).shapes.items()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
