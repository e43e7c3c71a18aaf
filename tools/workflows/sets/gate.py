"""The identity gate over a stored reference set or any folder of pictures."""

from __future__ import annotations

from pathlib import Path

from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.sets import GateRequest
from tools.contracts.verdicts import GateReport
from tools.errors import Refused
from tools.imaging.pictures import load_picture, load_pictures
from tools.qc.gate import MINIMUM, GateInput, gate, refusal_reasons
from tools.references.folder import read_folder
from tools.services import Services
from tools.store.reference_set import list_images, record_gate
from tools.workflows.bases.calibrations import Eyes, open_eyes

STAGE = "gate"


def gate_folder(
    services: Services,
    folder: Path,
    calibration: str,
    progress: ProgressSink,
    minimum: int = MINIMUM,
) -> GateReport:
    """Judge the pictures of a folder; an optional metadata.jsonl says framing and view.

    Without labels, a picture in which no face can be read is a matter for review when it shows
    something like a head, and refused when it does not.

    Raises:
        BadInput: no such folder, nothing in it, or files that cannot be read.
    """
    images = read_folder(folder).images
    pictures = load_pictures([image.path for image in images])
    eyes = open_eyes(services, calibration)
    found = eyes.seer.faces(
        pictures,
        on_done=lambda done, total: progress(Progress(stage=STAGE, done=done, total=total)),
    )
    inputs = [
        GateInput(
            file=image.path.name,
            faces=faces,
            framing=image.framing,
            view=image.view,
            head_hinted=bool(faces) or eyes.seer.hints_of_head(picture),
        )
        for image, picture, faces in zip(images, pictures, found, strict=True)
    ]
    return _said(gate(inputs, eyes.calibration, minimum=minimum), eyes)


def gate_set(services: Services, request: GateRequest, progress: ProgressSink) -> GateReport:
    """Judge a stored set and keep the answer with it.

    Raises:
        UnknownName: no such set or calibration.
    """
    with services.database.reading() as session:
        images = list_images(session=session, set_id=request.reference_set_id)
    pictures = [load_picture(services.files.path(image.digest)) for image in images]
    eyes = open_eyes(services, request.calibration)
    found = eyes.seer.faces(
        pictures,
        on_done=lambda done, total: progress(Progress(stage=STAGE, done=done, total=total)),
    )
    report = gate(
        [
            GateInput(
                file=f"{image.position:02d}.png",
                faces=faces,
                framing=image.framing,
                view=image.view,
            )
            for image, faces in zip(images, found, strict=True)
        ],
        eyes.calibration,
        minimum=request.minimum,
    )
    report = _said(report, eyes)
    with services.database.session() as session:
        record_gate(session=session, set_id=request.reference_set_id, report=report)
    return report


def _said(report: GateReport, eyes: Eyes) -> GateReport:
    """The report with the name of who measured it."""
    return report.model_copy(update={"embedder": eyes.calibration.embedder})


def require_pass(report: GateReport, minimum: int = MINIMUM) -> None:
    """Raise the refusal in one line, with the offending images and their distances.

    Raises:
        Refused: the gate has not passed the set.
    """
    reasons = refusal_reasons(report, minimum=minimum)
    if reasons:
        raise Refused(f"the gate refuses this set: {'; '.join(reasons)}")
