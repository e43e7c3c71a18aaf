"""Captions by the same renderer as prompts."""

from __future__ import annotations

from tools.contracts.photography import Expression, Framing
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.prompt.anchor import split_anchor
from tools.language.prompt.identity import WrittenIdentity
from tools.language.prompt.prompt import (
    PersonInFrame,
    compose_prompt,
    reference_caption,
    regularisation_caption,
    sheet_prompt,
)
from tools.language.prompt.vocabulary import load_vocabulary

MAQUETTE = load_vocabulary("maquette")
BLOCK = WrittenIdentity(text="tan skin, green eyes", subject="young man", class_noun="man")
DARO = PersonInFrame(name="Daro", block=BLOCK, signature_light="candlelight")
SHOT = ShotRequest(
    slate="1A",
    framing=Framing.CLOSE_UP,
    expression=Expression.SAD,
    light="moonlight",
    place="forest",
    cast=(CharacterInShot(character="Daro"),),
)


def test_the_trigger_stands_first_and_the_prompt_follows_unchanged() -> None:
    composed = compose_prompt(SHOT, [DARO], MAQUETTE)
    assert reference_caption("Daro", composed) == f"Daro, {composed.text}"


def test_the_regularisation_caption_is_the_same_scene_of_the_class() -> None:
    composed = compose_prompt(SHOT, [DARO], MAQUETTE)
    scene, _ = split_anchor(composed.text, composed.cast)
    caption = regularisation_caption(SHOT, [DARO], MAQUETTE)
    assert caption == scene.replace("a young man", "a man")
    assert caption == "close-up film still of a man, sad, moonlight, forest"


def test_the_sheet_keeps_its_words_and_closes_with_the_anchor() -> None:
    sheet = sheet_prompt(DARO, MAQUETTE)
    assert sheet.text == (
        "character sheet, six portraits of the same young man, candlelight, "
        "grey studio backdrop, SAME Daro: tan skin, green eyes; lit by candlelight"
    )
    assert sheet.removed == ()


def test_light_and_place_of_a_sheet_are_said_in_the_bases_words() -> None:
    sheet = sheet_prompt(DARO, MAQUETTE, light="overcast", place="a cellar")
    assert "overcast daylight, dark background, SAME" in sheet.text
    assert sheet.cast[0].light == "overcast daylight"
