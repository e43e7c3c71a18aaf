"""Casting and layers as pieces of work (paper, section III-B-2)."""

from __future__ import annotations

from pydantic import Field

from tools.contracts.model import Contract, Digest, Name, Seed
from tools.contracts.outfits import Wardrobe
from tools.contracts.photography import Layer
from tools.contracts.references import PlannedImage, SetImage
from tools.contracts.sets import ReferenceSetMade


class CastingRequest(Contract):
    """Draw candidate faces for a brief: one character sheet each."""

    production: str
    character: Name
    base: str
    candidates: int = Field(default=4, ge=1, le=12)
    seed: Seed
    steps: int | None = Field(default=None, ge=1, le=200)
    calibration: str = "maquette"


class CutSheetRequest(Contract):
    """Take a sheet made elsewhere as the only candidate."""

    production: str
    character: Name
    sheet: Digest
    rows: int | None = Field(default=None, ge=1, le=8)
    columns: int | None = Field(default=None, ge=1, le=8)
    calibration: str = "maquette"


class CandidateFace(Contract):
    """One sheet with its portraits."""

    number: int = Field(ge=1)
    sheet: Digest
    portraits: tuple[Digest, ...]
    distances: tuple[float | None, ...]
    """CSFD of each portrait to the sheet's other readable ones; None without a readable face."""
    score: float | None
    """Mean distance with unreadable portraits at their price; lower agrees better. None when fewer than
    two faces are readable."""


class Candidates(Contract):
    """All candidates side by side, and the one whose portraits agree best."""

    candidates: tuple[CandidateFace, ...]
    suggested: int | None
    """Number of the best candidate; None when no sheet has two readable faces."""


class LayerRequest(Contract):
    """Draw one layer from the accepted images of those before it."""

    production: str
    character: Name
    base: str
    layer: Layer
    planned: tuple[PlannedImage, ...]
    parents: tuple[SetImage, ...]
    """Accepted images of the sheet and of earlier layers."""
    anchors: tuple[Digest, ...]
    """The portraits of the chosen sheet, which every candidate is held against."""
    seed: Seed
    steps: int | None = Field(default=None, ge=1, le=200)
    calibration: str = "maquette"


class GivenUp(Contract):
    """A planned image that no try brought, and why."""

    position: int
    reason: str


class LayerMade(Contract):
    """A finished layer, to be reviewed before the next."""

    layer: Layer
    images: tuple[SetImage, ...]
    given_up: tuple[GivenUp, ...]
    drawn: int = Field(ge=0)
    """Pictures drawn, re-rolls included."""
    csfd_mean: float | None
    """Mean distance of the layer's readable images to the anchor portraits."""


class LayeredSetRequest(Contract):
    """Store the accepted images of all layers as a reference set."""

    production: str
    character: Name
    images: tuple[SetImage, ...] = Field(min_length=1, max_length=200)


class BuildSetRequest(Contract):
    """Draw a reference set from a chosen face: all its layers, or so many to be looked at."""

    production: str
    character: Name
    base: str
    portraits: tuple[Digest, ...] = Field(min_length=1, max_length=64)
    """The chosen sheet's, which every layer starts from."""
    size: int = Field(default=20, ge=12, le=60)
    layers: int | None = Field(default=None, ge=1, le=12)
    """Stop after so many layers; None draws the rest and stores the set."""
    dropped: tuple[int, ...] = Field(default=(), max_length=200)
    """Plan positions that a person has taken out, rising."""
    wardrobe: Wardrobe = Field(
        default=Wardrobe.LOCKED, exclude_if=lambda each: each is Wardrobe.LOCKED
    )
    """Whether all images wear the look's clothes, or each others."""
    seed: Seed
    steps: int | None = Field(default=None, ge=1, le=200)
    calibration: str = "maquette"


class BuildSetMade(Contract):
    """How far a layered set has come."""

    made: tuple[LayerMade, ...]
    finished: ReferenceSetMade | None = None
    """None while there are layers to draw or to look at."""
