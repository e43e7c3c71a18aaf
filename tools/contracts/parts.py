"""The parts of a studio that may be done here or elsewhere: who draws, who trains, who sees faces.

Knows what is asked and answered; must not know who does it (`tools.compose` chooses).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.images import ImageRequest, ImageResult
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress

FindFile = Callable[[str], Path]
"""Gives where the stored file of a digest lies on this machine; raises `UnknownName` where it is not."""

StepSink = Callable[[int, int], None]
"""Called as (steps done, steps in all) over every batch of a call; may raise `Cancelled`."""


class ImageBackend(Protocol):
    """Draws pictures."""

    def draw(
        self, requests: Sequence[ImageRequest], on_step: StepSink | None = None
    ) -> Iterator[ImageResult]:
        """Draw pictures, together where they can be, and yield them in the order asked for.

        Args:
            requests: what to draw; seeds are given, sizes are the base's.
            on_step: told how far the whole call is; may raise `Cancelled`, which keeps what was yielded.

        Raises:
            AnchorMissing: a prompt does not close with the SAME anchor of its cast; checked for all
                requests at the call, before anything is drawn.
            BadInput: what the base cannot draw.
            UnknownName: no such base, or no stored file of a digest.
            BaseUnavailable: the base.
            FailedError: it could not be drawn.
        """


class LoraTrainer(Protocol):
    """Trains adapters."""

    def train(
        self, base: str, images: Sequence[TrainingImage], config: LoraConfig, folder: Path
    ) -> Generator[TrainProgress]:
        """Train an adapter of a base; closing the generator cancels and keeps what is resumed from.

        Yields:
            One item a step; the last carries the adapter.

        Raises:
            UnknownName, BaseUnavailable: the base.
            BadInput, TrainingFailed, StorageFailed: the run.
        """


class FaceEmbedder(Protocol):
    """Sees faces and tells them apart."""

    embedder: str
    """Whose embeddings they are; distances of two embedders are never mixed."""

    def faces(
        self,
        images: Sequence[Image.Image],
        *,
        thorough: bool = True,
        at_least: int = 1,
        on_done: Callable[[int, int], None] | None = None,
    ) -> list[list[Face]]:
        """Return the faces of each picture, largest first.

        Args:
            images: RGB pictures of any size.
            thorough: look again, slowly, where fewer than `at_least` faces are seen at first.
            at_least: how many faces are expected (2 for a two-hander).
            on_done: called with (pictures done, pictures in all) after each.
        """

    def hints_of_head(self, image: Image.Image) -> bool:
        """Say whether a picture without a readable face shows something like a head."""
