"""A face as the detector and embedder saw it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tools.contracts.model import Box, Contract

Sureness = Annotated[float, Field(ge=0, le=1)]


class PartsSeen(Contract):
    """How sure a detector is of each part of a face: 0 sees none, 1 has no doubt."""

    right_eye: Sureness
    """The eye on the viewer's right."""
    left_eye: Sureness
    nose: Sureness
    mouth: Sureness


class SeenColour(Contract):
    """A colour with how sure a reader is of it."""

    colour: str = Field(min_length=1, max_length=20)
    sureness: Sureness


class OutfitSeen(Contract):
    """The colours of clothes and hair around a head, the surest first; each part's sum to 1."""

    garment: tuple[SeenColour, ...]
    """Empty where no clothes lie in the picture."""
    hair: tuple[SeenColour, ...] = Field(min_length=1)
    """`bald` is one of them."""


class Face(Contract):
    """One face of one picture; distances between embeddings are `1 - cos`, 0 = same."""

    box: Box
    """In pixels of the picture as given (not of an upsampled copy)."""
    landmarks: tuple[tuple[float, float], ...]
    """Five points (x, y) in pixels: outer and inner corner of each eye, base of the nose; none where the
    detector gives none."""
    confidence: float
    detector: str
    """Which detector found it: `hog` or `mmod` in photographs, `drawn` or `drawn-faint`, `figure`."""
    embedding: tuple[float, ...] = Field(min_length=2)
    """Unit length."""
    yaw: float | None = Field(default=None, ge=-180, le=180)
    """Degrees, positive when the head turns to the viewer's right; None when unknown."""
    pitch: float | None = Field(default=None, ge=-180, le=180)
    """Degrees, positive when the head tilts up; None when unknown."""
    parts: PartsSeen | None = None
    """What was seen of eyes, nose and mouth; None from a detector that does not say."""
    outfit: OutfitSeen | None = None
    """What was seen of clothes and hair; None from an embedder that does not say."""
