"""What a shoot is asked for and what came of it."""

from __future__ import annotations

from pydantic import Field

from tools.contracts.model import Contract, Digest, Name, Seed
from tools.contracts.photography import Framing
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Verdict


class CharacterAdapter(Contract):
    """Which LoRA version draws a character, and the set that its takes are held against."""

    character: Name
    reference_set_id: str
    lora_version_id: str | None = None
    """None draws with the base alone."""
    weight: float = Field(default=1.0, ge=0.0, le=2.0)


class ShootRequest(Contract):
    """Shots to draw, each as often as QC asks for, up to a cap."""

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


class ShootResult(Contract):
    """All takes in shooting order, tries of a shot together."""

    takes: tuple[Taken, ...]
