"""Shots (setups of a scene) and the allocation of their letters.

Knows the table and its queries; must not know how a shot is worded or drawn. Letters are never
reused: a shot that is taken out of the film stays as omitted, and may come back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, select

from tools.contracts.shots import ShotRequest
from tools.errors import BadInput, UnknownName
from tools.store.model import StoreModel, canonical_json, new_id, now
from tools.store.scene import Scene, find_scene
from tools.store.slate import parse_slate, slate_name

LONGEST_SOURCE = 2000


class Shot(StoreModel, table=True):
    """A setup of a scene: one framing, lens and light."""

    __tablename__ = "shot"
    __table_args__ = (UniqueConstraint("scene_id", "ordinal"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    scene_id: str = Field(foreign_key="scene.id", index=True)
    ordinal: int
    """0 for the master, 1 for setup A, 2 for B (`tools.store.slate`)."""
    slate: str = Field(max_length=8)
    """Scene number and letters, as `12A`."""
    request: str
    """JSON of `ShotRequest`, its slate as above."""
    source: str = Field(
        default="", max_length=LONGEST_SOURCE, sa_column_kwargs={"server_default": ""}
    )
    """The sentence of the scene that the shot covers; empty when it was asked for by itself."""
    omitted: bool = False
    created_at: datetime = Field(default_factory=now)


def next_slate(*, session: Session, scene: Scene) -> str:
    """Return the slate that the scene's next setup gets: the letter after the last one used."""
    last = session.exec(select(func.max(Shot.ordinal)).where(Shot.scene_id == scene.id)).one()
    return slate_name(scene.number, (last or 0) + 1)


def add_shot(*, session: Session, scene: Scene, request: ShotRequest, source: str = "") -> Shot:
    """Store a shot under its request's slate (from `next_slate`, or as the director says).

    Args:
        session: An open transaction.
        scene: The shot's scene.
        request: The shot as it is asked for.
        source: The sentence of the scene that it covers, cut at 2000 characters.

    Raises:
        BadInput: the slate is taken (an omitted shot keeps it) or of another scene.
    """
    session.exec(select(Scene).where(Scene.id == scene.id).with_for_update())
    number, ordinal = parse_slate(request.slate)
    if number != scene.number:
        raise BadInput(f"slate {request.slate} is not of scene {scene.number}")
    if _at(session=session, scene_id=scene.id, ordinal=ordinal) is not None:
        raise BadInput(f"shot {request.slate} exists, and slates are never reused; use the next")
    row = Shot(
        scene_id=scene.id,
        ordinal=ordinal,
        slate=request.slate,
        request=canonical_json(request),
        source=source[:LONGEST_SOURCE],
    )
    session.add(row)
    session.flush()
    return row


def ensure_shot(*, session: Session, scene: Scene, request: ShotRequest) -> Shot:
    """Return the shot stored under this slate with this very request, or store it.

    Raises:
        BadInput: the slate holds another request.
    """
    shot = find_shot(session=session, production_id=scene.production_id, slate=request.slate)
    if shot is not None and shot.request == canonical_json(request):
        return shot
    return add_shot(session=session, scene=scene, request=request)


def find_shot(*, session: Session, production_id: str, slate: str) -> Shot | None:
    """Return the shot of this slate, omitted or not, if any."""
    number, ordinal = parse_slate(slate)
    scene = find_scene(session=session, production_id=production_id, number=number)
    return None if scene is None else _at(session=session, scene_id=scene.id, ordinal=ordinal)


def get_shot(*, session: Session, production_id: str, slate: str) -> Shot:
    """Return the shot of this slate.

    Raises:
        UnknownName: there is none.
    """
    shot = find_shot(session=session, production_id=production_id, slate=slate)
    if shot is None:
        raise UnknownName(f"no shot {slate} in this production")
    return shot


def omit_shot(*, session: Session, shot_id: str, back: bool = False) -> Shot:
    """Take a shot out of the film, or bring it back; its slate stays taken.

    Raises:
        UnknownName: there is no such shot.
    """
    shot = session.get(Shot, shot_id)
    if shot is None:
        raise UnknownName(f"no shot {shot_id}")
    shot.omitted = not back
    session.add(shot)
    session.flush()
    return shot


def is_in_film(*, session: Session, shot: Shot) -> bool:
    """Say whether neither the shot nor its scene was omitted."""
    return not (shot.omitted or session.get_one(Scene, shot.scene_id).omitted)


def require_in_film(*, session: Session, shot: Shot) -> None:
    """Refuse a shot that was omitted.

    Raises:
        BadInput: it was, or its scene.
    """
    if not is_in_film(session=session, shot=shot):
        raise BadInput(f"shot {shot.slate} was omitted; plan a new one, or bring it back")


def revise_shot(*, session: Session, shot_id: str, request: ShotRequest) -> Shot:
    """Store a new request for the same slate; earlier takes keep their own.

    Raises:
        UnknownName: there is no such shot.
        BadInput: the request is of another slate, or the shot was omitted.
    """
    shot = session.get(Shot, shot_id, with_for_update=True)
    if shot is None:
        raise UnknownName(f"no shot {shot_id}")
    if request.slate != shot.slate:
        raise BadInput(f"a request for {request.slate} cannot revise {shot.slate}; keep its slate")
    require_in_film(session=session, shot=shot)
    shot.request = canonical_json(request)
    session.add(shot)
    session.flush()
    return shot


def _at(*, session: Session, scene_id: str, ordinal: int) -> Shot | None:
    return session.exec(
        select(Shot).where(Shot.scene_id == scene_id, Shot.ordinal == ordinal)
    ).first()
