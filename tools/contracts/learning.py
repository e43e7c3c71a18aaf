"""A LoRA run as a piece of work, and the version that came of it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from tools.contracts.model import Contract, Digest, Name, Seed
from tools.contracts.training import LoraConfig


class LearnRequest(Contract):
    """Train a LoRA on a reference set that the gate has passed."""

    production: str
    character: Name
    base: str
    reference_set_id: str
    dropped: tuple[int, ...] = Field(default=(), max_length=200, exclude_if=lambda each: not each)
    """Positions that are out of the set by now: with fewer images it is another training."""
    config: LoraConfig
    regularisation_images: int = Field(default=8, ge=0, le=400)
    """Pictures of the class that the base draws, to keep it from drifting."""
    score_seeds: tuple[Seed, ...] = (101, 102, 103, 104)
    """Seeds of the pictures that the finished adapter is scored on; none skips the score."""
    steps: int | None = Field(default=None, ge=1, le=200)
    """Sampling steps of those pictures; None takes the base's own number."""
    calibration: str = "maquette"


class AddLoraRequest(Contract):
    """Take an adapter from elsewhere for a character; its file is stored, in this program's form."""

    production: str
    character: Name
    base: str
    reference_set_id: str
    """What its pictures are held against."""
    digest: Digest
    trained_on: str | None = Field(default=None, max_length=200)
    lineage: str = Field(max_length=600)
    licence: str | None = Field(default=None, max_length=200)
    score_seeds: tuple[Seed, ...] = (101, 102, 103, 104)
    """As of a `LearnRequest`, and so are the next two."""
    steps: int | None = Field(default=None, ge=1, le=200)
    calibration: str = "maquette"


class LoraAdded(Contract):
    """A stored LoRA version from elsewhere and what was measured of it."""

    lora_version_id: str
    version: int = Field(ge=1)
    base: str
    architecture: str
    trained_on: str | None
    """None: not known."""
    lineage: str
    licence: str | None
    digest: Digest
    delta_rms: float
    weak: str | None
    """Why the adapter is called weak; None when it is not."""
    identity_score: float | None
    """As of a `LoraMade`."""


class LoraMade(Contract):
    """A stored LoRA version and what was measured of it."""

    lora_version_id: str
    version: int = Field(ge=1)
    base: str
    digest: Digest
    kohya_digest: Digest | None
    steps: int
    seconds: float
    """Training only, in seconds; resumed runs count their last part."""
    samples_per_s: float
    delta_rms: float
    weak: str | None
    """Why the adapter is called weak; None when it is not."""
    identity_score: float | None
    """Mean CSFD of its pictures on the fixed seeds; None when no face was readable."""
    losses: tuple[float, ...]
    """Mean loss of each twentieth of the steps made."""


class FacePart(StrEnum):
    """A network of the drawn embedder that is learned."""

    DETECTOR = "detector"
    READER = "reader"
    IDENTITY = "identity"
    OUTFIT = "outfit"
