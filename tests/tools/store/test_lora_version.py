from __future__ import annotations

import pytest
from sqlmodel import Session

from tools.errors import UnknownName
from tools.store.character import Character
from tools.store.lora_version import (
    LoraVersionCreate,
    add_lora_version,
    get_lora_version,
    list_lora_versions,
    newest_lora_version,
)
from tools.store.reference_set import (
    Origin,
    ReferenceSet,
    start_set,
)


@pytest.fixture
def reference_set(session: Session, character: Character) -> ReferenceSet:
    return start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)


def lora(character: Character, reference_set: ReferenceSet, digit: str) -> LoraVersionCreate:
    return LoraVersionCreate(
        character_id=character.id,
        reference_set_id=reference_set.id,
        base="maquette",
        architecture="sdxl",
        trained_on="maquette",
        config="{}",
        seed=7,
        digest=digit * 64,
        steps=10,
        seconds=1.5,
    )


def test_lora_versions_count_up_and_a_repeat_is_the_same_row(
    session: Session, character: Character, reference_set: ReferenceSet
) -> None:
    first = add_lora_version(session=session, lora=lora(character, reference_set, "a"))
    again = add_lora_version(session=session, lora=lora(character, reference_set, "a"))
    second = add_lora_version(session=session, lora=lora(character, reference_set, "b"))
    assert first == again
    assert [first.version, second.version] == [1, 2]
    assert newest_lora_version(session=session, character_id=character.id) == second
    assert newest_lora_version(session=session, character_id=character.id, bases=["sdxl"]) is None
    assert get_lora_version(session=session, character_id=character.id, version=1) == first
    assert len(list_lora_versions(session=session, character_id=character.id)) == 2
    with pytest.raises(UnknownName, match="no LoRA v3 of this character; there are: v1, v2"):
        get_lora_version(session=session, character_id=character.id, version=3)


def test_one_from_elsewhere_says_where_it_is_from_and_draws_where_its_base_does(
    session: Session, character: Character, reference_set: ReferenceSet
) -> None:
    mine = add_lora_version(session=session, lora=lora(character, reference_set, "a"))
    theirs = LoraVersionCreate(
        character_id=character.id,
        reference_set_id=reference_set.id,
        base="sdxl",
        architecture="sdxl",
        trained_on="sdxl-base",
        lineage="brought in from mara.safetensors",
        digest="c" * 64,
    )
    found = add_lora_version(session=session, lora=theirs)
    assert (mine.brought_in, found.brought_in) == (False, True)
    assert mine.origin == "10 steps on maquette"
    assert found.origin == "brought in for sdxl, trained on sdxl-base"
    assert [found.draws_on([base]) for base in ("sdxl", "sdxl-base", "maquette")] == [
        True,
        True,
        False,
    ]
    for base, newest in (("sdxl-base", found), ("sdxl", found), ("maquette", mine)):
        asked = newest_lora_version(session=session, character_id=character.id, bases=[base])
        assert asked == newest
    unknown = found.model_copy(update={"trained_on": None})
    assert unknown.origin == "brought in for sdxl, trained on what is not known"
