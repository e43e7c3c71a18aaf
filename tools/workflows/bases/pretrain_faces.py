"""Train the drawn embedder on a folder of labelled pictures, and put its weights in place.

Knows who reads faces and which base redraws; the work is in `tools.training.faces`. Not a job: it runs on
its own folder, which it goes on from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pydantic import Field

from tools.backends.shipped import shipped_folder
from tools.contracts.learning import FacePart
from tools.contracts.model import Box, Contract, Seed
from tools.contracts.progress import ProgressSink
from tools.services import Services


class PretrainFacesRequest(Contract):
    """One training of the drawn embedder."""

    pictures: Path
    """Folder with `metadata.jsonl` (person, shot, view)."""
    out: Path
    faces: Path | None = None
    """Face boxes as `samecast pretrain` keeps them; None looks for faces."""
    last_out: int = Field(default=0, ge=0)
    """How many people at the folder's end stay out of training."""
    begin: Path | None = None
    """Weights that the run begins from; None begins with networks that have learned nothing."""
    parts: tuple[FacePart, ...] = tuple(FacePart)
    """Networks that learn; the others stay as `begin` has them."""
    effort: float = Field(default=1.0, ge=0.001, le=20)
    """How much longer than by default it learns; a thousandth is a step or few of each part."""
    seed: Seed = 0


class PretrainedFaces(Contract):
    """Finished weights."""

    weights: Path
    held_out: tuple[str, ...]
    """People whom they have not seen: to calibrate and to test on."""


def pretrain_faces(
    services: Services, request: PretrainFacesRequest, progress: ProgressSink
) -> PretrainedFaces:
    """Train until all stages are done; interrupted, the same call goes on.

    Raises:
        BadInput: not a picture folder, or too few people in it.
        TrainingFailed: a loss is not finite, or a checkpoint cannot be used.
        StorageFailed: the disk is full.
    """
    from tools.embedders.photo.detectors import LandmarkReader
    from tools.training.faces.heads import FoundHead
    from tools.training.faces.run import FacesConfig, Sources, train_faces
    from tools.training.pretrain.faces import read_boxes

    reader = LandmarkReader()

    def read(picture: Image.Image, boxes: Sequence[Box] | None) -> list[FoundHead]:
        return [FoundHead(box=box, points=points) for box, points in reader.read(picture, boxes)]

    plain, held_out = FacesConfig(), people_at_the_end(request.pictures, request.last_out)
    steps = ("reader_steps", "identity_steps", "outfit_steps", "redrawn")
    config = plain.model_copy(
        update={name: _scaled(getattr(plain, name), request.effort) for name in steps}
        | {
            "detector_steps": tuple(_scaled(n, request.effort) for n in plain.detector_steps),
            "parts": request.parts,
            "held_out": held_out,
            "device": services.settings.device,
            "seed": request.seed,
        }
    )
    sources = Sources(
        pictures=request.pictures,
        out=request.out,
        base=shipped_folder(),
        read=read,
        boxes=None if request.faces is None else read_boxes(request.faces),
        begin=request.begin,
    )
    return PretrainedFaces(weights=train_faces(sources, config, progress), held_out=held_out)


def _scaled(count: int, effort: float) -> int:
    return max(1, round(count * effort))


def people_at_the_end(folder: Path, count: int) -> tuple[str, ...]:
    """Name the last people of a picture folder, in file order; all where there are fewer."""
    from tools.training.pretrain.rows import read_rows

    people = list(dict.fromkeys(row.person for row in read_rows(folder) if row.person))
    return tuple(people[max(0, len(people) - count) :])
