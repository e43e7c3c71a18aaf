"""Which LoRA version draws a character, and which set its takes are held against."""

from __future__ import annotations

from tools.contracts.shooting import CharacterAdapter
from tools.errors import UnknownName
from tools.services import Services
from tools.store.character import get_character, lora_in_use
from tools.store.lora_version import get_lora_version
from tools.workflows.people.characters import load_character


def adapter_of(
    services: Services,
    production: str,
    name: str,
    base: str,
    version: int | None = None,
) -> CharacterAdapter:
    """Return the named version, else the chosen or newest of a base, with the set it was trained on.

    Args:
        services: the studio.
        production: the film or series.
        name: the character.
        base: the base to draw with.
        version: LoRA version; None takes the one chosen for the character where it draws on that base,
            else the base's newest.

    Raises:
        UnknownName: no such character or version, or none draws on this base.
    """
    character = load_character(services, production, name)
    bases = services.catalog.adapter_bases(base)
    with services.database.reading() as session:
        row = get_character(
            session=session, production_id=character.production_id, name=character.name
        )
        lora = (
            lora_in_use(session=session, character=row, bases=bases)
            if version is None
            else get_lora_version(session=session, character_id=character.id, version=version)
        )
    if lora is None or not lora.draws_on(bases):
        raise UnknownName(
            f"{name} has no LoRA for {base} yet; run `samecast train {name}`, or `samecast shoot --sketch`"
        )
    return CharacterAdapter(
        character=name, reference_set_id=lora.reference_set_id, lora_version_id=lora.id
    )
