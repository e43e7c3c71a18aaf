"""The report of a run, written as `report.json`; its JSON schema is `docs/report.schema.json`.

Means leave out pictures without a readable face, and say how many were left out by the counts beside them.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from tools.contracts.model import Contract, Digest, Seed
from tools.contracts.verdicts import Calibration, Outcome

REPORT_VERSION: Final = 1


class StageTime(Contract):
    """Wall time of one stage, in seconds."""

    name: str
    seconds: float = Field(ge=0)


class ReferenceLine(Contract):
    """One image of the reference set."""

    file: str
    caption: str
    layer: str
    csfd: float | None
    verdict: Outcome


class ReferenceSummary(Contract):
    """The set that the adapter was trained on."""

    way: Literal["layers", "photos"]
    """Made by the layers, or taken from the director's photos."""
    count: int = Field(ge=0)
    csfd_mean: float | None
    csfd_worst: float | None
    images: tuple[ReferenceLine, ...]


class LoraLine(Contract):
    """The adapter that drew the takes."""

    path: str
    sha256: Digest
    base: str
    steps: int = Field(ge=1)
    seconds: float = Field(ge=0)
    delta_rms: float = Field(ge=0)
    """Root mean square of the weight deltas; see the weak-adapter alarm."""
    weak: str | None = None
    """Why the adapter is called weak; None when it is not."""
    identity_score: float | None = None
    """CSFD of the adapter's pictures on fixed seeds; None when no face was readable."""


class TakeLine(Contract):
    """One take; every try is listed."""

    slate: str
    """Scene, setup and take, as `12A T1`."""
    prompt: str
    seed: Seed
    csfd_own: float | None
    csfd_other: float | None
    nearest: str | None
    verdict: Outcome
    reasons: tuple[str, ...]
    tries: int = Field(ge=1)
    """Which try of its shot this take was; 1 is the first."""
    file: str


class Summary(Contract):
    """The run in numbers; distances are CSFD, 0 = same."""

    own_mean: float | None
    """Mean distance to the character over all takes with a readable face that is not too small."""
    other_mean: float | None
    """Mean distance to the strangers over the same takes."""
    base_own_mean: float | None
    """Distance to the character of the base's pictures: same prompts and seeds, no adapter."""
    own_first_mean: float | None
    """`own_mean` over first takes only."""
    base_first_detected: int = Field(ge=0)
    first_detected: int = Field(ge=0)
    nearest_own_rate: float | None = Field(ge=0, le=1)
    """Share of takes whose nearest person among the character and the strangers is the character."""
    end_drift: float | None
    """Distance of the last shot's chosen take from the first's."""
    detected: int = Field(ge=0)
    passed: int = Field(ge=0)
    rejected: int = Field(ge=0)
    peak_memory_mb: int = Field(ge=0)


class Report(Contract):
    """Everything that a run has to say."""

    version: Literal[1] = REPORT_VERSION
    character: str
    base: str
    calibration: Calibration
    stages: tuple[StageTime, ...]
    references: ReferenceSummary
    lora: LoraLine
    takes: tuple[TakeLine, ...]
    summary: Summary
