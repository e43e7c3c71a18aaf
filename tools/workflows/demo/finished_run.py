"""A finished run in one value, and what its files are called.

Knows results and names; must not write anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.contracts.learning import LoraMade
from tools.contracts.references import SetImage
from tools.contracts.report import StageTime
from tools.contracts.shooting import ShootRequest, ShootResult, Taken
from tools.contracts.verdicts import GateReport
from tools.language.names import file_name_of
from tools.services import Services
from tools.store.reference_set import ReferenceImage, list_images
from tools.workflows.demo.summary import JudgedTake
from tools.workflows.people.characters import LoadedCharacter


@dataclass(frozen=True)
class FinishedRun:
    """The results of all stages."""

    character: LoadedCharacter
    way: Literal["layers", "photos"]
    reference_set_id: str
    gate: GateReport
    lora: LoraMade
    shoot: ShootRequest
    takes: ShootResult
    base_takes: ShootResult
    stages: tuple[StageTime, ...]


def file_stem(name: str) -> str:
    """Return a character's name as files and bundle members may have it: `o_brien`."""
    return file_name_of(name, default="character", hyphens=True).lower()


def take_file(taken: Taken) -> str:
    """Return a take's file name inside `takes/`: `12A_T1.png`."""
    return f"{taken.take.replace(' ', '_')}.png"


def judged(takes: Sequence[Taken]) -> list[JudgedTake]:
    """Return takes as the summary needs them."""
    return [JudgedTake(t.slate, t.tries, t.verdict, t.embedding) for t in takes]


def reference_files(services: Services, run: FinishedRun) -> list[tuple[SetImage, Path]]:
    """Return the set's images with their stored files."""
    with services.database.reading() as session:
        rows = list_images(session=session, set_id=run.reference_set_id)
    return [(_set_image(row), services.files.path(row.digest)) for row in rows]


def _set_image(row: ReferenceImage) -> SetImage:
    return SetImage(
        file=f"{row.position:02d}.png",
        digest=row.digest,
        layer=row.layer,
        caption=row.caption,
        position=row.position,
        framing=row.framing,
        view=row.view,
        expression=row.expression,
        light=row.light,
        place=row.place,
        parent=row.parent_digest,
        strength=row.strength,
        seed=row.seed,
        csfd=row.csfd,
    )
