"""The end of a layered set: what the gate would say of it, in time to draw others, and the set stored.

Knows the drawn images, the gate and the set's table; must not draw.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.casting import LayeredSetRequest
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.contracts.references import SetImage
from tools.contracts.sets import ReferenceSetMade
from tools.contracts.verdicts import Outcome
from tools.imaging.pictures import load_picture
from tools.qc.gate import gate
from tools.services import Services
from tools.store.reference_set import Origin, ReferenceImageCreate, add_image, start_set
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.people.characters import load_character
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


def store_layers(
    services: Services, request: LayeredSetRequest, progress: ProgressSink
) -> ReferenceSetMade:
    """Store accepted images as the character's next reference set."""
    character = load_character(services, request.production, request.character)
    with services.database.session() as session:
        row = start_set(session=session, character_id=character.id, origin=Origin.LAYERS)
        for image in request.images:
            create = ReferenceImageCreate.of(set_id=row.id, image=image, caption=character.trigger)
            add_image(session=session, image=create)
    progress(Progress(stage="set", done=len(request.images), total=len(request.images)))
    return ReferenceSetMade(reference_set_id=row.id, version=row.version, count=len(request.images))
