"""An embedder as a row of data: what it sees, by which weights, and what it is held to."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from tools.contracts.model import Contract
from tools.contracts.outfits import OutfitBars


class PictureKind(StrEnum):
    """What the people of a picture look like to a detector."""

    PHOTOGRAPH = "photographs"
    DRAWN = "drawn people"
    FIGURE = "figures without a readable face"


class EmbedderRow(Contract):
    """One line of the embedder table."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Also its folder in `tools.embedders`."""
    title: str
    kinds: tuple[PictureKind, ...] = Field(min_length=1)
    detector: str
    """What finds the faces, in words."""
    weights: str
    """What turns them into embeddings, and where it lies."""
    licence: str
    calibration: str | None = None
    """Name of the threshold that ships for it; None: it must be calibrated first."""
    well_formed: float | None = Field(default=None, gt=0, lt=1)
    """Sureness of its detector from which a drawn head is rightly formed (docs/measurements.md); None: it
    cannot tell."""
    outfit: OutfitBars | None = None
    """Distances above which clothes or hair are others than the look's; None: it cannot tell."""
