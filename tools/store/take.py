"""Takes: every drawing of a shot, its verdict and whether it was picked.

Knows the table and its queries; must not know how takes are drawn or judged. All takes are kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint, func
from sqlmodel import Field, Session, col, select

from tools.contracts.model import Digest, Seed
from tools.contracts.verdicts import Outcome, Verdict
from tools.errors import BadInput, UnknownName
from tools.store.model import StoreModel, enum_type, new_id, now
from tools.store.shot import Shot


class TakeBase(StoreModel):
    """What a take is made with, before it is drawn."""

    shot_id: str = Field(foreign_key="shot.id", index=True)
    key: str = Field(min_length=1, max_length=120, unique=True)
    """What the take is drawn for (job and try); the same key again is the same take."""
    tries: int = Field(default=1, ge=1)
    """Which try of the shot this is, first = 1."""
    prompt: str = Field(min_length=1, max_length=8000)
    seed: Seed = Field(sa_type=BigInteger, nullable=False)
    request: str
    """JSON of the exact `ImageRequest`."""
    lora_version_id: str | None = Field(default=None, foreign_key="lora_version.id")


class TakeCreate(TakeBase):
    """A checked take that is not stored yet."""


class Take(TakeBase, table=True):
    """A stored take; its number is unique for the shot and never reused."""

    __tablename__ = "take"
    __table_args__ = (UniqueConstraint("shot_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    number: int = Field(ge=1)
    slate: str = Field(max_length=16)
    """As `12A T3`."""
    digest: Digest | None = None
    """SHA-256 of the stored picture; None until it is drawn."""
    csfd_own: float | None = None
    csfd_other: float | None = None
    nearest: str | None = Field(default=None, max_length=80)
    verdict: Outcome | None = Field(default=None, sa_type=enum_type(Outcome), nullable=True)
    reasons: str = "[]"
    """JSON list of sentences."""
    copy_of: str | None = None
    faces: int | None = None
    picked_at: datetime | None = None
    note: str = ""
    """What the person who picked or rejected it said."""
    created_at: datetime = Field(default_factory=now)

    def reason_list(self) -> list[str]:
        """Return the verdict's reasons."""
        return [str(reason) for reason in json.loads(self.reasons)]


def add_take(*, session: Session, take: TakeCreate) -> Take:
    """Store a take under the shot's next number; the same key gives the take that has it.

    Raises:
        UnknownName: there is no such shot.
        BadInput: the key stands for a take of another seed or request.
    """
    known = session.exec(select(Take).where(Take.key == take.key)).first()
    if known is not None:
        return _same(known, take)
    shot = session.exec(select(Shot).where(Shot.id == take.shot_id).with_for_update()).first()
    if shot is None:
        raise UnknownName(f"no shot {take.shot_id}; store the shot before its takes")
    last = session.exec(select(func.max(Take.number)).where(Take.shot_id == shot.id)).one() or 0
    update = {"number": last + 1, "slate": f"{shot.slate} T{last + 1}"}
    row = Take.model_validate(take, update=update)
    session.add(row)
    session.flush()
    return row


def _same(known: Take, take: TakeCreate) -> Take:
    if (known.shot_id, known.seed, known.request) != (take.shot_id, take.seed, take.request):
        raise BadInput(f"{known.slate} has the key {take.key!r} already and was asked differently")
    return known


def get_take(*, session: Session, take_id: str) -> Take:
    """Return a take by its id.

    Raises:
        UnknownName: there is none.
    """
    take = session.get(Take, take_id)
    if take is None:
        raise UnknownName(f"no take {take_id}")
    return take


def list_takes(*, session: Session, shot_id: str) -> list[Take]:
    """Return all takes of a shot, first first."""
    return list(
        session.exec(select(Take).where(Take.shot_id == shot_id).order_by(col(Take.number)))
    )


def record_drawing(*, session: Session, take_id: str, digest: str) -> Take:
    """Store which file holds the picture.

    Raises:
        UnknownName: there is no such take.
    """
    take = get_take(session=session, take_id=take_id)
    take.digest = digest
    session.add(take)
    session.flush()
    return take


def record_verdict(*, session: Session, take_id: str, verdict: Verdict) -> Take:
    """Store what QC said.

    Raises:
        UnknownName: there is no such take.
    """
    take = get_take(session=session, take_id=take_id)
    take.csfd_own, take.csfd_other = verdict.csfd_own, verdict.csfd_other
    take.nearest, take.verdict = verdict.nearest, verdict.outcome
    take.reasons = json.dumps(list(verdict.reasons), ensure_ascii=False)
    take.copy_of, take.faces = verdict.copy_of, verdict.faces
    session.add(take)
    session.flush()
    return take


def pick_take(*, session: Session, take_id: str, note: str = "") -> Take:
    """Make a take the one of its shot; an earlier pick of the shot is taken back.

    Raises:
        UnknownName: there is no such take.
        BadInput: the take was never drawn.
    """
    take = get_take(session=session, take_id=take_id)
    if take.digest is None:
        raise BadInput(f"{take.slate} has no picture yet; pick another take")
    _unpick(list_takes(session=session, shot_id=take.shot_id))
    take.picked_at, take.note = now(), note
    session.flush()
    return take


def _unpick(takes: Sequence[Take]) -> None:
    for take in takes:
        take.picked_at = None
