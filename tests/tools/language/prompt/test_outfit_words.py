from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import CharacterBrief
from tools.language.prompt.identity import identity_block
from tools.language.prompt.outfit_words import OutfitWords, outfit_words
from tools.language.prompt.vocabulary import load_vocabulary

MAQUETTE = load_vocabulary("maquette")
HAIR, WARDROBE = MAQUETTE.slots["hair"], MAQUETTE.slots["wardrobe"]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "fair skin, long auburn hair, green eyes, freckles, wearing a teal coat",
            OutfitWords(garment="teal", garment_noun="coat", hair="auburn"),
        ),
        (
            "dark skin, bald head, brown eyes, black beard, wearing a white sports top",
            OutfitWords(garment="white", garment_noun="sports top", hair="bald"),
        ),
        ("pale skin, short hair, wearing a dress", OutfitWords(garment_noun="dress")),
        ("olive skin, black bob haircut, a brown hat", OutfitWords(hair="black")),
        ("tan skin, grey stubble", OutfitWords()),
    ],
)
def test_a_blocks_colours_are_read_by_the_bases_own_forms(block: str, said: OutfitWords) -> None:
    assert outfit_words(block, MAQUETTE) == said


@given(
    st.sampled_from(sorted(HAIR.styles)),
    st.sampled_from(sorted(HAIR.colours)),
    st.sampled_from(sorted(WARDROBE.styles)),
    st.sampled_from(sorted(WARDROBE.colours)),
)
def test_what_a_brief_says_comes_back_out_of_its_block(
    style: str, hair: str, garment: str, colour: str
) -> None:
    brief = CharacterBrief(
        name="Mara",
        person="woman",
        hair=HAIR.styles[style].template.format(colour=hair),
        wardrobe=(WARDROBE.styles[garment].template.format(colour=colour),),
    )
    block = identity_block(brief, "default", MAQUETTE).text
    said = outfit_words(block, MAQUETTE)
    assert said.garment == colour
    assert said.garment_noun is not None
    assert f"{colour} {said.garment_noun}" in block
    assert said.hair == ("bald" if style == "bald" else hair)


def test_an_open_base_says_what_it_likes_and_nothing_is_read() -> None:
    block = "long auburn hair, wearing a teal coat"
    assert outfit_words(block, load_vocabulary("sdxl")) == OutfitWords()
