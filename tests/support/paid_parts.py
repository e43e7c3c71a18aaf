"""A backend and a trainer that charge, as a cloud does; what they make is quick, or real."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.readable_faces import ReadableFaces
from tools.compose import Studio
from tools.contracts.images import ImageRequest, ImageResult
from tools.contracts.parts import StepSink
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress
from tools.jobs.local_worker import LocalWorker
from tools.services import Services
from tools.workflows.job_kinds import build_handlers

A_PICTURE = Decimal("0.04")
A_TRAINING = Decimal("2.40")
SECONDS = 1.5


class Killed(BaseException):
    """The process ends after a picture was paid."""


class PaidBackend:
    """Draws noise, the same for the same seed, at four cents a picture."""

    def __init__(self) -> None:
        self.drawn = 0
        self.asked: list[ImageRequest] = []
        self.dies_after: int | None = None
        """Pictures of a call after which the process is killed, once."""

    def draw(
        self, requests: Sequence[ImageRequest], on_step: StepSink | None = None
    ) -> Iterator[ImageResult]:
        for place, request in enumerate(requests):
            if place == self.dies_after:
                self.dies_after = None
                raise Killed
            self.drawn += 1
            self.asked.append(request)
            yield ImageResult(_noise(request), request, seconds=SECONDS, cost=A_PICTURE)
            if on_step is not None:
                on_step(place + 1, len(requests))


class PaidTrainer:
    """The studio's own trainer, which asks for money at the end."""

    def __init__(self, services: Services) -> None:
        self._real = services.load_trainer

    def train(
        self, base: str, images: Sequence[TrainingImage], config: LoraConfig, folder: Path
    ) -> Generator[TrainProgress]:
        for step in self._real().train(base, images, config, folder):
            cost = A_TRAINING if step.adapter else Decimal(0)
            yield step.model_copy(update={"cost": cost})


def paid_studio(studio: Studio, backend: PaidBackend) -> Studio:
    """Return the studio with these, and with eyes that see a face in noise."""
    eyes, trainer = ReadableFaces(), PaidTrainer(studio.services)
    services = replace(
        studio.services,
        load_faces=lambda _name: eyes,
        load_backend=lambda: backend,
        load_trainer=lambda: trainer,
    )
    return Studio(services, LocalWorker(services.database, build_handlers(services)))


def _noise(request: ImageRequest) -> Image.Image:
    shape = (request.size.height, request.size.width, 3)
    return Image.fromarray(np.random.default_rng(request.seed).integers(0, 256, shape, np.uint8))
