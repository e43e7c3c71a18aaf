"""Rows that several tests of the store begin with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from pydantic import BaseModel
from sqlmodel import Session

from tools.contracts.photography import Framing
from tools.contracts.shots import ShotRequest
from tools.store.character import CharacterCreate, add_character
from tools.store.conversation import start_conversation
from tools.store.job import Job, JobState
from tools.store.model import new_id
from tools.store.production import ProductionCreate, add_production
from tools.store.scene import add_scene
from tools.store.shot import Shot, add_shot
from tools.store.take import Take, TakeCreate, add_take, record_drawing
from tools.store.user import Role, UserCreate, add_user


class Empty(BaseModel):
    """A brief that says nothing."""


@dataclass(frozen=True)
class StoredRows:
    """Ids of one production's rows."""

    production: str
    character: str
    conversation: str
    job: str
    shot: str
    take: str
    user: str


def add_rows(session: Session) -> StoredRows:
    """Store a production with one of each."""
    production = add_production(
        session=session, production=ProductionCreate(name="Harbour", style="{}")
    ).id
    character = CharacterCreate(production_id=production, name="Mara", brief="{}")
    scene = add_scene(session=session, production_id=production, brief=Empty(), number=12)
    shot = add_shot(session=session, scene=scene, request=shot_request("12A"))
    user = UserCreate(name="Ida", role=Role.DIRECTOR, password_hash="scrypt$1")
    return StoredRows(
        production=production,
        character=add_character(session=session, character=character).id,
        conversation=start_conversation(session=session, production_id=production).id,
        job=add_job(session).id,
        shot=shot.id,
        take=add_drawn_take(session, shot).id,
        user=add_user(session=session, user=user).id,
    )


def shot_request(slate: str, framing: Framing = Framing.CLOSE_UP) -> ShotRequest:
    """A shot of nobody."""
    return ShotRequest(slate=slate, framing=framing, cast=())


def add_job(session: Session, state: JobState = JobState.APPROVED) -> Job:
    """Store a job of its own key in any state."""
    row = Job(key=f"row {new_id()}", kind="draw", payload="{}", state=state)
    session.add(row)
    session.flush()
    return row


def add_drawn_take(session: Session, shot: Shot) -> Take:
    """Store a take with a picture."""
    create = TakeCreate(shot_id=shot.id, key=new_id(), prompt="a street", seed=5, request="{}")
    take = add_take(session=session, take=create)
    return record_drawing(session=session, take_id=take.id, digest="a" * 64)


def at_once(work: Callable[[int], bool], number: int = 8) -> list[bool]:
    """Do the same from several threads that begin together."""
    start = Barrier(number)

    def begin(index: int) -> bool:
        start.wait()
        return work(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(begin, range(number)))
