"""A face as the detector and embedder saw it."""

from __future__ import annotations

from pydantic import Field

from tools.contracts.model import Box, Contract


class Face(Contract):
    """One face of one picture; distances between embeddings are `1 - cos`, 0 = same."""

    box: Box
    """In pixels of the picture as given (not of an upsampled copy)."""
    landmarks: tuple[tuple[float, float], ...]
    """Five points (x, y) in pixels: outer and inner corner of each eye, base of the nose."""
    confidence: float
    detector: str
    """Which detector found it: `hog` or `mmod`."""
    embedding: tuple[float, ...] = Field(min_length=2)
    """Unit length."""
    yaw: float | None = Field(default=None, ge=-180, le=180)
    """Degrees, positive when the head turns to the viewer's right; None when unknown."""
    pitch: float | None = Field(default=None, ge=-180, le=180)
    """Degrees, positive when the head tilts up; None when unknown."""
