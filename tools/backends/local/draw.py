"""Draws image requests with diffusers on this machine.

Knows requests, batches, and how a batch goes through a pipeline; in what the architectures differ
stands in `tools.architectures`. Must not know characters, scenes or verdicts.
"""

from __future__ import annotations

import gc
import time
import warnings
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from threading import RLock
from typing import Any

import torch
from PIL import Image

from tools.architectures.architecture import GivenPictures, Mode, schedule_length
from tools.architectures.chunks import PromptText, read_prompt
from tools.backends.bases import BaseCatalog
from tools.backends.local.adapters import AdapterSlots, LocalLora
from tools.backends.local.batches import StepCounter, batch_key, mode_of, plan_batches
from tools.backends.local.encode import PromptEncoder
from tools.backends.local.idle import IdleTimer
from tools.backends.local.pipelines import LoadedBase, load_base, quiet_libraries
from tools.backends.local.placement import within_memory
from tools.backends.local.samplers import fresh_scheduler
from tools.compute import forget_unused, resolve_device, take_card, use_threads
from tools.contracts.images import ImageRequest, ImageResult
from tools.contracts.parts import FindFile, StepSink
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.language.prompt.anchor import require_anchor


class LocalBackend:
    """Draws with the bases of a catalog; one base is kept in memory."""

    def __init__(
        self,
        catalog: BaseCatalog,
        find: FindFile,
        *,
        device: str = "auto",
        threads: int = 0,
        batch_size: int = 4,
        idle_seconds: float = 0.0,
    ) -> None:
        """Build nothing heavy; a base is loaded when it first draws.

        Args:
            catalog: the bases.
            find: gives the files that requests name by digest.
            device: see `resolve_device`.
            threads: CPU threads; 0 leaves torch's own choice.
            batch_size: pictures in one forward pass, at most.
            idle_seconds: after so long without a picture a card is given back; 0 keeps the base on it.

        Raises:
            BadInput: a device that is not there.
        """
        self._catalog, self._find = catalog, find
        self._device = resolve_device(device)
        self._batch_size = batch_size
        take_card(self._device)
        use_threads(threads)
        self._desk: _Desk | None = None
        self._busy = RLock()
        """Held while the desk is used: an idle timer lets it go from a thread of its own."""
        self._idle = IdleTimer(idle_seconds if self._device.type != "cpu" else 0.0, self.release)
        self._rooms: dict[str, int] = {}
        """Pictures in one pass by base, as its plan found room for."""

    def draw(
        self, requests: Sequence[ImageRequest], on_step: StepSink | None = None
    ) -> Iterator[ImageResult]:
        """Draw pictures, together where they can be, and yield them in the order asked for.

        Each picture has its own noise from its own seed on the CPU. `steps` are really run in every
        mode: image-to-image makes the schedule finer by the strength. What lies under the black of
        a mask comes back as it was given.

        Args:
            requests: what to draw.
            on_step: told (steps done, steps in all) after every step; may raise `Cancelled`, which
                stops within the step and keeps what was yielded.

        Raises:
            AnchorMissing: a prompt does not close with the SAME anchor of its cast; checked for all
                requests at the call, before anything is drawn.
            BadInput: a size, picture, mask, adapter or negative prompt that cannot be used.
            UnknownName: no such base, or no stored file of a digest.
            BaseUnavailable: the base.
            FailedError: the device has too little memory.
        """
        for request in requests:
            require_anchor(request)
        return self._draw(tuple(requests), on_step)

    def _draw(
        self, requests: tuple[ImageRequest, ...], on_step: StepSink | None
    ) -> Iterator[ImageResult]:
        keys = self._keys(requests)
        batches = plan_batches(keys, [self._rooms[request.base] for request in requests])
        counter = StepCounter([requests[batch[0]].steps for batch in batches], on_step)
        ready: dict[int, ImageResult] = {}
        following = 0
        for number, batch in enumerate(batches):
            drawn = self._draw_batch([requests[place] for place in batch], number, counter)
            ready.update(zip(batch, drawn, strict=True))
            while following in ready:
                yield ready.pop(following)
                following += 1

    def _keys(self, requests: Sequence[ImageRequest]) -> list[Hashable]:
        """Check every request and say what it can be drawn with, base by base."""
        keys: dict[int, Hashable] = {}
        with self._busy:
            for name in dict.fromkeys(request.base for request in requests):
                desk = self._desk_for(name)
                for place, request in enumerate(requests):
                    if request.base == name:
                        desk.check(request)
                        keys[place] = batch_key(request, desk.windows(request))
        return [keys[place] for place in range(len(requests))]

    def _desk_for(self, name: str) -> _Desk:
        """The desk of a base; another base is let go before this one is loaded."""
        if self._desk is None or self._desk.base.row.name != name:
            row, folder = self._catalog.row(name), self._catalog.folder(name)
            self.release()
            base = load_base(row, folder, self._device, batch=self._batch_size)
            self._rooms[name] = base.plan.batch
            self._desk = _Desk(base, self._find)
        return self._desk

    def release(self) -> None:
        """Let the loaded base go; the next picture loads it again."""
        with self._busy:
            self._desk = None
            gc.collect()
            forget_unused(self._device)

    def _draw_batch(
        self, batch: Sequence[ImageRequest], number: int, counter: StepCounter
    ) -> list[ImageResult]:
        begun = time.monotonic()
        with self._idle.held(), self._busy:
            desk = self._desk_for(batch[0].base)
            with within_memory(desk.base.plan, self._device):
                images = desk.draw(batch, number, counter)
        seconds = (time.monotonic() - begun) / len(batch)
        return [
            ImageResult(image=image, request=request, seconds=seconds, cost=Decimal(0))
            for image, request in zip(images, batch, strict=True)
        ]


class _Desk:
    """One loaded base with the encoder and the adapters that belong to it."""

    def __init__(self, base: LoadedBase, find: FindFile) -> None:
        self.base, self._find = base, find
        self._encoder = PromptEncoder(base)
        self._slots = AdapterSlots(base)

    def windows(self, request: ImageRequest) -> int:
        """Encoder windows that the request's prompts take."""
        negative = PromptText(request.negative_prompt, len(request.negative_prompt))
        return max(
            self._encoder.windows(read_prompt(request.prompt)), self._encoder.windows(negative)
        )

    def check(self, request: ImageRequest) -> None:
        """Refuse what this base cannot draw, before anything is drawn."""
        step, size = self.base.architecture.draw.size_step, request.size
        if size.width % step or size.height % step:
            raise BadInput(
                f"{size.width}×{size.height}: {request.base} draws sizes in steps of {step} pixels"
            )
        most = self.base.row.references
        if len(request.references) > most:
            raise BadInput(
                f"{request.base} takes {most or 'no'} reference pictures, not {len(request.references)}"
            )
        if request.negative_prompt and not self._guided(request):
            raise BadInput(
                f"a negative prompt has no effect on {request.base} at guidance "
                f"{request.guidance}; leave it out"
            )
        self._pictures(request)
        for digest in request.references:
            self._find(digest)

    def _guided(self, request: ImageRequest) -> bool:
        """Whether it is drawn away from anything."""
        row, drawing = self.base.row, self.base.architecture.draw
        return not row.guidance_free and drawing.guided(request.guidance)

    def draw(
        self, batch: Sequence[ImageRequest], number: int, counter: StepCounter
    ) -> list[Image.Image]:
        """Draw requests of one key in one forward pass."""
        first, drawing = batch[0], self.base.architecture.draw
        self._slots.use([LocalLora(self._find(use.digest), use.weight) for use in first.loras])
        mode = mode_of(first)
        scheduler = fresh_scheduler(
            self.base.row.sampler,
            self.base.pipeline.scheduler.config,
            [request.seed for request in batch],
            inpaint=mode is Mode.INPAINT,
        )
        guided, guide = self._guided(first), self.base.row.guide
        guidance = 0.0 if self.base.row.guidance_free else first.guidance
        pipeline = self.base.for_mode(mode, scheduler, guided=guided)
        with torch.inference_mode():
            negatives = [request.negative_prompt for request in batch]
            wanted, unwanted = self._encoder.encode(
                [read_prompt(request.prompt) for request in batch],
                negatives if guided else None,
                self._slots.text_key,
                self._slots.aside if guide else None,
            )
            with self.base.compute.autocast(), quiet_libraries(), _quiet_noise_source():
                images: list[Image.Image] = pipeline(
                    height=first.size.height,
                    width=first.size.width,
                    num_inference_steps=schedule_length(drawing, first.steps, first.strength),
                    generator=[torch.Generator().manual_seed(request.seed) for request in batch],
                    callback_on_step_end=_step_callback(number, counter),
                    output_type="pil",
                    **drawing.arguments(
                        wanted, unwanted, guidance, guide.rescale if guide else 0.0, first.size
                    ),
                    **drawing.pictures(self._given(batch)),
                ).images
        return [
            self._composited(image, request) for image, request in zip(images, batch, strict=True)
        ]

    def _given(self, batch: Sequence[ImageRequest]) -> GivenPictures:
        """The pictures and masks that a batch starts from, and its references."""
        pairs = [self._pictures(request) for request in batch]
        first = batch[0]
        return GivenPictures(
            mode=mode_of(first),
            images=[image for image, _ in pairs if image is not None],
            masks=[mask for _, mask in pairs if mask is not None],
            strength=first.strength,
            references=[load_picture(self._find(digest)) for digest in first.references],
        )

    def _pictures(self, request: ImageRequest) -> tuple[Image.Image | None, Image.Image | None]:
        """The request's start picture and mask, each of the request's size."""
        image = load_picture(self._find(request.init_image)) if request.init_image else None
        mask = load_picture(self._find(request.mask)).convert("L") if request.mask else None
        for which, picture in (("start picture", image), ("mask", mask)):
            if picture and picture.size != (request.size.width, request.size.height):
                raise BadInput(
                    f"the {which} is {picture.width}×{picture.height} where the request says "
                    f"{request.size.width}×{request.size.height}; crop or scale it first"
                )
        return image, mask

    def _composited(self, drawn: Image.Image, request: ImageRequest) -> Image.Image:
        """Lay the drawing over the start picture by the mask: the autoencoder changes every pixel."""
        image, mask = self._pictures(request) if request.mask else (None, None)
        if image is None or mask is None:
            return drawn
        return Image.composite(drawn, image, mask)


def _step_callback(number: int, counter: StepCounter) -> Any:
    def after_step(
        pipeline: Any, index: int, _: object, __: Mapping[str, object]
    ) -> dict[str, object]:
        counter.report(number, index + 1, pipeline.num_timesteps)
        return {}

    return after_step


@contextmanager
def _quiet_noise_source() -> Iterator[None]:
    """Silence torchsde's remark on the last digit of an interval's bounds."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="torchsde")
        yield
