from __future__ import annotations

import pytest

from tests.support.filled_studio import trained
from tools.errors import UnknownName
from tools.services import Services
from tools.store.character import choose_lora
from tools.workflows.lora.adapters import adapter_of
from tools.workflows.people.characters import LoadedCharacter


def test_the_named_else_the_chosen_else_the_newest_version_draws(
    services: Services, daro: LoadedCharacter
) -> None:
    first, second = (trained(services, base="maquette") for _ in range(2))
    with services.database.session() as session:
        second = session.merge(second)
    assert adapter_of(services, "studio", "Daro", "maquette").lora_version_id == second.id
    named = adapter_of(services, "studio", "Daro", "maquette", 1)
    assert (named.lora_version_id, named.reference_set_id) == (first.id, first.reference_set_id)
    with services.database.session() as session:
        choose_lora(session=session, character_id=daro.id, version=1)
    assert adapter_of(services, "studio", "Daro", "maquette").lora_version_id == first.id


def test_a_version_of_another_base_does_not_draw(services: Services, daro: LoadedCharacter) -> None:
    trained(services, base="sdxl")
    for version in (None, 1):
        with pytest.raises(UnknownName, match="Daro has no LoRA for maquette yet"):
            adapter_of(services, "studio", "Daro", "maquette", version)
