"""QC of pictures made anywhere, against a character's reference set."""

from __future__ import annotations

from pathlib import Path

from tools.contracts.model import Contract
from tools.contracts.photography import Framing
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.verdicts import Outcome, Verdict
from tools.imaging.pictures import load_pictures
from tools.references.folder import read_folder
from tools.services import Services
from tools.workflows.shots.judge.judging import Asked, build_judge

STAGE = "qc"
BATCH = 8


class CheckedPicture(Contract):
    """One picture with its verdict."""

    file: str
    verdict: Verdict


class CheckedFolder(Contract):
    """All pictures of a folder, held against one set."""

    pictures: tuple[CheckedPicture, ...]

    @property
    def rejected(self) -> int:
        """How many pictures were rejected."""
        return sum(each.verdict.outcome is Outcome.REJECT for each in self.pictures)


def check_folder(
    services: Services,
    folder: Path,
    reference_set_id: str,
    calibration: str,
    progress: ProgressSink,
) -> CheckedFolder:
    """Judge every picture of a folder; metadata.jsonl may say framing and view.

    Raises:
        BadInput: no such folder, nothing in it, or a file that cannot be read.
        Refused: the reference set has no readable face.
    """
    images = read_folder(folder).images
    judge = build_judge(services, reference_set_id, calibration)
    checked: list[CheckedPicture] = []
    for at in range(0, len(images), BATCH):
        batch = images[at : at + BATCH]
        pictures = load_pictures([image.path for image in batch])
        meant = [Asked(image.framing or Framing.CLOSE_UP, image.view) for image in batch]
        checked.extend(
            CheckedPicture(file=image.path.name, verdict=verdict)
            for image, (verdict, _) in zip(batch, judge.look(pictures, meant), strict=True)
        )
        progress(Progress(stage=STAGE, done=len(checked), total=len(images)))
    return CheckedFolder(pictures=tuple(checked))
