"""Trains LoRAs on the bases of a catalog.

Knows where a base's pipeline comes from; how training goes stands in `tools.training`.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from tools.architectures.registry import load_architecture
from tools.backends.bases import BaseCatalog
from tools.backends.local.pipelines import load_for_training
from tools.compute import resolve_device, use_threads
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress
from tools.training.lora.loop import captions_of, train_lora


class LocalTrainer:
    """Trains on this machine, on parts of the base that nobody else uses."""

    def __init__(self, catalog: BaseCatalog, *, device: str = "auto", threads: int = 0) -> None:
        """Load nothing yet.

        Args:
            catalog: the bases.
            device: `auto`, `cpu` or `cuda`.
            threads: CPU threads; 0 leaves torch's own choice.

        Raises:
            BadInput: cuda is asked for and not there.
        """
        self._catalog, self._device = catalog, resolve_device(device)
        use_threads(threads)

    def train(
        self, base: str, images: Sequence[TrainingImage], config: LoraConfig, folder: Path
    ) -> Generator[TrainProgress]:
        """Train an adapter of a base; closing the iterator cancels and keeps a checkpoint.

        Args:
            base: name of an installed base; its weights are loaded fresh in fp32, or those of the
                base that its adapters learn on.
            images: pictures of the person, and regularisation pictures.
            config: one run's settings.
            folder: the run's checkpoints and, at the end, its adapter; a stopped run goes on there.

        Yields:
            One item a step; the last carries the adapter.

        Raises:
            UnknownName, BaseUnavailable: the base.
            BadInput: settings that the architecture cannot follow.
            BadInput, TrainingFailed, StorageFailed: see `tools.training.lora.loop.train_lora`.
        """
        row = self._catalog.row(base)
        row = self._catalog.row(row.trained_on) if row.trained_on else row
        pipeline = load_for_training(row, self._catalog.folder(row.name), self._device)
        learner = load_architecture(row.architecture).learner(
            pipeline, row, config, captions_of(images)
        )
        yield from train_lora(learner, images, row, config, folder)
