"""Train a LoRA on a reference set: regularisation pictures, training, files, alarm, score.

Knows set, base and trainer. A killed run goes on from its checkpoints: the folder's name follows from
the request, and finished files in it are not made again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from tools.contracts.bases import BaseRow
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.learning import LearnRequest, LoraMade
from tools.contracts.parts import FaceEmbedder
from tools.contracts.photography import Framing
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.contracts.training import TrainingImage, TrainProgress
from tools.contracts.verdicts import Outcome
from tools.errors import Refused, TrainingFailed
from tools.imaging.pictures import load_picture, save_picture
from tools.jobs.keys import job_key
from tools.references.photos import person_around
from tools.services import Services
from tools.store.lora_version import LoraVersionCreate, add_lora_version
from tools.store.reference_set import ReferenceImage, get_set, list_images
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.sets.captions import Seen, class_caption
from tools.workflows.shots.judging import asked_of, build_judge
from tools.workflows.shots.remedies import remedy_for, take_seed
from tools.workflows.shots.requests import compose_take, take_request

STAGE = "train"
SCORE_LIGHT = "soft window light"
LOSS_POINTS = 20


def train(services: Services, request: LearnRequest, progress: ProgressSink) -> LoraMade:
    """Train and store a LoRA version.

    Raises:
        Refused: the gate has not passed the set.
        TrainingFailed: the run diverged.
        BaseUnavailable: the base is not installed.
        Cancelled: from `progress`; a checkpoint of the last step is kept.
    """
    character = load_character(services, request.production, request.character)
    row = services.catalog.row(request.base)
    images = _passed_images(services, request.reference_set_id)
    folder = services.settings.home / "training" / job_key(STAGE, request)[:16]
    _sweep(folder)
    seer = open_eyes(services, request.calibration).seer
    extras = _regularisation(services, character, row, images, request, folder, progress)
    begun = time.monotonic()
    steps = _run(
        services, [*_training_images(services, seer, images), *extras], request, folder, progress
    )
    seconds = time.monotonic() - begun
    return _store(services, request, character, row, steps, seconds)


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


def _regularisation(
    services: Services,
    character: LoadedCharacter,
    row: BaseRow,
    images: Sequence[ReferenceImage],
    request: LearnRequest,
    folder: Path,
    progress: ProgressSink,
) -> list[TrainingImage]:
    """Draw the class, as the base sees it, in the words of the set's own captions."""
    count = min(request.regularisation_images, len(images))
    chosen = [images[at * len(images) // count] for at in range(count)]
    captions = [class_caption(services, character, row, _seen(image)) for image in chosen]
    paths = [folder / "regularisation" / f"{at:03d}.png" for at in range(count)]
    if not all(path.is_file() for path in paths):
        asked = [
            ImageRequest(
                prompt=caption,
                cast=(),
                purpose=Purpose.REGULARISATION,
                base=row.name,
                size=row.sizes[0],
                seed=take_seed(request.config.seed, "regularisation", at + 1),
                steps=request.steps or row.steps,
                guidance=row.guidance,
            )
            for at, caption in enumerate(captions)
        ]
        for at, result in enumerate(services.backend.draw(asked)):
            save_picture(result.image, paths[at])
            progress(Progress(stage="regularisation", done=at + 1, total=count))
    return [
        TrainingImage(path=path, caption=caption, regularisation=True)
        for path, caption in zip(paths, captions, strict=True)
    ]


def _seen(image: ReferenceImage) -> Seen:
    return Seen(
        framing=image.framing or Framing.MEDIUM,
        view=image.view,
        expression=image.expression,
        light=image.light,
        place=image.place,
    )


def _run(
    services: Services,
    images: Sequence[TrainingImage],
    request: LearnRequest,
    folder: Path,
    progress: ProgressSink,
) -> list[TrainProgress]:
    """Train to the end; closing the run on any error keeps a checkpoint of its last step."""
    steps: list[TrainProgress] = []
    run = services.trainer.train(request.base, images, request.config, folder / "run")
    with closing(run):
        for step in run:
            steps.append(step)
            note = f"loss {step.loss:.4f}, {step.samples_per_s:.1f} pictures/s"
            progress(
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


def _store(
    services: Services,
    request: LearnRequest,
    character: LoadedCharacter,
    row: BaseRow,
    steps: Sequence[TrainProgress],
    seconds: float,
) -> LoraMade:
    from tools.training.lora.strength import delta_rms, weak_adapter_reason

    adapter = steps[-1].adapter
    assert adapter is not None
    exported = steps[-1].exported
    stored = services.files.put_file(adapter)
    stored_kohya = services.files.put_file(exported) if exported else None
    strength = delta_rms(adapter)
    score = _identity_score(services, request, character, row, stored.path)
    with services.database.session() as session:
        version = add_lora_version(
            session=session,
            lora=LoraVersionCreate(
                character_id=character.id,
                reference_set_id=request.reference_set_id,
                base=request.base,
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
        weak=weak_adapter_reason(adapter, row),
        identity_score=score,
        losses=_thinned([step.loss for step in steps]),
    )


def _thinned(losses: Sequence[float]) -> tuple[float, ...]:
    parts = np.array_split(np.asarray(losses), min(LOSS_POINTS, len(losses)))
    return tuple(round(float(part.mean()), 5) for part in parts)


def _identity_score(
    services: Services,
    request: LearnRequest,
    character: LoadedCharacter,
    row: BaseRow,
    lora: Path,
) -> float | None:
    """Mean CSFD of close-ups drawn with the adapter on fixed seeds; unreadable ones are left out."""
    if not request.score_seeds:
        return None
    shot = ShotRequest(
        slate="1",
        framing=Framing.CLOSE_UP,
        light=SCORE_LIGHT,
        cast=(CharacterInShot(character=character.name),),
    )
    composed = compose_take(services, character, shot, row)
    asked = [
        take_request(
            composed,
            row,
            seed=seed,
            steps=request.steps,
            lora=lora,
            weight=1.0,
            remedy=remedy_for(1),
        )
        for seed in request.score_seeds
    ]
    pictures = [result.image for result in services.backend.draw(asked)]
    judge = build_judge(services, request.reference_set_id, request.calibration)
    judged = judge.look(pictures, [asked_of(shot)] * len(pictures))
    read = [verdict.csfd_own for verdict, _ in judged if verdict.csfd_own is not None]
    return round(float(np.mean(read)), 4) if read else None
