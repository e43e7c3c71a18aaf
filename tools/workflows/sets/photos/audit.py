"""Hold a folder of photos against the paper's guidelines, reading what its labels do not say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.references import Tilt
from tools.imaging.pictures import load_pictures
from tools.qc.light import measured_words
from tools.qc.outfit import wardrobe_shown
from tools.references.audit import AuditItem, AuditReport, audit
from tools.references.facets import tilt_of_pitch, variety_of
from tools.references.folder import FolderImage, read_folder
from tools.services import Services
from tools.workflows.bases.calibrations import calibration_name, open_eyes
from tools.workflows.bases.form import open_form_check

STAGE = "audit"


def audit_folder(
    services: Services, folder: Path, base: str, progress: ProgressSink
) -> AuditReport:
    """Count what a folder shows.

    Args:
        services: the studio.
        folder: pictures of one person; metadata.jsonl may label them.
        base: whose smallest photo side is asked for.
        progress: called after each picture.

    Raises:
        UnknownName: no such base.
        BadInput: no such folder, nothing in it, or files that cannot be read.
    """
    row = services.catalog.row(base)
    images = read_folder(folder).images
    pictures = load_pictures([image.path for image in images])
    found = open_eyes(services, calibration_name(services, base)).seer.faces(
        pictures,
        on_done=lambda done, total: progress(Progress(stage=STAGE, done=done, total=total)),
    )
    items = [_item(i, p, f) for i, p, f in zip(images, pictures, found, strict=True)]
    form = open_form_check(services, row)
    wardrobe = wardrobe_shown(form.outfits(pictures)) if form else None
    return audit(items, min_side=row.min_photo_side, wardrobe=wardrobe)


def _item(image: FolderImage, picture: Image.Image, faces: Sequence[Face]) -> AuditItem:
    """Take labels where there are any; measure the rest on the largest face."""
    seen = measured_words(picture, faces[0]) if faces else None
    variety = variety_of(
        framing=image.framing or (seen.framing if seen else None),
        view=image.view or (seen.view if seen else None),
        expression=image.expression,
        tilt=image.tilt or _tilt(faces),
        light=image.light or (seen.light if seen else None),
        place=image.place,
    )
    return AuditItem(
        file=image.path.name, width=picture.width, height=picture.height, variety=variety
    )


def _tilt(faces: Sequence[Face]) -> Tilt | None:
    pitch = faces[0].pitch if faces else None
    return None if pitch is None else tilt_of_pitch(pitch)
