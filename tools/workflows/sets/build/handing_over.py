"""What the gate would say of a layered set before it is handed over, so that others are drawn in time.

Knows the drawn images and the gate; must not draw.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.progress import ignore_progress
from tools.contracts.references import SetImage
from tools.contracts.verdicts import Outcome
from tools.imaging.pictures import load_picture
from tools.qc.gate import gate
from tools.services import Services
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.sets.gate import ToJudge, gate_inputs


def refused_images(
    services: Services, images: Sequence[SetImage], calibration: str
) -> dict[str, str]:
    """Return the images that the gate would refuse or count only once, by file with the reason."""
    files = [
        ToJudge(
            image.file,
            load_picture(services.files.path(image.digest)),
            image.framing,
            image.view,
        )
        for image in images
    ]
    eyes = open_eyes(services, calibration)
    report = gate(gate_inputs(eyes, files, ignore_progress), eyes.calibration, minimum=1)
    return {
        image.file: judged.reason
        for image, judged in zip(images, report.images, strict=True)
        if judged.verdict is Outcome.REJECT or judged.repeats is not None
    }
