"""Start the drawing of planned shots, as takes or as sketches: one job for each character in them.

Knows the shot table, adapters and seeds; must not draw. The shots are drawn as they are stored now;
a note that revises one later does not touch a shoot that was started.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.contracts.shots import ShotRequest
from tools.errors import BadInput
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.board import OPEN, open_jobs
from tools.store.character import get_character, lora_in_use
from tools.store.job import JobState
from tools.store.reference_set import newest_set
from tools.store.shot import get_shot, require_in_film
from tools.store.work import asked_work
from tools.workflows.bases.calibrations import calibration_of
from tools.workflows.digest import base_of, production_row
from tools.workflows.job_lines import job_subject
from tools.workflows.kinds import Kind
from tools.workflows.lora.adapters import adapter_of
from tools.workflows.people.characters import load_character
from tools.workflows.shots.shoot.in_frame import by_character
from tools.workflows.shots.shoot.sketches import shoot_kind, sketch_adapter

if TYPE_CHECKING:
    from sqlmodel import Session

    from tools.store.production import Production


DrawnAs = Literal["take", "sketch"]
"""Takes need the character's LoRA; sketches are drawn by the base alone."""


@dataclass(frozen=True)
class EarlierShoot:
    """A shoot of this production that was asked for before."""

    state: JobState
    request: ShootRequest


def start_shoot(
    services: Services,
    jobs: JobStore,
    production: str,
    slates: Sequence[str],
    takes: int | None = None,
    drawn_as: DrawnAs | None = None,
) -> list[str]:
    """Ask for takes of planned shots, or sketches, and return the ids of the jobs.

    Every shoot of a shot has a seed of its own, fixed by how often the shot was asked for. An equal
    shoot that still waits or runs is not started twice.

    Args:
        services: the studio.
        jobs: the queue.
        production: the film or series.
        slates: planned shots, as `12A`; each once.
        takes: takes of each shot, 1 to 10, drawn once each; None draws until QC is content, up to the
            studio's cap.
        drawn_as: what they are to be; None: takes of who has a LoRA for the production's base, sketches of
            who has none yet.

    Raises:
        UnknownName: no such shot or character.
        BadInput: a shot with nobody or several people in frame, an omitted shot, or takes of somebody who
            has no LoRA yet; the message says what comes first.
    """
    row = production_row(services, production)
    base = base_of(services, row)
    groups = by_character(planned_shots(services, production, slates))
    adapters = {name: ready_adapter(services, row, name, drawn_as) for name in groups}
    with services.database.reading() as session:
        earlier = _earlier(session, row)
    ids: list[str] = []
    for name, shots in groups.items():
        fixed = ShootRequest(
            production=production,
            base=base,
            adapter=adapters[name],
            shots=tuple(shots),
            seed=0,
            max_tries=services.settings.max_tries if takes is None else 1,
            calibration=calibration_of(services, production, name, base),
            planned=True,
        )
        for request in _seeded(fixed, takes or 1, earlier):
            ids.append(
                jobs.enqueue(kind=shoot_kind(request), payload=request, production_id=row.id)
            )
    return ids


def planned_shots(services: Services, production: str, slates: Sequence[str]) -> list[ShotRequest]:
    """Return stored shots by their slates, each once, in the order asked.

    Raises:
        UnknownName: there is no such shot.
        BadInput: a shot that was omitted, or no slates.
    """
    if not slates:
        raise BadInput("no shots; plan some first, or describe one")
    owner = production_row(services, production).id
    with services.database.reading() as session:
        rows = [
            get_shot(session=session, production_id=owner, slate=slate)
            for slate in dict.fromkeys(slates)
        ]
        for row in rows:
            require_in_film(session=session, shot=row)
    return [ShotRequest.model_validate_json(row.request) for row in rows]


def ready_adapter(
    services: Services, production: Production, name: str, drawn_as: DrawnAs | None = None
) -> CharacterAdapter:
    """Return what draws a character on the production's base: the chosen version, else the newest.

    Where there is none, or a sketch is asked for, it is the base alone.

    Raises:
        UnknownName: no such character.
        BadInput: takes are asked for and nothing was trained for this base yet; says what comes first.
    """
    base = base_of(services, production)
    bases = services.catalog.adapter_bases(base)
    with services.database.reading() as session:
        character = get_character(session=session, production_id=production.id, name=name)
        lora = lora_in_use(session=session, character=character, bases=bases)
        if lora is None and drawn_as == "take":
            raise BadInput(_what_comes_first(session, production.id, character.id, name, base))
    if lora is None or drawn_as == "sketch":
        return sketch_adapter(services, load_character(services, production.name, name))
    return adapter_of(services, production.name, name, base, lora.version)


def _what_comes_first(
    session: Session, production_id: str, character_id: str, name: str, base: str
) -> str:
    missing = f"{name} has no LoRA for {base} yet"
    training = [
        job
        for job in open_jobs(session=session, production_id=production_id)
        if job.kind == Kind.TRAIN and job_subject(job.payload) == name
    ]
    if training:
        state = "waits" if training[0].state is JobState.APPROVED else "is running"
        return f"{missing}: its training {state}; shoot when it has ended"
    if newest_set(session=session, character_id=character_id) is not None:
        return f"{missing}; train {name} first"
    return f"{missing}, and no reference set; cast and build references or add photos, then train"


def _earlier(session: Session, production: Production) -> list[EarlierShoot]:
    shoots = [
        EarlierShoot(state, ShootRequest.model_validate_json(payload))
        for kind in (Kind.SHOOT, Kind.SKETCH)
        for state, payload in asked_work(session=session, kind=kind, production_id=production.id)
    ]
    return [each for each in shoots if each.request.production == production.name]


def _seeded(fixed: ShootRequest, count: int, earlier: Sequence[EarlierShoot]) -> list[ShootRequest]:
    """The request with the seeds of equal shoots that are open, then with new ones."""
    slates = {shot.slate for shot in fixed.shots}
    open_seeds = [
        each.request.seed
        for each in earlier
        if each.state in OPEN and each.request.model_copy(update={"seed": 0}) == fixed
    ]
    used = [
        each.request.seed
        for each in earlier
        if slates & {shot.slate for shot in each.request.shots}
    ]
    seeds = open_seeds[:count]
    while len(seeds) < count:
        seeds.append(fresh_seed(fixed, used))
        used.append(seeds[-1])
    return [fixed.model_copy(update={"seed": seed}) for seed in seeds]


def fresh_seed(request: ShootRequest, used: Sequence[int]) -> int:
    """Return a seed that none of the earlier shoots had; the same after the same shoots."""
    slates = " ".join(sorted(shot.slate for shot in request.shots))
    number = len(used)
    while True:
        words = f"{request.production}|{request.adapter.character}|{slates}|{number}".encode()
        seed = int.from_bytes(hashlib.sha256(words).digest()[:4], "big")
        if seed not in used:
            return seed
        number += 1
