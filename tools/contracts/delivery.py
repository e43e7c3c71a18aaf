"""A delivery: which takes are handed over, and what is said about each."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from tools.contracts.bundle import MemberPath
from tools.contracts.digest import TakeSlate
from tools.contracts.model import Contract, Digest, Seed
from tools.contracts.verdicts import Outcome, Verdict

DELIVERY_VERSION: Final = 1

Stamp = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{3,6}$")]
"""Day and number of a production's delivery: `2026-11-21_003`."""


class DeliveryTake(Contract):
    """A take as it was when the delivery was asked for."""

    take: TakeSlate
    digest: Digest


class DeliverRequest(Contract):
    """Takes to hand over; the stamp makes every delivery one of its own."""

    production: str
    stamp: Stamp
    aspect_ratio: str
    """Width to height of the frame, as `2.39:1`."""
    takes: tuple[DeliveryTake, ...] = Field(min_length=1, max_length=2000)


class DeliveredTake(Contract):
    """One delivered picture and where it comes from."""

    file: MemberPath
    take: TakeSlate
    character: str
    prompt: str
    seed: Seed
    base: str | None
    lora_version: int | None
    """None when the base drew it alone."""
    picture_size: tuple[int, int]
    """Width and height of what was drawn, inside the bars."""
    frame_size: tuple[int, int]
    verdict: Verdict
    """Judged again from the stored picture, where its reference set is known."""
    judged_again: bool
    verdict_before: Outcome | None
    """What QC said when it was drawn."""
    threshold: float
    threshold_origin: str
    picked: bool
    """False for a take that was released by QC alone."""
    note: str = ""


class DeliveryReport(Contract):
    """Everything that a delivery says about itself, as `report.json` has it."""

    version: Literal[1] = DELIVERY_VERSION
    production: str
    stamp: Stamp
    aspect_ratio: str
    style: str
    digital_source_type: str
    """IPTC's word for pictures that a trained algorithm made."""
    takes: tuple[DeliveredTake, ...]


class DeliveryMade(Contract):
    """A finished delivery."""

    delivery_id: str
    folder: str
    zip: str
    manifest: Digest
    """SHA-256 of `manifest.json`."""
    takes: tuple[TakeSlate, ...]
    contact_sheet: Digest
    """Of the stored sheet."""
    not_passed: tuple[TakeSlate, ...] = ()
    """Takes that a person picked and QC does not pass."""
    changed: tuple[TakeSlate, ...] = ()
    """Takes of which QC says something else than when they were drawn."""
