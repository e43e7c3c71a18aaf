"""Shots in words: order of slots, lights, two people, and what a base does not understand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import ProductionStyle
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.shots import CharacterInShot, ComposedPrompt, ShotRequest
from tools.errors import BadInput
from tools.language.prompt.anchor import same_anchor, split_anchor
from tools.language.prompt.identity import WrittenIdentity
from tools.language.prompt.prompt import PersonInFrame, compose_prompt, light_on
from tools.language.prompt.vocabulary import load_vocabulary

MAQUETTE = load_vocabulary("maquette")
SDXL = load_vocabulary("sdxl")
BLOCK = WrittenIdentity(text="tan skin, short black hair", subject="young man", class_noun="man")
DARO = PersonInFrame(name="Daro", block=BLOCK, signature_light="candlelight")
ODA = PersonInFrame(
    name="Oda", block=WrittenIdentity(text="olive skin", subject="old woman", class_noun="woman")
)
SHOT = ShotRequest(
    slate="12A",
    framing=Framing.CLOSE_UP,
    view=View.FRONTAL,
    expression=Expression.SMILING,
    action="reads a letter",
    place="a smoky tavern",
    light="dawn",
    lens="85mm lens",
    angle="from below",
    cast=(CharacterInShot(character="Daro"),),
    free_words=("rain on glass",),
)
PAIR = SHOT.model_copy(
    update={
        "cast": (CharacterInShot(character="Daro"), CharacterInShot(character="Oda", light="neon"))
    }
)
WORD = st.text("abcdefgh", min_size=1, max_size=6)


def test_the_maquettes_prompt_has_the_order_of_its_captions() -> None:
    composed = compose_prompt(SHOT, [DARO], MAQUETTE)
    assert composed.text == (
        "close-up film still of a young man, smiling, frontal view, golden hour, warm interior, low angle, "
        "SAME Daro: tan skin, short black hair; lit by candlelight"
    )


def test_the_shot_card_says_what_was_replaced_and_left_out() -> None:
    composed = compose_prompt(SHOT, [DARO], MAQUETTE)
    assert {(item.slot, item.said, item.used) for item in composed.replaced} == {
        ("light", "dawn", "golden hour"),
        ("place", "a smoky tavern", "warm interior"),
        ("angle", "from below", "low angle"),
    }
    assert composed.left_out == ("action: reads a letter", "lens: 85mm lens", "free: rain on glass")


def test_an_open_base_gets_every_word_in_the_order_of_the_design() -> None:
    style = ProductionStyle(film_stock="Kodak Portra 400", palette="muted greens", tone=("quiet",))
    composed = compose_prompt(SHOT, [DARO], SDXL, style)
    assert composed.text == (
        "close-up, cinematic film still of a young man, reads a letter, smiling, frontal view, "
        "a smoky tavern, from below, 85mm lens, dawn, shot on Kodak Portra 400, muted greens, quiet, "
        "rain on glass, SAME Daro: tan skin, short black hair; lit by candlelight"
    )
    assert composed.left_out == ()
    assert "text" in composed.negative


def test_film_stock_becomes_the_maquettes_medium() -> None:
    style = ProductionStyle(film_stock="35mm", palette="muted greens")
    composed = compose_prompt(SHOT, [DARO], MAQUETTE, style)
    assert composed.text.startswith("close-up 35mm photograph of a young man")
    assert "style: muted greens" in composed.left_out


def test_two_people_stand_left_and_right_with_their_own_lights() -> None:
    composed = compose_prompt(PAIR, [DARO, ODA], MAQUETTE)
    assert composed.text == (
        "close-up film still of two people, on the left a young man, smiling, "
        "on the right an old woman, smiling, frontal view, golden hour, warm interior, low angle, "
        "SAME Daro: tan skin, short black hair; lit by candlelight, SAME Oda: olive skin; lit by neon light"
    )


def test_a_scene_without_people_has_no_anchor() -> None:
    empty = SHOT.model_copy(update={"cast": ()})
    assert compose_prompt(empty, [], MAQUETTE).text.startswith("close-up film still, smiling")
    assert "SAME" not in compose_prompt(empty, [], MAQUETTE).text


@pytest.mark.parametrize(
    ("own", "signature", "scene", "used"),
    [
        ("moonlight", "candlelight", "neon", "moonlight"),
        (None, "candlelight", "neon", "candlelight"),
        (None, None, "neon", "neon light"),
        (None, None, None, "soft window light"),
        ("qwerty", None, "neon", "neon light"),
        ("4k", None, None, "soft window light"),
    ],
)
def test_the_light_on_a_character(
    own: str | None, signature: str | None, scene: str | None, used: str
) -> None:
    assert light_on(own, signature, scene, MAQUETTE) == used


def test_production_words_are_stripped_with_their_reasons() -> None:
    shot = SHOT.model_copy(
        update={"place": "forest, octane render", "free_words": ("8k", "trending on artstation")}
    )
    composed = compose_prompt(shot, [DARO], SDXL)
    assert [removal.term for removal in composed.removed] == [
        "octane render",
        "8k",
        "trending on artstation",
    ]
    assert "forest" in composed.text
    assert "artstation" not in composed.text


def test_people_must_be_the_shots_cast() -> None:
    with pytest.raises(BadInput, match="shot 12A asks for Daro and was given Oda"):
        compose_prompt(SHOT, [ODA], MAQUETTE)


def test_more_people_than_the_base_draws_are_refused() -> None:
    cast = tuple(CharacterInShot(character=name) for name in ("Daro", "Oda", "Daro"))
    crowd = SHOT.model_copy(update={"cast": cast})
    with pytest.raises(BadInput, match="maquette draws at most 2: split the shot"):
        compose_prompt(crowd, [DARO, ODA, DARO], MAQUETTE)
    assert (
        "of three people, a young man, an old woman, a young man"
        in compose_prompt(crowd, [DARO, ODA, DARO], SDXL).text
    )


@given(
    st.lists(WORD, min_size=1, max_size=4).map(" ".join),
    st.sampled_from([MAQUETTE, SDXL]),
    st.sampled_from(Framing),
)
def test_every_prompt_closes_with_the_anchor_of_its_cast(
    phrase: str, vocabulary: object, framing: Framing
) -> None:
    shot = SHOT.model_copy(
        update={"place": phrase, "action": phrase, "light": phrase, "framing": framing}
    )
    assert isinstance(vocabulary, type(MAQUETTE))
    composed: ComposedPrompt = compose_prompt(shot, [DARO], vocabulary)
    scene, anchor = split_anchor(composed.text, composed.cast)
    assert anchor == same_anchor(composed.cast)
    assert scene
    assert BLOCK.text in anchor
