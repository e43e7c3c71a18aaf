"""Casting: candidate faces for a brief, one character sheet each, side by side.

Knows sheets, faces and agreement; must not choose for the director, only say whose portraits agree
best.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from tools.contracts.casting import CandidateFace, Candidates, CastingRequest, CutSheetRequest
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.parts import FaceEmbedder
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import Refused
from tools.imaging.pictures import encode_png, load_picture
from tools.imaging.provenance import is_sketch
from tools.jobs.keys import job_key
from tools.language.prompt.prompt import sheet_prompt
from tools.language.prompt.vocabulary import load_vocabulary
from tools.qc.csfd import set_distances
from tools.references.sheet import SheetAgreement, cut_sheet, rank_sheets
from tools.services import Services
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.drawing import Bill, draw, told_by_steps
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import load_character, person_in_frame
from tools.workflows.shots.shoot.remedies import take_seed

STAGE = "cast"
SHEET_GRID = (2, 3)
"""Rows and columns that the sheet prompt asks for."""
UNREADABLE_PRICE = 2.0
"""An unreadable portrait counts as this many thresholds."""


def cast(services: Services, request: CastingRequest, progress: ProgressSink) -> Candidates:
    """Draw candidate sheets and rank them.

    Raises:
        BaseUnavailable: the base is not installed.
        Cancelled: from `progress`.
    """
    character = load_character(services, request.production, request.character)
    row = services.catalog.row(request.base)
    vocabulary = load_vocabulary(row.vocabulary)
    # A signature light as hard as a low sun would hide half of every face that is measured.
    person = person_in_frame(services, character, vocabulary)
    composed = sheet_prompt(person, vocabulary, light=vocabulary.default_light)
    asked = [
        ImageRequest(
            prompt=composed.text,
            negative_prompt=composed.negative,
            cast=composed.cast,
            purpose=Purpose.CASTING,
            base=row.name,
            size=row.sheet_size,
            seed=take_seed(request.seed, "sheet", number),
            steps=request.steps or row.steps,
            guidance=row.guidance,
        )
        for number in range(1, request.candidates + 1)
    ]
    sheets: list[Image.Image] = []
    bill = Bill(services, character.production_id, job_key(Kind.CAST, request))
    told = told_by_steps(progress, Progress(stage=STAGE, done=0, total=len(asked), note="sheets"))
    for result in draw(bill, asked, told):
        sheets.append(result.image)
        progress(Progress(stage=STAGE, done=len(sheets), total=len(asked), note="sheets"))
    cut = [cut_sheet(sheet, *SHEET_GRID) for sheet in sheets]
    return _candidates(services, sheets, cut, request.calibration)


def cut_foreign_sheet(
    services: Services, request: CutSheetRequest, progress: ProgressSink
) -> Candidates:
    """Cut a sheet made elsewhere and measure it in the same way.

    Raises:
        BadInput: the sheet's grid cannot be told.
        Refused: it is a sketch.
    """
    if is_sketch(services.files.read(request.sheet)):
        raise Refused(
            "this picture is a sketch, and a sketch is no sheet; cast faces, or bring a sheet"
        )
    sheet = load_picture(services.files.path(request.sheet))
    portraits = cut_sheet(sheet, request.rows, request.columns)
    progress(Progress(stage=STAGE, done=1, total=1, note="sheet cut"))
    return _candidates(services, [sheet], [portraits], request.calibration)


def _candidates(
    services: Services,
    sheets: Sequence[Image.Image],
    cut: Sequence[tuple[Image.Image, ...]],
    calibration: str,
) -> Candidates:
    eyes = open_eyes(services, calibration)
    measured = [_distances(eyes.seer, portraits) for portraits in cut]
    ranked = rank_sheets(
        [
            SheetAgreement(name=f"candidate {number}", distances=distances)
            for number, distances in enumerate(measured, start=1)
        ],
        UNREADABLE_PRICE * eyes.calibration.threshold,
    )
    scores = {sheet.index: sheet.score for sheet in ranked if sheet.readable >= 2}
    return Candidates(
        candidates=tuple(
            CandidateFace(
                number=index + 1,
                sheet=_stored(services, sheet),
                portraits=tuple(_stored(services, portrait) for portrait in portraits),
                distances=distances,
                score=scores.get(index),
            )
            for index, (sheet, portraits, distances) in enumerate(
                zip(sheets, cut, measured, strict=True)
            )
        ),
        suggested=ranked[0].index + 1 if ranked[0].readable >= 2 else None,
    )


def _stored(services: Services, picture: Image.Image) -> str:
    return services.files.put_bytes(encode_png(picture), ".png").digest


def _distances(seer: FaceEmbedder, portraits: Sequence[Image.Image]) -> tuple[float | None, ...]:
    """Each portrait against the readable others; needs two of them to say anything."""
    found = seer.faces(portraits)
    read = [faces[0].embedding for faces in found if faces]
    if len(read) < 2:
        return (None,) * len(portraits)
    each = iter(set_distances(read).each)
    return tuple(round(next(each), 4) if faces else None for faces in found)
