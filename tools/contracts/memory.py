"""What a base weighs, what a device holds, and the plan by which one fits into the other.

Values only: how a plan is found stands in `tools.backends.memory`, what a device is in `tools.compute`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from tools.contracts.model import Contract

GB = 2**30
"""Bytes of a gigabyte, as drivers count a card's memory."""


class Footprint(Contract):
    """What one base needs, measured on its real configuration by `python -m bench.memory`.

    Parameters are in millions. Working memory is in GB for one picture of one megapixel (2**20 pixels) in
    half precision; it grows with the pictures and with their area.
    """

    denoiser: float = Field(gt=0)
    block: float = Field(gt=0)
    """The denoiser's largest block, which lies alone on the device when blocks are streamed."""
    texts: tuple[float, ...] = Field(min_length=1)
    """Each text encoder."""
    autoencoder: float = Field(gt=0)
    adapter: float = Field(gt=0)
    """An adapter's parameters for each rank, on the row's `lora_targets`."""
    text_adapter: float = Field(default=0.0, ge=0)
    """The same on the text encoders."""
    draw: float = Field(gt=0)
    """One evaluation of the denoiser."""
    learn: float = Field(gt=0)
    """Forwards and backwards with everything kept."""
    learn_checkpointed: float = Field(gt=0)
    """The same where each block is computed again on the way back."""
    encode: float = Field(gt=0)
    """The autoencoder's way in."""
    decode: float = Field(gt=0)
    """Its way out."""
    eight_bits: bool = False
    """Whether the denoiser's weights may be held in fp8: measured to learn alike (docs/bases.md)."""


class DeviceFacts(Contract):
    """What a device says of itself."""

    kind: Literal["cpu", "cuda", "mps"]
    name: str
    total: int = Field(ge=0)
    """Bytes."""
    free: int = Field(ge=0)
    """Bytes that a new task could take."""

    @property
    def is_card(self) -> bool:
        """Whether models must be brought to it from the machine's own memory."""
        return self.kind == "cuda"


class Numbers(Contract):
    """Bytes of the numbers that a task holds weights in and computes in."""

    storage: int = Field(ge=1, le=8)
    arithmetic: int = Field(ge=1, le=8)
    decoding: int = Field(ge=1, le=8)
    """Of the autoencoder, on its way out."""

    def weights(self, millions: float, storage: int | None = None) -> float:
        """GB of so many million weights, in `storage` bytes each where that is given."""
        return millions * 1e6 * (storage or self.storage) / GB

    def working(self, gb: float) -> float:
        """GB of the denoiser's working memory that was measured in half precision."""
        return gb * self.arithmetic / 2

    def decoded(self, gb: float) -> float:
        """The same of the autoencoder's."""
        return gb * self.decoding / 2


class Task(StrEnum):
    """What memory is planned for."""

    DRAW = "draw"
    TRAIN = "train"


class Residency(StrEnum):
    """Where a base's models are while it draws."""

    RESIDENT = "all models on the device"
    PARTS = "one model on the device at a time"
    BLOCKS = "the denoiser block by block"


class PlanTerm(Contract):
    """One summand of a stage."""

    what: str
    gb: float = Field(ge=0)


class PlanStage(Contract):
    """What lies on the device at one time."""

    name: str
    terms: tuple[PlanTerm, ...]

    @property
    def gb(self) -> float:
        """GB of the whole stage."""
        return sum(term.gb for term in self.terms)

    @property
    def line(self) -> str:
        """The arithmetic, as `denoiser 5.1 = weights 4.8 + pictures 0.3`."""
        summed = " + ".join(f"{term.what} {term.gb:.2f}" for term in self.terms)
        return f"{self.name} {self.gb:.2f} GB = {summed}"


class MemoryPlan(Contract):
    """How one task is done on one device."""

    base: str
    task: Task
    batch: int = Field(ge=1)
    """Pictures in one pass of the denoiser."""
    parts: int = Field(default=1, ge=1)
    """Passes whose gradients are added up for one step."""
    checkpointing: bool = False
    """Whether blocks are computed again on the way back."""
    eight_bits: bool = False
    """Whether the denoiser's weights are held in fp8 and computed in half precision."""
    residency: Residency = Residency.RESIDENT
    texts_here: bool = True
    """Whether texts are read on the device; else on the processor."""
    encode_together: int = Field(default=4, ge=1)
    """Training pictures that the autoencoder takes at once."""
    sliced: bool = False
    """Whether the autoencoder decodes one picture at a time."""
    tiled: bool = False
    """Whether it decodes a picture in tiles; their seams can be seen, so that it is the last resort."""
    stages: tuple[PlanStage, ...] = ()
    """Empty for a base whose footprint is not known."""
    free_gb: float = Field(default=0.0, ge=0)
    """What the device had when the plan was made."""

    @property
    def peak(self) -> PlanStage | None:
        """The stage that needs most."""
        return max(self.stages, key=lambda stage: stage.gb, default=None)

    @property
    def how(self) -> str:
        """The choices in one line."""
        passes = f"{self.batch} at a time" + (f" × {self.parts}" if self.parts > 1 else "")
        said = [
            passes,
            self.residency.value if self.task is Task.DRAW else "",
            "fp8 weights" if self.eight_bits else "",
            "checkpointing" if self.checkpointing else "",
            "" if self.texts_here else "texts on the processor",
            "decoded one by one" if self.sliced else "",
            "decoded in tiles" if self.tiled else "",
        ]
        return ", ".join(filter(None, said))

    @property
    def lines(self) -> tuple[str, ...]:
        """The plan and its arithmetic, for people."""
        peak = self.peak
        if peak is None:
            return (f"{self.base}, {self.task}: {self.how}; what it needs is not known",)
        head = f"{self.base}, {self.task}: {peak.gb:.1f} of {self.free_gb:.1f} GB free; {self.how}"
        return (head, *(f"  {stage.line}" for stage in self.stages))
