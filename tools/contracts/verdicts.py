"""Outcomes of checks: a take's verdict, a set's gate result, and the threshold they used."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from tools.contracts.model import Contract
from tools.contracts.outfits import OutfitFigure


class Outcome(StrEnum):
    """What a check says."""

    PASS = "pass"
    REVIEW = "review"
    REJECT = "reject"


class Calibration(Contract):
    """A CSFD threshold with its origin."""

    name: str
    embedder: str
    detector: str
    threshold: float = Field(gt=0)
    """CSFD at or below which two are called the same."""
    origin: str
    """`calibrated` with the data named, or `published` with the source named."""
    false_accept_rate: float | None = Field(default=None, ge=0, le=1)
    precision: float | None = Field(default=None, ge=0, le=1)
    recall: float | None = Field(default=None, ge=0, le=1)
    people: int | None = Field(default=None, ge=0)
    pairs: int | None = Field(default=None, ge=0)
    copy_distance: float = Field(ge=0)
    """Mean absolute pixel difference (0 to 1, 32×32 luminance) under which two pictures are copies."""
    pair_threshold: float | None = Field(default=None, gt=0, exclude_if=lambda value: value is None)
    """Mean distance of face to face, not to a centroid, above which two groups of pictures are two
    people; None: taken from the threshold."""
    turned_threshold: float | None = Field(
        default=None, gt=0, exclude_if=lambda value: value is None
    )
    """CSFD above which a turned or covered face is somebody else's; None: the embedder cannot tell."""


class GateImage(Contract):
    """One picture of a checked set."""

    file: str
    csfd: float | None
    """Distance to the centroid of the others; None without a readable face."""
    verdict: Outcome
    reason: str
    repeats: str | None = Field(default=None, exclude_if=lambda value: value is None)
    """The earlier file that it nearly equals or mirrors: it counts once."""


class GateReport(Contract):
    """The gate's answer, as `samecast gate --json` prints it."""

    verdict: Outcome
    csfd_mean: float | None
    csfd_worst: float | None
    threshold: float
    images: tuple[GateImage, ...]
    reasons: tuple[str, ...] = Field(default=(), exclude_if=lambda each: not each)
    """Why the set is refused as a whole, in sentences; what an image is refused for stands with it."""
    groups: tuple[tuple[str, ...], ...] = Field(default=(), exclude_if=lambda each: not each)
    """Files of each group of faces, the largest first, where the set is more than one person."""
    embedder: str | None = None
    """Whose distances they are; None in answers from before embedders were said."""


class Verdict(Contract):
    """QC of one take."""

    outcome: Outcome
    reasons: tuple[str, ...]
    csfd_own: float | None = None
    csfd_other: float | None = None
    """Mean distance to the strangers (for the maquette: the people of cast/, the own one left out)."""
    csfd_nearest_reference: float | None = None
    nearest: str | None = None
    """`own` or the name of the nearest stranger."""
    copy_of: str | None = None
    """File name of the training picture that the take nearly equals."""
    faces: int = Field(default=0, ge=0)
    small_face: bool = False
    """The face is too small for its distance to count in a mean."""
    malformed: bool = False
    """The head is not rightly formed, whoever it is."""
    outfit: tuple[OutfitFigure, ...] = Field(default=(), exclude_if=lambda each: not each)
    """Clothes and hair against the look in use, where they are seen and wanted."""
    embedder: str | None = None
    """Whose distances they are; None in verdicts from before embedders were said."""
