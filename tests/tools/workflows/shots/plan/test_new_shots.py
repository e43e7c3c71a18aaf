from __future__ import annotations

import pytest

from tests.support.filled_studio import plan, shot
from tools.errors import BadInput, UnknownName
from tools.services import Services
from tools.workflows.digest import studio_digest
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.plan.new_shots import preview_new_shots, store_new_shots
from tools.workflows.shots.shoot.in_frame import NO_SLATE

BARE = shot(NO_SLATE).model_copy(update={"light": None})


def slates(services: Services) -> list[str]:
    return [
        each.slate for scene in studio_digest(services, "studio").scenes for each in scene.shots
    ]


def test_described_shots_get_the_next_slates_and_what_they_leave_open_from_the_scene(
    services: Services, daro: LoadedCharacter
) -> None:
    plan(services, shot("4A"))
    shown = preview_new_shots(services, "studio", [BARE, BARE], 4)
    assert slates(services) == ["4A"], "a preview stores nothing"
    stored = store_new_shots(services, "studio", [BARE, BARE], 4)
    assert stored == shown
    assert [each.slate for each in stored] == ["4B", "4C"]
    assert {(each.place, each.light) for each in stored} == {("a cafe", "soft window light")}
    assert slates(services) == ["4A", "4B", "4C"]


def test_without_a_number_the_newest_scene_is_meant_and_else_the_first_opened(
    services: Services, daro: LoadedCharacter
) -> None:
    [first] = store_new_shots(services, "studio", [BARE], None)
    assert first.slate == "1A"
    plan(services, shot("9A"))
    [next_] = store_new_shots(services, "studio", [BARE], None)
    assert next_.slate == "9B"
    [opened] = store_new_shots(services, "studio", [BARE], 12)
    assert opened.slate == "12A"


def test_strangers_and_looks_that_nobody_has_are_refused_before_anything_is_stored(
    services: Services, daro: LoadedCharacter
) -> None:
    with pytest.raises(UnknownName, match="Mara is not in the cast; there are: Daro"):
        store_new_shots(services, "studio", [BARE, shot(NO_SLATE, "Mara")], 1)
    two = shot(NO_SLATE, "Daro", "Daro")
    with pytest.raises(BadInput, match="the shot has Daro and Daro in frame"):
        store_new_shots(services, "studio", [two], 1)
    [member] = BARE.cast
    winter = BARE.model_copy(update={"cast": (member.model_copy(update={"look": "winter"}),)})
    with pytest.raises(UnknownName, match="winter"):
        store_new_shots(services, "studio", [winter], 1)
    assert slates(services) == []
