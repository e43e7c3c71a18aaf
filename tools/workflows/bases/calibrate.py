"""A threshold of one's own from a folder of labelled people: one sub-folder a person."""

from __future__ import annotations

import re
from pathlib import Path

from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.verdicts import Calibration
from tools.embedders.table import embedder_row
from tools.errors import BadInput
from tools.imaging.files import sort_folder
from tools.imaging.pictures import load_pictures, write_json
from tools.qc.calibration import FALSE_ACCEPT_RATE, calibrate
from tools.qc.readable import Readability, reading_of
from tools.services import Services

STAGE = "calibrate"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def calibrate_folder(
    services: Services,
    folder: Path,
    name: str,
    progress: ProgressSink,
    false_accept_rate: float = FALSE_ACCEPT_RATE,
    embedder: str | None = None,
) -> Calibration:
    """Measure labelled people and keep the threshold in the studio under a name.

    Args:
        services: the studio; gets `home/calibrations/NAME.json`, which settings may name.
        folder: one sub-folder of pictures for each person.
        name: small letters, digits and hyphens.
        progress: called after each person.
        false_accept_rate: share of strangers that may pass.
        embedder: a row of the embedder table, or a DeepFace model; None is the studio's base's own.

    Raises:
        UnknownName: no such embedder.
        BaseUnavailable: its weights are not here.
        BadInput: no sub-folders, too few readable people, or a file that cannot be read.
    """
    if not NAME.fullmatch(name):
        raise BadInput(f"{name!r} cannot name a calibration; use small letters, digits and hyphens")
    inside = sort_folder(folder).others if folder.is_dir() else ()
    people = [path for path in inside if path.is_dir()]
    if len(people) < 2:
        raise BadInput(f"{folder}: expected one sub-folder of pictures for each of several people")
    row = embedder_row(embedder or services.catalog.row(services.settings.base).embedder)
    seer = services.load_faces(embedder or row.name)
    labelled: dict[str, list[tuple[float, ...]]] = {}
    turned: dict[str, list[tuple[float, ...]]] = {}
    for done, person in enumerate(people, start=1):
        pictures = load_pictures(sort_folder(person).pictures)
        found = seer.faces(pictures)
        single = [faces[0] for faces in found if len(faces) == 1]
        labelled[person.name] = [face.embedding for face in single]
        turned[person.name] = [
            face.embedding for face in single if reading_of(face) is Readability.TURNED
        ]
        progress(Progress(stage=STAGE, done=done, total=len(people), note=person.name))
    calibration = calibrate(
        labelled,
        name=name,
        data=f"{sum(map(len, labelled.values()))} faces of {len(people)} people",
        embedder=seer.embedder,
        detector=row.detector,
        false_accept_rate=false_accept_rate,
        turned=turned,
    )
    path = services.settings.home / "calibrations" / f"{name}.json"
    write_json(path, calibration.model_dump(mode="json"))
    return calibration
