"""The identity block: locked, in the base's words, with what happened to the others."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.errors import BadInput, UnknownName
from tools.language.brief import parse_character
from tools.language.prompt.identity import identity_block, in_other_clothes, replacement_words
from tools.language.prompt.vocabulary import Vocabulary, load_vocabulary

MAQUETTE = load_vocabulary("maquette")
SDXL = load_vocabulary("sdxl")
BRIEFS = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "briefs.yaml").read_text(encoding="utf-8")
)
EXPECTED = [brief for brief in BRIEFS if "maquette" in brief]
IMRE = CharacterBrief(
    name="Imre",
    person="man",
    age="30",
    hair="short brown hair",
    marks=("freckles",),
    wardrobe=("grey suit", "black boots"),
    headwear="fedora",
    recurring=("red scarf",),
    looks=(
        LookBrief(
            name="beaten", injuries=("split lip", "gash on the brow"), wardrobe=("torn shirt",)
        ),
        LookBrief(
            name="old", ageing="in his seventies", hair_styling="white hair", without=("fedora",)
        ),
        LookBrief(name="bare", without=("the scarf", "boots")),
    ),
)


@pytest.mark.parametrize("brief", EXPECTED, ids=lambda brief: brief["id"])
def test_briefs_are_said_in_the_maquettes_words(brief: dict[str, dict[str, str]]) -> None:
    block = identity_block(parse_character(str(brief["text"])), "default", MAQUETTE)
    assert (block.subject, block.text) == (brief["maquette"]["subject"], brief["maquette"]["block"])


def test_the_card_says_what_was_replaced_and_what_stays_out() -> None:
    block = identity_block(parse_character(BRIEFS[0]["text"]), "default", MAQUETTE)
    assert {(item.said, item.used) for item in block.replaced} >= {
        ("wiry", "slim build"),
        ("salt-and-pepper crop", "short grey hair"),
        ("burn mark along the jaw", "a scar on the cheek"),
        ("in her fifties", "middle-aged"),
    }
    assert block.left_out == ("free: night-shift nurse",)


@pytest.mark.parametrize("look", ["default", "beaten"])
@pytest.mark.parametrize("vocabulary", [MAQUETTE, SDXL], ids=lambda each: each.name)
def test_other_clothes_take_the_place_of_a_looks_and_nothing_else_changes(
    look: str, vocabulary: Vocabulary
) -> None:
    worn = identity_block(IMRE, look, vocabulary)
    other = in_other_clothes(IMRE, look, vocabulary, "red sweater")
    assert "wearing a red sweater" in other.text
    before = worn.text.split("wearing ")[0]
    assert other.text.startswith(before)
    assert "suit" not in other.text
    assert "shirt" not in other.text
    with pytest.raises(UnknownName, match="no look 'royal'"):
        in_other_clothes(IMRE, "royal", vocabulary, "red sweater")


def test_a_garment_that_the_base_draws_otherwise_is_said_with_what_it_draws() -> None:
    coat, shirt, cap = (
        next(
            each
            for each in identity_block(
                CharacterBrief(name="Bo", person="man", **worn), "default", MAQUETTE
            ).replaced
            if each.slot != "person"
        )
        for worn in (
            {"wardrobe": ("brown coat",)},
            {"wardrobe": ("blue shirt",)},
            {"headwear": "cap"},
        )
    )
    assert (coat.used, coat.drawn) == ("brown sweater", "a jacket")
    assert replacement_words(coat) == (
        "“brown coat”: this base draws a jacket for it; the block says “brown sweater”"
    )
    assert (shirt.said, shirt.used, shirt.drawn) == ("blue shirt", "blue shirt", "a t-shirt")
    assert (
        replacement_words(cap) == "“cap” is not known to the base; “a brown hat” goes in its place"
    )


def test_a_recurring_coat_is_asked_for_as_a_worn_one_is() -> None:
    brief = CharacterBrief(name="Bo", person="woman", recurring=("green coat",))
    block = identity_block(brief, "default", MAQUETTE)
    assert block.text == "wearing a green sweater"
    assert [each.drawn for each in block.replaced] == ["a loose top with long sleeves"]


def test_the_traits_stand_in_the_order_of_the_captions() -> None:
    brief = CharacterBrief(
        name="Imre",
        person="man",
        age="young",
        skin="tan skin",
        hair="short black hair",
        eyes="green eyes",
        facial_hair="black stubble",
        marks=("a scar on the cheek",),
        build="slim",
        headwear="brown hat",
        wardrobe=("white coat",),
    )
    assert identity_block(brief, "default", MAQUETTE).text == (
        "tan skin, short black hair, green eyes, black stubble, a scar on the cheek, a brown hat, "
        "slim build, wearing a white sweater"
    )


def test_the_same_inputs_give_the_same_bytes() -> None:
    one, other = (identity_block(IMRE, "beaten", SDXL) for _ in range(2))
    assert one == other


def test_a_look_changes_what_is_worn_and_keeps_the_rest() -> None:
    beaten = identity_block(IMRE, "beaten", SDXL)
    assert beaten.text == (
        "short brown hair, freckles, a split lip, a gash on the brow, a fedora, "
        "wearing a torn shirt, a red scarf"
    )


def test_a_look_ages_and_takes_off() -> None:
    old = identity_block(IMRE, "old", MAQUETTE)
    assert (old.subject, old.text) == ("old man", "white hair, freckles, wearing a grey suit")
    assert "scarf" not in identity_block(IMRE, "bare", SDXL).text
    assert "boots" not in identity_block(IMRE, "bare", SDXL).text


def test_an_unknown_look_names_the_known_ones() -> None:
    with pytest.raises(
        UnknownName, match="has no look 'winter'; there are default, beaten, old, bare"
    ):
        identity_block(IMRE, "winter", MAQUETTE)


def test_production_words_are_stripped_but_never_from_what_is_worn() -> None:
    brief = CharacterBrief(name="Bo", hair="photorealistic black hair", wardrobe=("CGI coat",))
    block = identity_block(brief, "default", SDXL)
    assert block.text == "black hair, wearing a CGI coat"
    assert [removal.term for removal in block.removed] == ["photorealistic"]


def test_a_character_whom_the_base_cannot_describe_is_at_least_somebody() -> None:
    block = identity_block(
        CharacterBrief(name="Bo", free_words=("keeps bees",)), "default", MAQUETTE
    )
    assert block.text == "person"


def test_a_block_that_is_too_long_is_refused() -> None:
    long = CharacterBrief(
        name="Bo", free_words=tuple("x" * 290 + str(index) for index in range(10))
    )
    with pytest.raises(BadInput, match="keep it under 1200"):
        identity_block(long, "default", SDXL)


def test_what_is_negated_stays_out_of_an_open_prompt() -> None:
    brief = CharacterBrief(
        name="Bo", hair="black hair", facial_hair="no beard", free_words=("never smiles",)
    )
    block = identity_block(brief, "default", SDXL)
    assert block.text == "black hair"
    assert block.left_out == ("free: never smiles",)
