from __future__ import annotations

import pytest

from tools.errors import BadInput
from tools.services import Services
from tools.workflows.people.change_character import PlannedChange, plan_change, store_change
from tools.workflows.people.characters import (
    LoadedCharacter,
    load_character,
    person_in_frame,
    vocabulary_of,
)


def planned(services: Services, words: str, look: str | None = None) -> PlannedChange:
    return plan_change(services, "studio", "Daro", "maquette", words, look)


def block(services: Services, base: str, look: str = "default") -> str:
    daro = load_character(services, "studio", "Daro")
    return person_in_frame(services, daro, vocabulary_of(services, base), look).block.text


def test_a_plan_shows_both_blocks_and_stores_nothing(
    services: Services, daro: LoadedCharacter
) -> None:
    before = block(services, "maquette")
    change = planned(services, "blue eyes")
    assert (change.look, change.is_new_look, change.changes_nothing) == ("default", False, False)
    assert change.before.text == before
    assert "green eyes" in change.before.text
    assert "blue eyes" in change.after.text
    assert block(services, "maquette") == before
    assert planned(services, "green eyes").changes_nothing


def test_a_stored_change_words_every_bases_block_anew(
    services: Services, daro: LoadedCharacter
) -> None:
    bases = ("maquette", "sdxl")
    assert all("green eyes" in block(services, base) for base in bases)
    change = planned(services, "blue eyes")
    store_change(services, change, "maquette")
    assert block(services, "maquette") == change.after.text
    assert all("blue eyes" in block(services, base) for base in bases)
    assert load_character(services, "studio", "Daro").brief.eyes == "blue eyes"


def test_a_look_is_made_beside_the_default_one(services: Services, daro: LoadedCharacter) -> None:
    before = block(services, "maquette")
    change = planned(services, "a red suit", "gala")
    assert (change.look, change.is_new_look) == ("gala", True)
    store_change(services, change, "maquette")
    assert "red suit" in block(services, "maquette", "gala")
    assert block(services, "maquette") == before
    assert not planned(services, "a split lip", "gala").is_new_look


def test_what_is_not_understood_or_names_the_default_look_is_refused(
    services: Services, daro: LoadedCharacter
) -> None:
    for words, look in (("qwxz", None), ("a red suit", "default")):
        with pytest.raises(BadInput):
            planned(services, words, look)
