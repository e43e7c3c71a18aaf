"""A character's LoRA versions: list them, and choose the one that draws.

Knows rows; must not know how an adapter is trained.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.services import Services
from tools.store.character import choose_lora, get_character, lora_in_use
from tools.store.lora_version import LoraVersion, get_lora_version, list_lora_versions
from tools.store.reference_set import get_set
from tools.workflows.digest import production_row


@dataclass(frozen=True)
class VersionLine:
    """One version as it is listed."""

    lora: LoraVersion
    set_version: int
    in_use: bool


def version_lines(
    services: Services, production: str, name: str, base: str
) -> tuple[VersionLine, ...]:
    """Return a character's versions, oldest first; at most one is in use on the base.

    Raises:
        UnknownName: no such character.
    """
    row = production_row(services, production)
    bases = services.catalog.adapter_bases(base)
    with services.database.reading() as session:
        character = get_character(session=session, production_id=row.id, name=name)
        used = lora_in_use(session=session, character=character, bases=bases)
        return tuple(
            VersionLine(
                lora=lora,
                set_version=get_set(session=session, set_id=lora.reference_set_id).version,
                in_use=used is not None and used.id == lora.id,
            )
            for lora in list_lora_versions(session=session, character_id=character.id)
        )


def use_version(services: Services, production: str, name: str, version: int) -> LoraVersion:
    """Draw with this version from now on.

    Raises:
        UnknownName: no such character or version; the message lists those there are.
    """
    row = production_row(services, production)
    with services.database.session() as session:
        character = get_character(session=session, production_id=row.id, name=name)
        found = get_lora_version(session=session, character_id=character.id, version=version)
        choose_lora(session=session, character_id=character.id, version=version)
        return found
