"""The base's row: the same prompts and first seeds without the adapter, judged in the same way.

Drawn once, in the same batches as the first takes, so that own against base is a fair comparison
(docs/architecture.md, Distances). Nothing of it becomes a take.
"""

from __future__ import annotations

from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.shooting import ShootRequest, ShootResult, Taken
from tools.imaging.pictures import encode_png
from tools.jobs.keys import job_key
from tools.services import Services
from tools.workflows.drawing import Bill, draw, told_by_steps
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import load_character
from tools.workflows.shots.judge.judging import asked_of
from tools.workflows.shots.judge.shoot_judge import judge_of_shoot
from tools.workflows.shots.shoot.remedies import remedy_for, take_seed
from tools.workflows.shots.shoot.requests import compose_take, frame_of, take_request

STAGE = "compare"


def compare(services: Services, request: ShootRequest, progress: ProgressSink) -> ShootResult:
    """Draw and judge the first try of every shot with the base alone.

    Args:
        services: the studio.
        request: the shoot to compare with; its adapter's LoRA version is not used.
        progress: called after each step and batch; may raise `Cancelled`.
    """
    character = load_character(services, request.production, request.adapter.character)
    row = services.catalog.row(request.base)
    judge = judge_of_shoot(services, request.adapter, request.calibration, row)
    bill = Bill(services, character.production_id, job_key(Kind.COMPARE, request))
    taken: list[Taken] = []
    size = services.settings.batch_size
    for at in range(0, len(request.shots), size):
        shots = request.shots[at : at + size]
        asked = [
            take_request(
                compose_take(services, character, shot, row),
                row,
                seed=take_seed(request.seed, shot.slate, 1),
                steps=request.steps,
                lora=None,
                weight=0.0,
                remedy=remedy_for(row, 1),
                size=frame_of(row, character.style),
            )
            for shot in shots
        ]
        told = told_by_steps(progress, Progress(stage=STAGE, done=at, total=len(request.shots)))
        pictures = [result.image for result in draw(bill, asked, told)]
        judged = judge.look(pictures, [asked_of(shot) for shot in shots])
        for shot, drawn, picture, (verdict, embedding) in zip(
            shots, asked, pictures, judged, strict=True
        ):
            file = services.files.put_bytes(encode_png(picture), ".png")
            taken.append(
                Taken(
                    slate=shot.slate,
                    tries=1,
                    take=f"{shot.slate} base",
                    framing=shot.framing,
                    prompt=drawn.prompt,
                    seed=drawn.seed,
                    digest=file.digest,
                    verdict=verdict,
                    embedding=embedding,
                )
            )
        progress(Progress(stage=STAGE, done=len(taken), total=len(request.shots)))
    return ShootResult(takes=tuple(taken))
