"""Draw shots, judge every take, and draw the rejected ones again until the cap.

Takes are drawn with the character's adapter; without one the same way makes sketches. Knows the order of
things: request, take row, picture, verdict. Interrupted anywhere, it goes on from the last finished batch; a
batch that was begun is redrawn whole, because results on a CPU depend in their last bits on what is drawn
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.contracts.bases import BaseRow
from tools.contracts.briefs import SceneBrief
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.model import Size
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.shooting import ShootRequest, ShootResult, Taken
from tools.contracts.shots import ComposedPrompt, ShotRequest
from tools.contracts.verdicts import Outcome
from tools.imaging.pictures import encode_png, load_picture
from tools.imaging.provenance import sketch_text
from tools.jobs.keys import job_key
from tools.services import Services
from tools.store.lora_version import LoraVersion
from tools.store.model import canonical_json
from tools.store.scene import add_scene, find_scene
from tools.store.shot import Shot, ensure_shot, get_shot, is_in_film, require_in_film
from tools.store.slate import parse_slate
from tools.store.take import Take, TakeCreate, add_take, record_drawing, record_verdict
from tools.workflows.drawing import Bill, draw, told_by_steps
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.shots.judge.judging import asked_of
from tools.workflows.shots.judge.shoot_judge import ShootJudge, judge_of_shoot
from tools.workflows.shots.shoot.remedies import remedy_for, take_seed
from tools.workflows.shots.shoot.requests import (
    StartLaidOut,
    compose_take,
    frame_of,
    row_with_adapter,
    take_request,
)
from tools.workflows.shots.shoot.shown import with_references
from tools.workflows.shots.shoot.sketches import lay_out, shoot_kind

if TYPE_CHECKING:
    from sqlmodel import Session

STAGE = "shoot"


@dataclass(frozen=True)
class Setup:
    """A shot ready to be drawn."""

    shot: ShotRequest
    shot_id: str
    composed: ComposedPrompt
    size: Size
    start: StartLaidOut | None
    """What a sketch is drawn over, if anything."""
    references: tuple[str, ...] = ()
    """Digests of the pictures that the prompt names."""


@dataclass(frozen=True)
class Shoot:
    """Everything that stays the same while the takes of one request are made."""

    services: Services
    request: ShootRequest
    row: BaseRow
    judge: ShootJudge
    lora: LoraVersion | None
    bill: Bill
    progress: ProgressSink
    judges_beside: bool
    """Whether a batch is judged while the next one is drawn: on a CPU the two would only be in each
    other's way."""

    @property
    def key(self) -> str:
        """What the keys of its takes begin with."""
        return self.bill.job_key[:16]

    def image_request(self, setup: Setup, tries: int) -> ImageRequest:
        """Return what the backend is asked for in one try of a shot."""
        asked = take_request(
            setup.composed,
            self.row,
            seed=take_seed(self.request.seed, setup.shot.slate, tries),
            steps=self.request.steps,
            lora=self.lora.digest if self.lora else None,
            weight=self.request.adapter.weight,
            remedy=remedy_for(self.row, tries),
            size=setup.size,
            start=setup.start,
        )
        purpose = Purpose.SKETCH if self.request.is_sketch else Purpose.TAKE
        return asked.model_copy(update={"purpose": purpose, "references": setup.references})


def shoot(services: Services, request: ShootRequest, progress: ProgressSink) -> ShootResult:
    """Make the takes of a request.

    Raises:
        BadInput: a shot with somebody else in frame, a slate that holds another shot, or one of a shot
            list that was omitted.
        BaseUnavailable: the base is not installed.
        Refused: the reference set has no readable face.
        Cancelled: from `progress`; finished takes are kept.
    """
    character = load_character(services, request.production, request.adapter.character)
    row = services.catalog.row(request.base)
    lora = _lora(services, request)
    if lora is not None and not lora.brought_in:
        row = row_with_adapter(services, row, str(request.adapter.reference_set_id))
    job = Shoot(
        services=services,
        request=request,
        row=row,
        judge=judge_of_shoot(services, request.adapter, request.calibration, row),
        lora=lora,
        bill=Bill(services, character.production_id, job_key(shoot_kind(request), request)),
        progress=progress,
        judges_beside=_draws_on_card(services),
    )
    setups = [_set_up(job, character, shot) for shot in request.shots]
    pending = [setup for setup in setups if setup is not None]
    takes: list[Taken] = []
    for tries in range(1, request.max_tries + 1):
        round_takes = _draw_round(job, pending, tries, done=len(takes))
        takes.extend(round_takes)
        rejected = {take.slate for take in round_takes if take.verdict.outcome is Outcome.REJECT}
        pending = [setup for setup in pending if setup.shot.slate in rejected]
        if not pending:
            break
    order = {shot.slate: place for place, shot in enumerate(request.shots)}
    return ShootResult(takes=tuple(sorted(takes, key=lambda t: (order[t.slate], t.tries))))


def _draws_on_card(services: Services) -> bool:
    from tools.compute import resolve_device

    return resolve_device(services.settings.device).type != "cpu"


def _lora(services: Services, request: ShootRequest) -> LoraVersion | None:
    if request.adapter.lora_version_id is None:
        return None
    with services.database.reading() as session:
        return session.get_one(LoraVersion, request.adapter.lora_version_id)


def _set_up(job: Shoot, character: LoadedCharacter, shot: ShotRequest) -> Setup | None:
    """Make a shot ready; a planned one that was omitted since it was asked for is passed over."""
    composed = compose_take(job.services, character, shot, job.row)
    with job.services.database.session() as session:
        owner = character.production_id
        if job.request.planned:
            stored = get_shot(session=session, production_id=owner, slate=shot.slate)
            if not is_in_film(session=session, shot=stored):
                return None
        else:
            stored = _stored(session, owner, shot)
            require_in_film(session=session, shot=stored)
    shown = with_references(job.services, composed, job.request.adapter, shot, job.row)
    size = frame_of(job.row, character.style)
    start = lay_out(job.services, job.request, shot, job.row, size)
    return Setup(shot, stored.id, shown.composed, size, start, shown.references)


def _stored(session: Session, production_id: str, shot: ShotRequest) -> Shot:
    number, _ = parse_slate(shot.slate)
    scene = find_scene(session=session, production_id=production_id, number=number)
    if scene is None:
        scene = add_scene(
            session=session,
            production_id=production_id,
            brief=SceneBrief(number=number, place=shot.place, light=shot.light),
            number=number,
        )
    return ensure_shot(session=session, scene=scene, request=shot)


def _draw_round(job: Shoot, setups: Sequence[Setup], tries: int, done: int) -> list[Taken]:
    """One try of every setup; on a card a batch is judged while the next one is drawn."""
    size = job.services.settings.batch_size
    takes: list[Taken] = []
    with _Judging(job, tries) as judging:
        for at in range(0, len(setups), size):
            batch = setups[at : at + size]
            rows = _take_rows(job, batch, tries)
            place = Progress(
                stage=STAGE, done=done + len(takes), total=done + len(setups), note=f"try {tries}"
            )
            if any(row.digest is None for row in rows):
                rows = _draw_batch(job, batch, rows, tries, place)
            takes.extend(judging.finished())
            judging.begin(batch, rows)
            if not job.judges_beside:
                takes.extend(judging.finished())
            job.progress(place.model_copy(update={"done": done + len(takes)}))
        takes.extend(judging.finished())
    return takes


class _Judging:
    """Judges one batch at a time in a thread of its own, which ends with the round."""

    def __init__(self, job: Shoot, tries: int) -> None:
        self._job, self._tries = job, tries
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge")
        self._begun: Future[list[Taken]] | None = None

    def __enter__(self) -> _Judging:
        return self

    def __exit__(self, *_: object) -> None:
        """Let what has begun come to its end: its verdicts are kept, whatever happened meanwhile."""
        self._thread.shutdown(wait=True)

    def begin(self, batch: Sequence[Setup], rows: Sequence[Take]) -> None:
        """Judge a batch; the one before must have been asked for."""
        self._begun = self._thread.submit(_judge_batch, self._job, batch, rows, self._tries)

    def finished(self) -> list[Taken]:
        """Wait for the batch that was begun, if any, and return its takes once."""
        begun, self._begun = self._begun, None
        return begun.result() if begun else []


def _take_rows(job: Shoot, batch: Sequence[Setup], tries: int) -> list[Take]:
    with job.services.database.session() as session:
        return [
            add_take(
                session=session,
                take=TakeCreate(
                    shot_id=setup.shot_id,
                    key=f"{job.key}:{setup.shot.slate}:{tries}",
                    tries=tries,
                    prompt=setup.composed.text,
                    seed=take_seed(job.request.seed, setup.shot.slate, tries),
                    request=canonical_json(job.image_request(setup, tries)),
                    lora_version_id=job.lora.id if job.lora else None,
                    is_sketch=job.request.is_sketch,
                ),
            )
            for setup in batch
        ]


def _draw_batch(
    job: Shoot, batch: Sequence[Setup], rows: Sequence[Take], tries: int, place: Progress
) -> list[Take]:
    requests = [job.image_request(setup, tries) for setup in batch]
    told = told_by_steps(job.progress, place)
    pictures = [result.image for result in draw(job.bill, requests, told)]
    stored = [
        job.services.files.put_bytes(encode_png(picture, _marked(job, row)), ".png")
        for picture, row in zip(pictures, rows, strict=True)
    ]
    with job.services.database.session() as session:
        return [
            record_drawing(session=session, take_id=row.id, digest=file.digest)
            for row, file in zip(rows, stored, strict=True)
        ]


def _marked(job: Shoot, row: Take) -> dict[str, str] | None:
    """What the file of a sketch says of itself; a take says it when it is delivered."""
    if not row.is_sketch:
        return None
    return sketch_text(f"{job.request.production} {row.slate}", row.prompt)


def _judge_batch(
    job: Shoot, batch: Sequence[Setup], rows: Sequence[Take], tries: int
) -> list[Taken]:
    """Judge stored pictures; one that was judged before costs nothing, its faces are kept."""
    digests = [str(row.digest) for row in rows]
    pictures = [load_picture(job.services.files.path(digest)) for digest in digests]
    judged = job.judge.look(pictures, [asked_of(setup.shot) for setup in batch])
    with job.services.database.session() as session:
        for row, (verdict, _) in zip(rows, judged, strict=True):
            record_verdict(session=session, take_id=row.id, verdict=verdict)
    return [
        Taken(
            slate=setup.shot.slate,
            tries=tries,
            take=row.slate,
            framing=setup.shot.framing,
            prompt=row.prompt,
            seed=row.seed,
            digest=digest,
            verdict=verdict,
            embedding=embedding,
            is_sketch=row.is_sketch,
        )
        for setup, row, digest, (verdict, embedding) in zip(
            batch, rows, digests, judged, strict=True
        )
    ]


def unsolved(result: ShootResult) -> list[str]:
    """Return the slates of shots whose every take was rejected."""
    slates = dict.fromkeys(take.slate for take in result.takes)
    solved = {t.slate for t in result.takes if t.verdict.outcome is not Outcome.REJECT}
    return [slate for slate in slates if slate not in solved]
