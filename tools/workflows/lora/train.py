"""Train a LoRA on a reference set: regularisation pictures, training, files, alarm, score.

Knows set, base and trainer. A killed run goes on from its checkpoints: the folder's name follows from
the request, and finished files in it are not made again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.backends.training_adapters import training_adapter
from tools.contracts.bases import BaseRow
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.learning import LearnRequest, LoraMade
from tools.contracts.parts import FaceEmbedder
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.training import TrainingImage, TrainProgress
from tools.contracts.verdicts import Outcome
from tools.errors import Refused, TrainingFailed
from tools.imaging.pictures import load_picture, save_picture
from tools.jobs.keys import job_key
from tools.references.cuts import person_around
from tools.services import Services
from tools.store.lora_version import LoraVersionCreate, add_lora_version
from tools.store.reference_set import ReferenceImage, get_set, list_images
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.drawing import Bill, draw, told_by_steps
from tools.workflows.drawing import train as run_training
from tools.workflows.kinds import Kind
from tools.workflows.lora.score import Scoring, identity_score
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.sets.captions import Seen, class_caption
from tools.workflows.shots.shoot.remedies import take_seed
from tools.workflows.shots.shoot.requests import row_with_adapter

STAGE = "train"
LOSS_POINTS = 20


@dataclass(frozen=True)
class TrainJob:
    """Everything that stays the same while one adapter is made."""

    services: Services
    request: LearnRequest
    character: LoadedCharacter
    row: BaseRow
    progress: ProgressSink

    @property
    def bill(self) -> Bill:
        """What its pictures and its run are booked on."""
        return Bill(self.services, self.character.production_id, job_key(Kind.TRAIN, self.request))

    @property
    def folder(self) -> Path:
        """Where a killed run goes on."""
        return self.services.settings.home / "training" / self.bill.job_key[:16]


def train(services: Services, request: LearnRequest, progress: ProgressSink) -> LoraMade:
    """Train and store a LoRA version.

    Raises:
        Refused: the gate has not passed the set.
        TrainingFailed: the run diverged.
        BaseUnavailable: the base is not installed, or the adapter that it is trained beside is not here.
        Cancelled: from `progress`; a checkpoint of the last step is kept.
    """
    job = TrainJob(
        services=services,
        request=request,
        character=load_character(services, request.production, request.character),
        row=services.catalog.row(request.base),
        progress=progress,
    )
    images = _passed_images(services, request.reference_set_id)
    training_adapter(services.catalog, job.row.trained_on or job.row.name)
    _sweep(job.folder)
    extras = _regularisation(job, images)
    begun = time.monotonic()
    seer = open_eyes(services, request.calibration).seer
    steps = _run(job, [*_training_images(services, seer, images), *extras])
    return _store(job, steps, time.monotonic() - begun)


def _sweep(folder: Path) -> None:
    """Remove what a killed run left half-written; the job's lease keeps others out of the folder."""
    for partial in folder.rglob(".*.part"):
        partial.unlink(missing_ok=True)


def _passed_images(services: Services, set_id: str) -> list[ReferenceImage]:
    with services.database.reading() as session:
        found = get_set(session=session, set_id=set_id)
        if found.verdict is not Outcome.PASS:
            raise Refused("the gate has not passed this reference set; run `samecast gate` first")
        return list_images(session=session, set_id=set_id)


def _training_images(
    services: Services, seer: FaceEmbedder, images: Sequence[ReferenceImage]
) -> list[TrainingImage]:
    paths = [services.files.path(image.digest) for image in images]
    pictures = [load_picture(path) for path in paths]
    found = seer.faces(pictures)
    return [
        TrainingImage(
            path=path,
            caption=image.caption,
            face=faces[0].box if faces else None,
            person=person_around(faces[0].box, *picture.size) if faces else None,
        )
        for image, path, picture, faces in zip(images, paths, pictures, found, strict=True)
    ]


def _regularisation(job: TrainJob, images: Sequence[ReferenceImage]) -> list[TrainingImage]:
    """Draw the class, as the base sees it, in the words and shapes of the set's own pictures."""
    request, row = job.request, job.row
    count = min(request.regularisation_images, len(images))
    chosen = [images[at * len(images) // count] for at in range(count)]
    captions = [class_caption(job.services, job.character, row, _seen(image)) for image in chosen]
    shapes = [load_picture(job.services.files.path(image.digest)).size for image in chosen]
    paths = [job.folder / "regularisation" / f"{at:03d}.png" for at in range(count)]
    if not all(path.is_file() for path in paths):
        asked = [
            ImageRequest(
                prompt=caption,
                cast=(),
                purpose=Purpose.REGULARISATION,
                base=row.name,
                size=row.size_for(width / height),
                seed=take_seed(request.config.seed, "regularisation", at + 1),
                steps=request.steps or row.steps,
                guidance=row.guidance,
            )
            for at, (caption, (width, height)) in enumerate(zip(captions, shapes, strict=True))
        ]
        place = Progress(stage="regularisation", done=0, total=count)
        told = told_by_steps(job.progress, place)
        for at, result in enumerate(draw(job.bill, asked, told)):
            save_picture(result.image, paths[at])
            job.progress(place.model_copy(update={"done": at + 1}))
    return [
        TrainingImage(path=path, caption=caption, regularisation=True)
        for path, caption in zip(paths, captions, strict=True)
    ]


def _seen(image: ReferenceImage) -> Seen:
    return Seen(
        framing=image.framing,
        view=image.view,
        expression=image.expression,
        light=image.light,
        place=image.place,
    )


def _run(job: TrainJob, images: Sequence[TrainingImage]) -> list[TrainProgress]:
    """Train to the end; closing the run on any error keeps a checkpoint of its last step."""
    steps: list[TrainProgress] = []
    request = job.request
    run = run_training(job.bill, request.base, images, request.config, job.folder / "run")
    with closing(run):
        for step in run:
            steps.append(step)
            note = f"loss {step.loss:.4f}, {step.samples_per_s:.1f} pictures/s"
            job.progress(
                Progress(
                    stage=STAGE,
                    done=step.step,
                    total=step.steps,
                    note=note,
                    left_s=step.left_s or None,
                )
            )
    if not steps or steps[-1].adapter is None:
        raise TrainingFailed("training ended without an adapter; start it again")
    return steps


def _store(job: TrainJob, steps: Sequence[TrainProgress], seconds: float) -> LoraMade:
    from tools.training.lora.strength import delta_rms, weak_adapter_reason

    services, request = job.services, job.request
    adapter = steps[-1].adapter
    assert adapter is not None
    exported = steps[-1].exported
    stored = services.files.put_file(adapter)
    stored_kohya = services.files.put_file(exported) if exported else None
    strength = delta_rms(adapter)
    scoring = Scoring(
        services=services,
        bill=job.bill,
        character=job.character,
        row=row_with_adapter(services, job.row, request.reference_set_id),
        reference_set_id=request.reference_set_id,
        calibration=request.calibration,
        seeds=request.score_seeds,
        steps=request.steps,
        progress=job.progress,
    )
    score = identity_score(scoring, stored.digest)
    with services.database.session() as session:
        version = add_lora_version(
            session=session,
            lora=LoraVersionCreate(
                character_id=job.character.id,
                reference_set_id=request.reference_set_id,
                base=request.base,
                architecture=job.row.architecture,
                trained_on=job.row.trained_on or request.base,
                config=request.config.model_dump_json(),
                seed=request.config.seed,
                digest=stored.digest,
                kohya_digest=stored_kohya.digest if stored_kohya else None,
                steps=request.config.steps,
                seconds=seconds,
                delta_rms=strength,
                score=score,
            ),
        )
    return LoraMade(
        lora_version_id=version.id,
        version=version.version,
        base=request.base,
        digest=stored.digest,
        kohya_digest=stored_kohya.digest if stored_kohya else None,
        steps=request.config.steps,
        seconds=round(seconds, 1),
        samples_per_s=round(steps[-1].samples_per_s, 2),
        delta_rms=strength,
        weak=weak_adapter_reason(adapter, job.row),
        identity_score=score,
        losses=_thinned([step.loss for step in steps]),
    )


def _thinned(losses: Sequence[float]) -> tuple[float, ...]:
    parts = np.array_split(np.asarray(losses), min(LOSS_POINTS, len(losses)))
    return tuple(round(float(part.mean()), 5) for part in parts)
