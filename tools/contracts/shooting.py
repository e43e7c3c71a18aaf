"""What a shoot is asked for and what came of it."""

from __future__ import annotations

from pydantic import Field, model_validator

from tools.contracts.model import Contract, Digest, Name, Seed
from tools.contracts.photography import Framing
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Verdict


class CharacterAdapter(Contract):
    """Which LoRA version draws a character, and what its pictures are held against."""

    character: Name
    reference_set_id: str | None = None
    """None: there is no set yet, so that only sketches can be drawn."""
    lora_version_id: str | None = None
    """None draws with the base alone: what comes of it is a sketch, not a take."""
    weight: float = Field(default=1.0, ge=0.0, le=2.0)
    portraits: tuple[Digest, ...] = Field(
        default=(), max_length=64, exclude_if=lambda each: not each
    )
    """Of the chosen face: what a sketch is drawn over, and held against where there is no set."""

    @model_validator(mode="after")
    def _set_of_version(self) -> CharacterAdapter:
        if self.lora_version_id is not None and self.reference_set_id is None:
            raise ValueError("a LoRA version comes with the set that it was trained on")
        return self


class ShootRequest(Contract):
    """Shots to draw, each as often as QC asks for, up to a cap.

    Without a LoRA version what is drawn is a sketch: it is looked at, and neither delivered nor learned
    from.
    """

    production: str
    base: str
    adapter: CharacterAdapter
    shots: tuple[ShotRequest, ...] = Field(min_length=1, max_length=200)
    seed: Seed
    max_tries: int = Field(default=3, ge=1, le=10)
    steps: int | None = Field(default=None, ge=1, le=200)
    """None takes the base's own number."""
    calibration: str = "maquette"
    planned: bool = False
    """Whether the shots are those of the shot table, even if a note has revised one since."""

    @property
    def is_sketch(self) -> bool:
        """Whether the base draws alone."""
        return self.adapter.lora_version_id is None


class Taken(Contract):
    """One drawn and judged picture of a shot."""

    slate: str
    """Scene and setup: `12A`."""
    tries: int = Field(ge=1)
    take: str
    """As `12A T1`; for pictures of the base alone `12A base`."""
    framing: Framing
    prompt: str
    seed: Seed
    digest: Digest
    """Of the stored PNG."""
    verdict: Verdict
    embedding: tuple[float, ...] | None = None
    """Unit embedding of the face that was judged."""
    is_sketch: bool = Field(default=False, exclude_if=lambda value: not value)
    """Whether the base drew it alone: never delivered, never a reference."""


class ShootResult(Contract):
    """All takes in shooting order, tries of a shot together."""

    takes: tuple[Taken, ...]
