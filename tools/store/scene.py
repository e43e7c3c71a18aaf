"""Scenes and the allocation of their numbers.

Knows the table and its queries; must not know what is shot in a scene. Numbers are never reused:
a scene that is dropped stays as omitted.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, col, select

from tools.errors import BadInput, UnknownName
from tools.store.model import StoreModel, canonical_json, new_id, now
from tools.store.production import Production
from tools.store.slate import LAST_SCENE


class Scene(StoreModel, table=True):
    """A scene of a production."""

    __tablename__ = "scene"
    __table_args__ = (UniqueConstraint("production_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    production_id: str = Field(foreign_key="production.id", index=True)
    number: int
    """1 to 9999."""
    brief: str
    """JSON of the scene's brief."""
    omitted: bool = False
    created_at: datetime = Field(default_factory=now)


def add_scene(
    *, session: Session, production_id: str, brief: BaseModel, number: int | None = None
) -> Scene:
    """Store a scene under the number given, else under the next free one.

    Raises:
        BadInput: the number is taken (an omitted scene keeps its number) or not 1 to 9999.
    """
    # On PostgreSQL the row lock makes allocation wait its turn; SQLite holds its write lock anyway.
    session.exec(select(Production).where(Production.id == production_id).with_for_update())
    if number is None:
        number = _last_number(session=session, production_id=production_id) + 1
    if not 1 <= number <= LAST_SCENE:
        raise BadInput(f"{number} is no scene number; expected 1 to {LAST_SCENE}")
    if find_scene(session=session, production_id=production_id, number=number) is not None:
        raise BadInput(f"scene {number} exists, and numbers are never reused; choose another")
    row = Scene(production_id=production_id, number=number, brief=canonical_json(brief))
    session.add(row)
    session.flush()
    return row


def find_scene(*, session: Session, production_id: str, number: int) -> Scene | None:
    """Return the scene of this number, omitted or not, if any."""
    return session.exec(
        select(Scene).where(Scene.production_id == production_id, Scene.number == number)
    ).first()


def get_scene(*, session: Session, production_id: str, number: int) -> Scene:
    """Return the scene of this number.

    Raises:
        UnknownName: there is none.
    """
    scene = find_scene(session=session, production_id=production_id, number=number)
    if scene is None:
        raise UnknownName(f"no scene {number} in this production")
    return scene


def list_scenes(*, session: Session, production_id: str, with_omitted: bool = False) -> list[Scene]:
    """Return the production's scenes by number."""
    query = select(Scene).where(Scene.production_id == production_id)
    if not with_omitted:
        query = query.where(col(Scene.omitted).is_(False))
    return list(session.exec(query.order_by(col(Scene.number))))


def omit_scene(*, session: Session, scene_id: str, back: bool = False) -> Scene:
    """Take a scene out of the film, or bring it back; its number stays taken.

    Raises:
        UnknownName: there is no such scene.
    """
    scene = session.get(Scene, scene_id)
    if scene is None:
        raise UnknownName(f"no scene {scene_id}")
    scene.omitted = not back
    session.add(scene)
    session.flush()
    return scene


def _last_number(*, session: Session, production_id: str) -> int:
    last = session.exec(
        select(func.max(Scene.number)).where(Scene.production_id == production_id)
    ).one()
    return last or 0
