from __future__ import annotations

import pytest

from tools.errors import BadInput
from tools.services import Services
from tools.workflows.digest import studio_digest
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.plan.plan_shots import plan_shots

BAR = "INT. BAR - NIGHT\n\nDaro sits at the counter."
TWO = f"{BAR}\n\nEXT. HARBOUR - DAY\n\nDaro waits for the boat."


def numbers(services: Services) -> list[int]:
    return [scene.number for scene in studio_digest(services, "studio").scenes]


def test_a_scene_is_stored_with_the_shots_that_cover_it(
    services: Services, daro: LoadedCharacter
) -> None:
    planned = plan_shots(services, "studio", BAR)
    assert (planned.scene, planned.is_new_scene, planned.further) == (1, True, ())
    assert [each.card.slate for each in planned.shots] == [
        f"1{letter}" for letter in "ABCDEFGH"[: len(planned.shots)]
    ]
    assert planned.brief.place == "bar"
    assert any("sits at the counter" in " ".join(each.covers) for each in planned.shots)
    further = plan_shots(services, "studio", "Daro laughs.", scene=1)
    assert not further.is_new_scene
    assert further.shots[0].card.slate == f"1{'ABCDEFGH'[len(planned.shots)]}"
    assert further.shots[0].card.place == "bar", "what is left open, the scene says"


def test_each_heading_begins_a_scene(services: Services, daro: LoadedCharacter) -> None:
    planned = plan_shots(services, "studio", TWO, scene=4)
    assert [each.scene for each in planned.scenes] == [4, 5]
    assert [each.brief.place for each in planned.scenes] == ["bar", "harbour"]
    assert numbers(services) == [4, 5]


def test_a_scene_without_anybody_of_the_cast_stores_nothing(
    services: Services, daro: LoadedCharacter
) -> None:
    planned = plan_shots(services, "studio", "Mara kisses Tom.")
    assert (planned.scene, planned.shots) == (None, ())
    assert set(planned.unknown) == {"Mara", "Tom"}
    assert numbers(services) == []


def test_too_many_shots_store_none(services: Services, daro: LoadedCharacter) -> None:
    with pytest.raises(BadInput, match="101 shots at once; plan the scene in parts of 100"):
        plan_shots(services, "studio", "Daro sits. " * 101)
    assert numbers(services) == []
