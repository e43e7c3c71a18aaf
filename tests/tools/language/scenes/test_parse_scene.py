"""Scenes from sluglines, labels and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import SceneBrief, SceneCast
from tools.errors import BadInput
from tools.language.scenes.parse_scene import parse_scene


def test_plain_sentences() -> None:
    scene = parse_scene("Scene 12. Mara reads a letter in the old kitchen at dawn. Handheld, 35mm.")
    assert (scene.number, scene.place, scene.light, scene.action) == (
        12,
        "old kitchen",
        "dawn",
        "reads a letter",
    )
    assert scene.cast == (SceneCast(character="Mara"),)
    assert scene.style == ("Handheld", "35mm")


def test_a_slugline_and_looks() -> None:
    scene = parse_scene("12. INT. WAREHOUSE - NIGHT\nMara (winter) hands Jonah a torch.")
    assert (scene.number, scene.place, scene.light) == (12, "warehouse", "night")
    assert scene.cast == (SceneCast(character="Mara", look="winter"), SceneCast(character="Jonah"))
    assert scene.action == "Mara hands Jonah a torch"


def test_labels() -> None:
    scene = parse_scene(
        "Place: stone hall\nLight: candlelight\nCast: Mara (winter look), Jonah\nAction: they argue"
    )
    assert (scene.place, scene.light, scene.action) == ("stone hall", "candlelight", "they argue")
    assert [member.look for member in scene.cast] == ["winter", "default"]


def test_words_that_no_slot_takes_are_kept() -> None:
    scene = parse_scene("A quiet harbour under moonlight, boats knocking together.")
    assert scene.free_words == ("boats knocking together",)


def test_known_names_decide_who_is_in_the_scene() -> None:
    scene = parse_scene("In the forest, Mara waits for Tuesday.", known=["Mara", "Jonah"])
    assert scene.cast == (SceneCast(character="Mara"),)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4001])
def test_an_empty_or_endless_scene_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="1 to 4000 characters; say place, light"):
        parse_scene(text)


@given(st.text(min_size=1, max_size=300))
def test_any_text_is_read_or_refused_and_always_in_the_same_way(text: str) -> None:
    def outcome() -> SceneBrief | str:
        try:
            return parse_scene(text)
        except BadInput as error:
            return str(error)

    assert outcome() == outcome()
