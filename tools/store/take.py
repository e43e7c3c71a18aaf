"""Takes and sketches: every drawing of a shot, its verdict and whether it was picked.

Knows the table and its queries; must not know how takes are drawn or judged. All takes are kept. A sketch
is numbered with the takes of its shot; its pick is a wish, kept beside the pick of a take.
"""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint, false, func
from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import Select

from tools.contracts.limits import LONGEST_PROMPT
from tools.contracts.model import Digest, Seed
from tools.contracts.verdicts import Outcome, Verdict
from tools.errors import BadInput, UnknownName
from tools.store.model import StoreModel, enum_type, new_id, now
from tools.store.scene import Scene
from tools.store.shot import Shot, get_shot
from tools.store.slate import parse_take, slate_name


class TakeBase(StoreModel):
    """What a take is made with, before it is drawn."""

    shot_id: str = Field(foreign_key="shot.id", index=True)
    key: str = Field(min_length=1, max_length=120, unique=True)
    """What the take is drawn for (job and try); the same key again is the same take."""
    tries: int = Field(default=1, ge=1)
    """Which try of the shot this is, first = 1."""
    prompt: str = Field(min_length=1, max_length=LONGEST_PROMPT)
    seed: Seed = Field(sa_type=BigInteger, nullable=False)
    request: str
    """JSON of the exact `ImageRequest`."""
    lora_version_id: str | None = Field(default=None, foreign_key="lora_version.id")
    is_sketch: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Drawn by the base alone before there is an adapter: never delivered, never a reference."""


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
    rejected_at: datetime | None = None
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

    A sketch is picked among the sketches only: the pick of a take stays.

    Raises:
        UnknownName: there is no such take.
        BadInput: the take was never drawn.
    """
    take = _drawn(session=session, take_id=take_id)
    for other in list_takes(session=session, shot_id=take.shot_id):
        if other.is_sketch is take.is_sketch:
            other.picked_at = None
    take.picked_at, take.rejected_at, take.note = now(), None, note
    session.flush()
    return take


def reject_take(*, session: Session, take_id: str, note: str = "") -> Take:
    """Say no to a take, with what is wrong; a pick of it is taken back. The take is kept.

    Raises:
        UnknownName: there is no such take.
        BadInput: the take was never drawn.
    """
    take = _drawn(session=session, take_id=take_id)
    take.picked_at, take.rejected_at, take.note = None, now(), note
    session.flush()
    return take


def unpick(*, session: Session, take_id: str) -> Take:
    """Take a pick back; a take that was not picked stays as it is.

    Raises:
        UnknownName: there is no such take.
    """
    take = get_take(session=session, take_id=take_id)
    take.picked_at = None
    session.flush()
    return take


def find_take(*, session: Session, production_id: str, slate: str) -> Take | None:
    """Return the take of this slate (`12A T3`), if any.

    Raises:
        BadInput: not of the form `12A T3`.
    """
    scene, ordinal, number = parse_take(slate)
    return session.exec(
        select(Take)
        .join(Shot, col(Shot.id) == Take.shot_id)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(Scene.production_id == production_id, Scene.number == scene)
        .where(Shot.ordinal == ordinal, Take.number == number)
    ).first()


def take_of_slate(*, session: Session, production_id: str, slate: str) -> Take:
    """Return the take of this slate (`12A T3`).

    Raises:
        BadInput: not of the form `12A T3`.
        UnknownName: there is none; the message lists the takes of the shot.
    """
    take = find_take(session=session, production_id=production_id, slate=slate)
    if take is not None:
        return take
    scene, ordinal, number = parse_take(slate)
    shot = get_shot(session=session, production_id=production_id, slate=slate_name(scene, ordinal))
    known = ", ".join(row.slate for row in list_takes(session=session, shot_id=shot.id))
    raise UnknownName(f"no take {shot.slate} T{number}; there are: {known or 'none yet'}")


def list_production_takes(
    *, session: Session, production_id: str, limit: int = 500, offset: int = 0
) -> list[tuple[Take, Shot, Scene]]:
    """Return a page of the production's takes in slate order, without omitted scenes and shots."""
    query = (
        _of_production(production_id)
        .order_by(col(Scene.number), col(Shot.ordinal), col(Take.number))
        .limit(limit)
        .offset(offset)
    )
    return list(session.exec(query))


def _of_production(production_id: str) -> Select[Take, Shot, Scene]:
    return (
        select(Take, Shot, Scene)
        .join(Shot, col(Shot.id) == Take.shot_id)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(Scene.production_id == production_id)
        .where(col(Scene.omitted).is_(False), col(Shot.omitted).is_(False))
    )


def _drawn(*, session: Session, take_id: str) -> Take:
    """The take, its shot locked, so that two who decide at once take turns."""
    take = get_take(session=session, take_id=take_id)
    session.exec(select(Shot).where(Shot.id == take.shot_id).with_for_update())
    if take.digest is None:
        raise BadInput(f"{take.slate} has no picture yet; choose another take")
    return take
