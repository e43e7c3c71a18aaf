"""Characters and their looks.

Knows the two tables and their queries; must not know what a brief says nor how it is worded.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, select

from tools.contracts.model import Name
from tools.errors import BadInput, UnknownName
from tools.store.model import StoreModel, canonical_json, new_id, now

DEFAULT_LOOK = "default"


class CharacterBase(StoreModel):
    """What a character is made with."""

    production_id: str = Field(foreign_key="production.id", index=True)
    name: Name
    brief: str
    """JSON of the character's brief."""


class CharacterCreate(CharacterBase):
    """A checked character that is not stored yet."""

    @classmethod
    def of(cls, *, production_id: str, name: str, brief: BaseModel) -> CharacterCreate:
        """Build one from its typed brief."""
        return cls(production_id=production_id, name=name, brief=canonical_json(brief))


class Character(CharacterBase, table=True):
    """A stored character; its name is unique within the production."""

    __tablename__ = "character"
    __table_args__ = (UniqueConstraint("production_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(default_factory=now)


class LookBase(StoreModel):
    """What a look is made with."""

    character_id: str = Field(foreign_key="character.id", index=True)
    name: str = Field(default=DEFAULT_LOOK, min_length=1, max_length=60)
    words: str = Field(default="", max_length=1200)
    """Wardrobe, hair-styling, injuries, ageing in plain words."""


class LookCreate(LookBase):
    """A checked look that is not stored yet."""


class Look(LookBase, table=True):
    """A stored look; its name is unique for the character."""

    __tablename__ = "look"
    __table_args__ = (UniqueConstraint("character_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(default_factory=now)


def add_character(*, session: Session, character: CharacterCreate) -> Character:
    """Store a new character.

    Raises:
        BadInput: the production has a character of this name.
    """
    taken = find_character(
        session=session, production_id=character.production_id, name=character.name
    )
    if taken is not None:
        raise BadInput(f"a character named {character.name!r} exists; choose another name")
    row = Character.model_validate(character)
    session.add(row)
    session.flush()
    return row


def find_character(*, session: Session, production_id: str, name: str) -> Character | None:
    """Return the production's character of this name, if any."""
    return session.exec(
        select(Character).where(Character.production_id == production_id, Character.name == name)
    ).first()


def get_character(*, session: Session, production_id: str, name: str) -> Character:
    """Return the production's character of this name.

    Raises:
        UnknownName: there is none; the message lists those that exist.
    """
    character = find_character(session=session, production_id=production_id, name=name)
    if character is None:
        rows = list_characters(session=session, production_id=production_id)
        known = ", ".join(row.name for row in rows) or "none yet"
        raise UnknownName(f"no character named {name!r}; there are: {known}")
    return character


def list_characters(*, session: Session, production_id: str) -> list[Character]:
    """Return the production's characters by name."""
    return list(
        session.exec(
            select(Character)
            .where(Character.production_id == production_id)
            .order_by(Character.name)
        )
    )


def add_look(*, session: Session, look: LookCreate) -> Look:
    """Store a new look.

    Raises:
        BadInput: the character has a look of this name.
    """
    if find_look(session=session, character_id=look.character_id, name=look.name) is not None:
        raise BadInput(f"a look named {look.name!r} exists; choose another name")
    row = Look.model_validate(look)
    session.add(row)
    session.flush()
    return row


def find_look(*, session: Session, character_id: str, name: str = DEFAULT_LOOK) -> Look | None:
    """Return the character's look of this name, if any."""
    return session.exec(
        select(Look).where(Look.character_id == character_id, Look.name == name)
    ).first()


def list_looks(*, session: Session, character_id: str) -> list[Look]:
    """Return the character's looks by name."""
    return list(
        session.exec(select(Look).where(Look.character_id == character_id).order_by(Look.name))
    )
