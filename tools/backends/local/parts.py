"""A base's models for training, brought to the device a few at a time and let go again.

Between their turns the models are skeletons: their configuration is there, their weights are nowhere.
Knows diffusers folders and memory plans; must not know what is learned.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from tools.architectures.architecture import Mode
from tools.architectures.registry import load_architecture
from tools.backends.local.pipelines import quiet_libraries, read_weights
from tools.backends.local.placement import hold_in_eight_bits
from tools.backends.weights import read_index, weighted_parts
from tools.compute import FULL, Compute, forget_unused
from tools.contracts.bases import BaseRow
from tools.contracts.memory import MemoryPlan


class StagedParts:
    """The models of one base, shared with nobody."""

    def __init__(self, row: BaseRow, folder: Path, compute: Compute, plan: MemoryPlan) -> None:
        """Read configurations and tokenizers; no weights yet.

        Raises:
            BaseUnavailable: a folder that does not load.
        """
        self._row, self._folder, self._compute, self._plan = row, folder, compute, plan
        drawing = load_architecture(row.architecture).draw
        self._denoiser = drawing.denoiser
        index = read_index(folder)
        self._kinds = {name: _class_named(index[name]) for name in weighted_parts(index)}
        skeletons = {name: self._skeleton(name) for name in self._kinds}
        kind = drawing.pipelines[Mode.TEXT]
        self.pipeline = read_weights(
            row, kind, folder, [], compute.storage, {**drawing.options, **skeletons}
        )

    def _skeleton(self, name: str) -> Any:
        kind, folder = self._kinds[name], self._folder / name
        with quiet_libraries(), torch.device("meta"):
            if issubclass(kind, transformers.PreTrainedModel):
                return kind(kind.config_class.from_pretrained(folder, local_files_only=True))
            return kind.from_config(kind.load_config(folder, local_files_only=True))

    @contextmanager
    def present(self, names: Sequence[str]) -> Iterator[None]:
        """Within it these models are on the device and frozen; see `tools.training.lora.learner.Present`.

        Raises:
            BaseUnavailable: weights that do not load.
        """
        skeletons = {name: getattr(self.pipeline, name) for name in names}
        try:
            for name in names:
                setattr(self.pipeline, name, self._load(name))
            yield
        finally:
            for name, skeleton in skeletons.items():
                setattr(self.pipeline, name, skeleton)
            gc.collect()
            forget_unused(self._compute.device)

    def _load(self, name: str) -> Any:
        folder, compute = self._folder / name, self._compute
        here = self._plan.texts_here or not name.startswith("text_encoder")
        exact = name == "vae" or not here
        numbers = FULL if exact else compute.storage
        model = read_weights(self._row, self._kinds[name], folder, [folder], numbers, {})
        model.requires_grad_(False)
        if name == self._denoiser and self._plan.eight_bits:
            hold_in_eight_bits(model, compute)
        return model.to(compute.device) if here else model


def _class_named(name: str) -> Any:
    """A model class of one of the two libraries that diffusers folders name."""
    return getattr(diffusers, name, None) or getattr(transformers, name)
