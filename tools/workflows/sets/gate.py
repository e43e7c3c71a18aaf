"""The identity gate over a stored reference set or any folder of pictures, by one and the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tools.contracts.photography import Framing, View
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.sets import GateRequest
from tools.contracts.verdicts import GateReport
from tools.errors import Refused
from tools.imaging.pictures import load_picture, load_pictures
from tools.qc.copies import fingerprint
from tools.qc.gate import MINIMUM, gate, refusal_reasons
from tools.qc.image_rules import GateInput
from tools.references.folder import read_folder
from tools.services import Services
from tools.store.reference_set import list_images, record_gate
from tools.workflows.bases.calibrations import Eyes, open_eyes

STAGE = "gate"


@dataclass(frozen=True)
class ToJudge:
    """A picture with what its label, or the plan that it was drawn by, says that it shows."""

    file: str
    picture: Image.Image
    framing: Framing | None
    view: View | None


def gate_folder(
    services: Services,
    folder: Path,
    calibration: str,
    progress: ProgressSink,
    minimum: int = MINIMUM,
) -> GateReport:
    """Judge the pictures of a folder; an optional metadata.jsonl says framing and view.

    Raises:
        BadInput: no such folder, nothing in it, or files that cannot be read.
    """
    images = read_folder(folder).images
    pictures = load_pictures([image.path for image in images])
    eyes = open_eyes(services, calibration)
    files = [
        ToJudge(image.path.name, picture, image.framing, image.view)
        for image, picture in zip(images, pictures, strict=True)
    ]
    return _said(gate(gate_inputs(eyes, files, progress), eyes.calibration, minimum=minimum), eyes)


def gate_set(services: Services, request: GateRequest, progress: ProgressSink) -> GateReport:
    """Judge a stored set and keep the answer with it.

    Raises:
        UnknownName: no such set or calibration.
    """
    with services.database.reading() as session:
        images = list_images(session=session, set_id=request.reference_set_id)
    eyes = open_eyes(services, request.calibration)
    files = [
        ToJudge(
            f"{image.position:02d}.png",
            load_picture(services.files.path(image.digest)),
            image.framing,
            image.view,
        )
        for image in images
    ]
    report = gate(
        gate_inputs(eyes, files, progress),
        eyes.calibration,
        minimum=request.minimum,
    )
    report = _said(report, eyes)
    with services.database.session() as session:
        record_gate(session=session, set_id=request.reference_set_id, report=report)
    return report


def gate_inputs(eyes: Eyes, files: Sequence[ToJudge], progress: ProgressSink) -> list[GateInput]:
    """Find what the gate judges by: faces, hints of a head where there are none, fingerprints."""
    found = eyes.seer.faces(
        [each.picture for each in files],
        on_done=lambda done, total: progress(Progress(stage=STAGE, done=done, total=total)),
    )
    return [
        GateInput(
            file=each.file,
            faces=faces,
            framing=each.framing,
            view=each.view,
            head_hinted=bool(faces) or eyes.seer.hints_of_head(each.picture),
            picture=fingerprint(each.picture),
        )
        for each, faces in zip(files, found, strict=True)
    ]


def _said(report: GateReport, eyes: Eyes) -> GateReport:
    """The report with the name of who measured it."""
    return report.model_copy(update={"embedder": eyes.calibration.embedder})


def require_pass(report: GateReport) -> None:
    """Raise the refusal in one line, with the offending images and their distances.

    Raises:
        Refused: the gate has not passed the set.
    """
    reasons = refusal_reasons(report)
    if reasons:
        raise Refused(f"the gate refuses this set: {'; '.join(reasons)}")
