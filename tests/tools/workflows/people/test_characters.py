from __future__ import annotations

import pytest

from tests.support.filled_studio import trained
from tests.support.micro_studio import frame
from tools.errors import UnknownName
from tools.language.prompt.vocabulary import load_vocabulary
from tools.services import Services
from tools.store.character import update_brief
from tools.workflows.people.characters import (
    LoadedCharacter,
    count_references,
    load_character,
    newest_reference_set,
    person_in_frame,
    vocabulary_of,
)


def test_a_character_is_read_with_its_types(services: Services, daro: LoadedCharacter) -> None:
    found = load_character(services, "studio", "Daro")
    assert found == daro
    assert (found.name, found.trigger, found.brief.hair) == ("Daro", "Daro", "short black hair")
    with pytest.raises(UnknownName, match="no character named 'Mara'; there are: Daro"):
        load_character(services, "studio", "Mara")


def test_the_first_wording_is_locked_whatever_the_brief_says_later(
    services: Services, daro: LoadedCharacter
) -> None:
    vocabulary = load_vocabulary("maquette")
    first = person_in_frame(services, daro, vocabulary).block.text
    with services.database.session() as session:
        other = daro.brief.model_copy(update={"hair": "long red hair"})
        update_brief(session=session, character_id=daro.id, brief=other)
    changed = load_character(services, "studio", "Daro")
    assert changed.brief.hair == "long red hair"
    assert person_in_frame(services, changed, vocabulary).block.text == first
    assert "long red hair" in person_in_frame(services, changed, load_vocabulary("sdxl")).block.text


def test_the_newest_set_and_how_many_images_it_keeps(
    services: Services, daro: LoadedCharacter
) -> None:
    with pytest.raises(UnknownName, match="Daro has no reference set yet; run `samecast referenc"):
        newest_reference_set(services, "studio", "Daro")
    trained(services, base="maquette")
    version = trained(services, base="maquette", frames=[frame(2, 0), frame(2, 5)])
    found = newest_reference_set(services, "studio", "Daro")
    assert (found.id, found.version) == (version.reference_set_id, 2)
    assert count_references(services, found.id) == 2


def test_a_base_has_its_prompt_rules(services: Services) -> None:
    assert vocabulary_of(services, "sdxl").name == "sdxl"
    with pytest.raises(UnknownName, match="no base named 'dalle'"):
        vocabulary_of(services, "dalle")
