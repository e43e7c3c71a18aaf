"""Make a character from a brief: typed slots, stored, with the identity block for a base."""

from __future__ import annotations

from tools.contracts.briefs import CharacterBrief
from tools.contracts.model import Contract
from tools.contracts.shots import Replacement
from tools.services import Services
from tools.store.character import CharacterCreate, add_character, find_character
from tools.workflows.people.characters import (
    DEFAULT_PRODUCTION,
    ensure_production,
    loaded,
    person_in_frame,
    vocabulary_of,
)


class CreateRequest(Contract):
    """A brief to store."""

    brief: CharacterBrief
    production: str = DEFAULT_PRODUCTION
    base: str = "maquette"
    """The base whose words the identity block is first written in."""


class CreatedCharacter(Contract):
    """What was understood, and what was not."""

    character_id: str
    name: str
    trigger: str
    """The word that stands for the character in prompts and captions."""
    production: str
    identity_block: str
    subject: str
    free_words: tuple[str, ...]
    """Words of the brief that no slot took."""
    replaced: tuple[Replacement, ...]
    left_out: tuple[str, ...]


def create(services: Services, request: CreateRequest) -> CreatedCharacter:
    """Store a character; the very same brief again gives the character that is there.

    Raises:
        BadInput: another character of this name exists.
        UnknownName: no such base.
    """
    vocabulary = vocabulary_of(services, request.base)
    with services.database.session() as session:
        production = ensure_production(session, request.production)
        row = find_character(session=session, production_id=production.id, name=request.brief.name)
        if row is None or loaded(production, row).brief != request.brief:
            row = add_character(
                session=session,
                character=CharacterCreate.of(
                    production_id=production.id, name=request.brief.name, brief=request.brief
                ),
            )
        character = loaded(production, row)
    person = person_in_frame(services, character, vocabulary)
    return CreatedCharacter(
        character_id=character.id,
        name=character.name,
        trigger=character.trigger,
        production=request.production,
        identity_block=person.block.text,
        subject=person.block.subject,
        free_words=request.brief.free_words,
        replaced=person.block.replaced,
        left_out=person.block.left_out,
    )
