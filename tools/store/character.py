"""Characters and their looks.

Knows the two tables and their queries; must not know what a brief says nor how it is worded.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, select

from tools.contracts.model import Name
from tools.errors import BadInput, UnknownName
from tools.store.lora_version import LoraVersion, get_lora_version, newest_lora_version
from tools.store.model import StoreModel, canonical_json, new_id, now

DEFAULT_LOOK = "default"
LONGEST_WORDS = 1200


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
    lora_version_id: str | None = Field(default=None, max_length=32)
    """The version chosen to draw with; None means the newest. Without a foreign key, because
    versions name their character: two tables that name each other cannot be made in any order."""
    created_at: datetime = Field(default_factory=now)


class LookBase(StoreModel):
    """What a look is made with."""

    character_id: str = Field(foreign_key="character.id", index=True)
    name: str = Field(default=DEFAULT_LOOK, min_length=1, max_length=60)
    words: str = Field(default="", max_length=LONGEST_WORDS)
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


def update_brief(*, session: Session, character_id: str, brief: BaseModel) -> Character:
    """Store another brief in place of the character's.

    Raises:
        UnknownName: there is no such character.
    """
    row = _lock(session=session, character_id=character_id)
    row.brief = canonical_json(brief)
    session.add(row)
    session.flush()
    return row


def choose_lora(*, session: Session, character_id: str, version: int | None) -> Character:
    """Draw with this version from now on; None goes back to the newest.

    Raises:
        UnknownName: there is no such character or version; the message lists the versions.
    """
    row = _lock(session=session, character_id=character_id)
    if version is None:
        row.lora_version_id = None
    else:
        lora = get_lora_version(session=session, character_id=row.id, version=version)
        row.lora_version_id = lora.id
    session.add(row)
    session.flush()
    return row


def lora_in_use(
    *, session: Session, character: Character, bases: Collection[str] | None = None
) -> LoraVersion | None:
    """Return the chosen version, else the newest.

    A version chosen for another base says nothing about this one: its newest is taken.

    Args:
        session: of the store.
        character: whose.
        bases: whose adapters a base takes (`BaseCatalog.adapter_bases`); None for any version.
    """
    if character.lora_version_id is not None:
        chosen = session.get(LoraVersion, character.lora_version_id)
        if chosen is not None and (bases is None or chosen.draws_on(bases)):
            return chosen
    return newest_lora_version(session=session, character_id=character.id, bases=bases)


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


def update_look(*, session: Session, look_id: str, words: str) -> Look:
    """Store other words in place of the look's.

    Raises:
        UnknownName: there is no such look.
        BadInput: more than 1200 characters.
    """
    if len(words) > LONGEST_WORDS:
        raise BadInput(
            f"a look takes {LONGEST_WORDS} characters and this has {len(words)}; say less"
        )
    row = session.get(Look, look_id, with_for_update=True)
    if row is None:
        raise UnknownName(f"no look {look_id}")
    row.words = words
    session.add(row)
    session.flush()
    return row


def _lock(*, session: Session, character_id: str) -> Character:
    row = session.get(Character, character_id, with_for_update=True)
    if row is None:
        raise UnknownName(f"no character {character_id}")
    return row
