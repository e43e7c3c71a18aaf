"""Which threshold judges whom, and the eyes that belong to it.

A threshold is one embedder's, so who has chosen the threshold has chosen the embedder: distances of two
are never mixed. The settings may name one; else the character's row of the embedder table says it, else
the base's.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from tools.contracts.briefs import CharacterBrief
from tools.contracts.parts import FaceEmbedder
from tools.contracts.verdicts import Calibration
from tools.embedders.table import embedder_row, model_of
from tools.errors import BadInput
from tools.qc.calibration import load_calibration, shipped_calibrations
from tools.services import Services
from tools.workflows.people.characters import load_character


@dataclass(frozen=True)
class Eyes:
    """A threshold and the embedder whose distances it is for."""

    calibration: Calibration
    seer: FaceEmbedder


def open_eyes(services: Services, name: str) -> Eyes:
    """Return a threshold with its embedder.

    Raises:
        UnknownName: no such threshold.
        BadInput: the studio's file of it is damaged.
        BaseUnavailable: the embedder's weights are not here.
    """
    calibration = find_calibration(services, name)
    return Eyes(calibration, services.load_faces(calibration.embedder))


def calibration_name(services: Services, base: str, brief: CharacterBrief | None = None) -> str:
    """Name the threshold that judges a base's pictures of a character.

    Raises:
        UnknownName: no such base, or an embedder that the table does not have.
        BadInput: nothing was calibrated for the embedder.
    """
    if services.settings.calibration:
        return services.settings.calibration
    drawn_by = services.catalog.row(base)
    row = embedder_row((brief and brief.embedder) or drawn_by.embedder)
    model = model_of(row, services.settings)
    ours = drawn_by.calibration if row.name == drawn_by.embedder else None
    if ours is not None and find_calibration(services, ours).embedder == model:
        return ours
    own = services.settings.home / "calibrations" / f"{row.name}.json"
    if own.is_file():
        return row.name
    for name, shipped in shipped_calibrations().items():
        if shipped.embedder == model and name.startswith(row.name):
            return name
    raise BadInput(
        f"no threshold for embedder {model}: `samecast calibrate DIR --embedder {row.name} --name "
        f"{row.name}` makes one from labelled people"
    )


def calibration_of(services: Services, production: str, character: str, base: str) -> str:
    """Name the threshold that judges a base's pictures of a stored character.

    Raises:
        UnknownName: no such production or character.
        BadInput: nothing was calibrated for the embedder.
    """
    return calibration_name(services, base, load_character(services, production, character).brief)


def find_calibration(services: Services, name: str) -> Calibration:
    """Return a calibration made by `samecast calibrate`, else a shipped one.

    Raises:
        UnknownName: neither has this name.
        BadInput: the studio's file is damaged.
    """
    own = services.settings.home / "calibrations" / f"{name}.json"
    if not own.is_file():
        return load_calibration(name)
    try:
        return Calibration.model_validate_json(own.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise BadInput(f"{own} is damaged; run `samecast calibrate` again") from error
