"""A brief's set for the eye: the faces that were cast, then every image with what the gate says of it.

Knows cells; must not judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools.contracts.casting import CandidateFace, Candidates, LayerMade
from tools.contracts.references import SetImage
from tools.contracts.verdicts import GateImage, GateReport
from tools.imaging.pictures import load_picture, save_picture
from tools.imaging.sheets import SheetCell, Tone, contact_sheet
from tools.services import Services

COLUMNS = 6


def write_brief_sheet(
    services: Services,
    path: Path,
    found: Candidates,
    face: CandidateFace | None,
    made: Sequence[LayerMade],
    report: GateReport | None,
    *,
    title: str,
) -> None:
    """Write one brief's contact sheet; without a report it shows the faces only."""
    faces = [_face(services, each, chosen=each == face) for each in found.candidates]
    images = [image for layer in made for image in layer.images]
    judged = report.images if report else ()
    cells = [_image(services, *pair) for pair in zip(images, judged, strict=bool(judged))]
    save_picture(contact_sheet([*faces, *cells], title=title, columns=COLUMNS), path)


def _face(services: Services, face: CandidateFace, *, chosen: bool) -> SheetCell:
    read = sum(distance is not None for distance in face.distances)
    agreement = "no agreement" if face.score is None else f"agreement {face.score:.3f}"
    title = f"face {face.number}" + (", chosen" if chosen else "")
    lines = (f"{read} of {len(face.distances)} readable, {agreement}",)
    return SheetCell(load_picture(services.files.path(face.sheet)), title, lines)


def _image(services: Services, image: SetImage, judged: GateImage) -> SheetCell:
    asked = ", ".join(str(each) for each in (image.view, image.expression) if each)
    return SheetCell(
        load_picture(services.files.path(image.digest)),
        f"{image.position}: {image.layer}",
        (judged.reason, asked, f"{image.light}, {image.place}"),
        Tone(judged.verdict.value),
    )
