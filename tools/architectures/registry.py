"""The architectures there are, by name; a new one is a folder beside this file and a line in it.

Knows names only, so that it may be asked without loading a model library.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.errors import UnknownName

if TYPE_CHECKING:
    from tools.architectures.architecture import Architecture


@dataclass(frozen=True)
class Entry:
    """What is known of an architecture before its classes are loaded."""

    name: str
    """Its folder here, and `architecture` of its rows."""
    pipeline: str
    """`_class_name` in a diffusers folder's model_index.json."""
    like: str
    """The base whose settings an added folder takes."""


ENTRIES = (
    Entry("sdxl", "StableDiffusionXLPipeline", "sdxl-base"),
    Entry("flux", "FluxPipeline", "flux-schnell"),
    Entry("flux2", "Flux2KleinPipeline", "flux2-klein-4b"),
)
PRESETS = ("fast", "paper")
"""Training settings that every architecture ships: ours, and the consistent-characters paper's."""


def entry_named(name: str) -> Entry:
    """The entry of an architecture.

    Raises:
        UnknownName: lists the known ones.
    """
    found = next((entry for entry in ENTRIES if entry.name == name), None)
    if found is None:
        known = " and ".join(entry.name for entry in ENTRIES)
        raise UnknownName(f"no architecture named {name!r}; there are {known}")
    return found


def entry_of_pipeline(class_name: str) -> Entry | None:
    """The entry whose folders hold this diffusers pipeline; None for a class that nobody draws with."""
    return next((entry for entry in ENTRIES if entry.pipeline == class_name), None)


def load_architecture(name: str) -> Architecture:
    """An architecture with its classes.

    Raises:
        UnknownName: lists the known ones.
    """
    module = import_module(f"{__package__}.{entry_named(name).name}")
    found: Architecture = module.architecture()
    return found


def preset(name: str, row: BaseRow, images: int = 20) -> LoraConfig:
    """Settings of one training run.

    Args:
        name: one of `PRESETS`.
        row: the base to train on.
        images: pictures of the person in the set; the paper counts in epochs.

    Raises:
        UnknownName: no preset, or no architecture, of that name.
    """
    if name not in PRESETS:
        raise UnknownName(f"no training preset {name!r}; there are {' and '.join(PRESETS)}")
    module = import_module(f"{__package__}.{entry_named(row.architecture).name}.presets")
    made: LoraConfig = getattr(module, name)(row, images)
    return made
