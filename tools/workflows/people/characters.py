"""A character as the other workflows need it: rows, brief, and the words for a base.

Knows store and language; must not know pictures or models. The identity block is written once for
a look and a base's vocabulary, stored, and read back byte for byte ever after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.contracts.briefs import CharacterBrief, ProductionStyle
from tools.errors import UnknownName
from tools.language.names import trigger_of
from tools.language.prompt.identity import WrittenIdentity, identity_block, in_other_clothes
from tools.language.prompt.prompt import PersonInFrame
from tools.language.prompt.vocabulary import Vocabulary, load_vocabulary
from tools.services import Services
from tools.store.character import (
    DEFAULT_LOOK,
    Character,
    Look,
    LookCreate,
    add_look,
    find_look,
    get_character,
)
from tools.store.identity_block import (
    IdentityBlockCreate,
    block_in_force,
    confirm_block,
    propose_block,
)
from tools.store.production import Production, ProductionCreate, add_production, find_production
from tools.store.reference_set import ReferenceSet, list_images, newest_set

if TYPE_CHECKING:
    from sqlmodel import Session

DEFAULT_PRODUCTION = "studio"


@dataclass(frozen=True)
class LoadedCharacter:
    """A stored character with its typed brief and its production's style."""

    id: str
    production_id: str
    brief: CharacterBrief
    style: ProductionStyle

    @property
    def name(self) -> str:
        """The character's name as people read it."""
        return self.brief.name

    @property
    def trigger(self) -> str:
        """The word that stands for the character in prompts and captions."""
        return trigger_of(self.brief.name)


def ensure_production(session: Session, name: str) -> Production:
    """Return the production of this name; a new one starts without a locked style."""
    found = find_production(session=session, name=name)
    if found is not None:
        return found
    return add_production(
        session=session, production=ProductionCreate.of(name=name, style=ProductionStyle())
    )


def load_character(services: Services, production: str, name: str) -> LoadedCharacter:
    """Read a character.

    Raises:
        UnknownName: no such production or character; the message lists those there are.
    """
    with services.database.session() as session:
        row = ensure_production(session, production)
        character = get_character(session=session, production_id=row.id, name=name)
        return loaded(row, character)


def loaded(production: Production, character: Character) -> LoadedCharacter:
    """Give stored JSON its types back."""
    return LoadedCharacter(
        id=character.id,
        production_id=production.id,
        brief=CharacterBrief.model_validate_json(character.brief),
        style=ProductionStyle.model_validate_json(production.style),
    )


def person_in_frame(
    services: Services,
    character: LoadedCharacter,
    vocabulary: Vocabulary,
    look: str = DEFAULT_LOOK,
    *,
    garment: str | None = None,
) -> PersonInFrame:
    """Return the character as a prompt needs it, with the locked block of the look.

    With a garment in place of the look's, the block is written for once and not locked.
    """
    if garment is not None:
        block = in_other_clothes(character.brief, look, vocabulary, garment)
    else:
        fresh = identity_block(character.brief, look, vocabulary)
        with services.database.session() as session:
            text = _locked_text(session, character.id, look, vocabulary.name, fresh)
        block = fresh.model_copy(update={"text": text})
    return PersonInFrame(
        name=character.name, block=block, signature_light=character.brief.signature_light
    )


def vocabulary_of(services: Services, base: str) -> Vocabulary:
    """Return the prompt rules of a base."""
    return load_vocabulary(services.catalog.row(base).vocabulary)


def _locked_text(
    session: Session, character_id: str, look: str, vocabulary: str, fresh: WrittenIdentity
) -> str:
    """The first wording is in force at once; later ones are proposed and confirmed elsewhere."""
    row = _ensure_look(session, character_id, look)
    block = block_in_force(session=session, look_id=row.id, vocabulary=vocabulary)
    if block is None:
        proposed = propose_block(
            session=session,
            block=IdentityBlockCreate(
                character_id=character_id, look_id=row.id, vocabulary=vocabulary, text=fresh.text
            ),
        )
        block = confirm_block(session=session, block_id=proposed.id)
    return block.text


def _ensure_look(session: Session, character_id: str, name: str) -> Look:
    found = find_look(session=session, character_id=character_id, name=name)
    return found or add_look(session=session, look=LookCreate(character_id=character_id, name=name))


def newest_reference_set(services: Services, production: str, name: str) -> ReferenceSet:
    """Return a character's newest reference set.

    Raises:
        UnknownName: no such character, or it has no set yet.
    """
    character = load_character(services, production, name)
    with services.database.reading() as session:
        found = newest_set(session=session, character_id=character.id)
    if found is None:
        raise UnknownName(f"{name} has no reference set yet; run `samecast references {name}`")
    return found


def count_references(services: Services, set_id: str) -> int:
    """Return how many images of a set are kept."""
    with services.database.reading() as session:
        return len(list_images(session=session, set_id=set_id))
