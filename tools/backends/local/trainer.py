"""Trains LoRAs on the bases of a catalog.

Knows where a base's pipeline comes from; how training goes stands in `tools.training`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from tools.architectures.registry import load_architecture
from tools.backends.bases import BaseCatalog
from tools.backends.local.parts import StagedParts
from tools.backends.local.placement import within_memory
from tools.backends.memory import plan_training
from tools.backends.training_adapters import millions_beside, training_adapter
from tools.backends.weights import weighed
from tools.compute import (
    device_facts,
    numbers_of,
    resolve_device,
    take_card,
    training_compute,
    use_threads,
)
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress
from tools.training.lora.learner import Means
from tools.training.lora.loop import captions_of, train_lora


class LocalTrainer:
    """Trains on this machine, on parts of the base that nobody else uses."""

    def __init__(
        self,
        catalog: BaseCatalog,
        *,
        device: str = "auto",
        threads: int = 0,
        make_room: Callable[[], None] = lambda: None,
    ) -> None:
        """Load nothing yet.

        Args:
            catalog: the bases.
            device: see `resolve_device`.
            threads: CPU threads; 0 leaves torch's own choice.
            make_room: lets go what else is on the device before a run begins.

        Raises:
            BadInput: a device that is not there.
        """
        self._catalog, self._device, self._make_room = catalog, resolve_device(device), make_room
        take_card(self._device)
        use_threads(threads)

    def train(
        self, base: str, images: Sequence[TrainingImage], config: LoraConfig, folder: Path
    ) -> Generator[TrainProgress]:
        """Train an adapter of a base; closing the iterator cancels and keeps a checkpoint.

        Args:
            base: name of an installed base; its models are loaded fresh, each when it is needed, or
                those of the base that its adapters learn on.
            images: pictures of the person, and regularisation pictures.
            config: one run's settings.
            folder: the run's checkpoints and, at the end, its adapter; a stopped run goes on there.

        Yields:
            One item a step; the last carries the adapter.

        Raises:
            UnknownName, BaseUnavailable: the base, or the adapter that it is trained beside.
            BadInput: settings that the architecture cannot follow.
            FailedError: the device has too little memory.
            BadInput, TrainingFailed, StorageFailed: see `tools.training.lora.loop.train_lora`.
        """
        row = self._catalog.row(base)
        row = self._catalog.row(row.trained_on) if row.trained_on else row
        place = self._catalog.folder(row.name)
        self._make_room()
        compute = training_compute(row, self._device, config.precision)
        need = weighed(row.memory, place) if row.memory else None
        facts = device_facts(self._device)
        frozen = training_adapter(self._catalog, row.name)
        beside = millions_beside(self._catalog, row.name)
        plan = plan_training(row, need, numbers_of(compute), facts, config, beside=beside)
        parts = StagedParts(row, place, compute, plan)
        learner = load_architecture(row.architecture).learner(
            parts.pipeline, row, config, captions_of(images)
        )
        means = Means(compute, plan, parts.present, frozen)
        with within_memory(plan, self._device):
            yield from train_lora(learner, images, row, config, folder, means)
