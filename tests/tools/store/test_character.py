from __future__ import annotations

import json

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tools.contracts.model import Size
from tools.errors import BadInput, UnknownName
from tools.store.character import (
    Character,
    CharacterCreate,
    Look,
    LookCreate,
    add_character,
    add_look,
    choose_lora,
    find_look,
    get_character,
    list_characters,
    list_looks,
    lora_in_use,
    update_brief,
    update_look,
)
from tools.store.lora_version import LoraVersion, LoraVersionCreate, add_lora_version
from tools.store.production import Production, ProductionCreate, add_production, get_production
from tools.store.reference_set import Origin, start_set


def create(production: Production, name: str) -> CharacterCreate:
    return CharacterCreate(production_id=production.id, name=name, brief="{}")


@pytest.fixture
def versions(session: Session, character: Character) -> list[LoraVersion]:
    """Versions 1 and 2 on the maquette, 3 on sdxl."""
    reference_set = start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)
    return [
        add_lora_version(
            session=session,
            lora=LoraVersionCreate(
                character_id=character.id,
                reference_set_id=reference_set.id,
                base=base,
                architecture="sdxl",
                trained_on=base,
                config="{}",
                seed=1,
                digest=digest * 64,
                steps=10,
                seconds=1,
            ),
        )
        for base, digest in (("maquette", "a"), ("maquette", "b"), ("sdxl", "c"))
    ]


def test_a_character_keeps_its_brief(session: Session, character: Character) -> None:
    found = get_character(session=session, production_id=character.production_id, name="Mara")
    assert json.loads(found.brief) == {"words": "a welder"}


def test_a_name_is_unique_within_its_production_only(
    session: Session, production: Production, character: Character
) -> None:
    with pytest.raises(BadInput, match="'Mara' exists"):
        add_character(session=session, character=create(production, "Mara"))
    other = add_production(session=session, production=ProductionCreate(name="Reef", style="{}"))
    add_character(session=session, character=create(other, "Mara"))
    assert len(list_characters(session=session, production_id=production.id)) == 1


def test_an_unknown_name_lists_the_known_ones(
    session: Session, production: Production, character: Character
) -> None:
    with pytest.raises(UnknownName, match="no character named 'Nora'; there are: Mara"):
        get_character(session=session, production_id=production.id, name="Nora")
    with pytest.raises(UnknownName, match="no production named 'Reef'; there are: Harbour"):
        get_production(session=session, name="Reef")


def test_a_production_name_is_unique(session: Session, production: Production) -> None:
    with pytest.raises(BadInput, match="'Harbour' exists"):
        add_production(session=session, production=ProductionCreate(name="Harbour", style="{}"))


@pytest.mark.parametrize("name", ["", "x" * 41, "7even", "Mara!"])
def test_a_name_that_cannot_be_a_trigger_is_refused(production: Production, name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        create(production, name)


def test_looks_are_named_once(session: Session, character: Character, look: Look) -> None:
    add_look(session=session, look=LookCreate(character_id=character.id, name="no scarf"))
    with pytest.raises(BadInput, match="'default' exists"):
        add_look(session=session, look=LookCreate(character_id=character.id))
    names = [row.name for row in list_looks(session=session, character_id=character.id)]
    assert names == ["default", "no scarf"]
    assert find_look(session=session, character_id=character.id) == look


def test_a_brief_and_a_look_are_rewritten(
    session: Session, character: Character, look: Look
) -> None:
    update_brief(session=session, character_id=character.id, brief=Size(width=64, height=128))
    assert json.loads(character.brief) == {"width": 64, "height": 128}
    assert update_look(session=session, look_id=look.id, words="no scarf").words == "no scarf"
    with pytest.raises(BadInput, match="takes 1200 characters and this has 1201"):
        update_look(session=session, look_id=look.id, words="x" * 1201)
    assert look.words == "no scarf"
    with pytest.raises(UnknownName, match="no look none"):
        update_look(session=session, look_id="none", words="")
    with pytest.raises(UnknownName, match="no character none"):
        update_brief(session=session, character_id="none", brief=Size(width=64, height=64))


def test_the_newest_version_is_in_use_until_one_is_chosen(
    session: Session, character: Character, versions: list[LoraVersion]
) -> None:
    first, second, third = versions

    def in_use(*bases: str) -> LoraVersion | None:
        return lora_in_use(session=session, character=character, bases=bases or None)

    assert (in_use(), in_use("maquette"), in_use("flux-schnell")) == (third, second, None)
    choose_lora(session=session, character_id=character.id, version=1)
    assert (in_use(), in_use("maquette"), in_use("sdxl")) == (first, first, third)
    choose_lora(session=session, character_id=character.id, version=None)
    assert in_use() == third


def test_a_version_that_does_not_exist_is_not_chosen(
    session: Session, character: Character, versions: list[LoraVersion]
) -> None:
    with pytest.raises(UnknownName, match="no LoRA v7 of this character; there are: v1, v2, v3"):
        choose_lora(session=session, character_id=character.id, version=7)
    with pytest.raises(UnknownName, match="no character none"):
        choose_lora(session=session, character_id="none", version=1)
    assert character.lora_version_id is None
