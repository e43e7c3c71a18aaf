from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.errors import BadInput
from tools.language.look import parse_look
from tools.language.numbers import aged
from tools.language.prompt.identity import identity_block
from tools.language.prompt.vocabulary import load_vocabulary

DARO = CharacterBrief(
    name="Daro",
    person="man",
    age="young",
    hair="short black hair",
    eyes="brown eyes",
    facial_hair="grey beard",
    wardrobe=("white coat", "black gloves"),
    headwear="red scarf",
    marks=("scar on the cheek",),
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("without the scarf", "without the scarf", {"without": ("scarf",)}),
        (
            "bare",
            "without the scarf, the gloves and the coat",
            {"wardrobe": (), "without": ("scarf", "gloves", "coat")},
        ),
        (
            "after the fight",
            "after the fight: split lip, torn sleeve",
            {
                "wardrobe": ("white coat with a torn sleeve", "black gloves"),
                "injuries": ("split lip",),
            },
        ),
        ("ten years later", "ten years later", {"ageing": "37"}),
        (
            "ten years later",
            "grey streaks in her hair, deeper lines, a black coat",
            {
                "ageing": "37",
                "hair_styling": "short black hair with grey streaks",
                "injuries": ("deep lines",),
                "wardrobe": ("black coat",),
            },
        ),
        (
            "gala",
            "a red evening gown and her hair pinned up",
            {"wardrobe": ("red evening gown",), "hair_styling": "hair pinned up"},
        ),
        ("rain", "the coat is soaked", {"wardrobe": ("soaked white coat", "black gloves")}),
        (
            "desk",
            "with glasses",
            {"wardrobe": ("white coat", "black gloves", "glasses")},
        ),
        (
            "hospital",
            "bruised cheek and a bandaged hand",
            {"injuries": ("bruised cheek", "bandaged hand")},
        ),
        ("shaved", "clean-shaven", {"facial_hair": "clean-shaven"}),
        ("beardless", "without the beard", {"without": ("beard",)}),
        ("dyed", "his hair is red now", {"hair_styling": "short red hair"}),
    ],
)
def test_what_a_look_changes(name: str, text: str, expected: dict[str, object]) -> None:
    read = parse_look(text, name, DARO)
    assert read.look == LookBrief.model_validate({"name": name, **expected})
    assert (read.absent, read.identity, read.rest) == ((), (), ())


def test_an_item_that_is_not_worn_is_said_and_not_taken_off() -> None:
    read = parse_look("without the crown and the gloves", "x", DARO)
    assert read.absent == ("crown",)
    assert read.look.without == ("gloves",)


@pytest.mark.parametrize(
    ("text", "identity"), [("green eyes", ("green eyes",)), ("without the scar", ("scar",))]
)
def test_what_belongs_to_the_identity_stays_and_is_said(
    text: str, identity: tuple[str, ...]
) -> None:
    read = parse_look(text, "x", DARO)
    assert read.identity == identity
    assert read.look == LookBrief(name="x")


def test_a_look_is_changed_where_something_is_said() -> None:
    first = parse_look("split lip, torn sleeve, without the scarf", "fight", DARO).look
    second = parse_look("a black eye, with the scarf", "fight", DARO, first).look
    assert second.injuries == ("split lip", "black eye")
    assert second.without == ()
    assert second.wardrobe[0] == "white coat with a torn sleeve"
    third = parse_look("without the black eye", "fight", DARO, second).look
    assert third.injuries == ("split lip",)
    assert parse_look("split lip", "fight", DARO, first).look == first, "said again, it is the same"


def test_words_that_mean_nothing_here_are_bad_input_or_kept_apart() -> None:
    with pytest.raises(BadInput, match="no clothes, hat, hair, injury or age was found in “nicer”"):
        parse_look("nicer", "x", DARO)
    assert parse_look("a torn sleeve, nicer", "x", DARO).rest == ("nicer",)


def test_years_without_an_age_to_count_from_are_not_guessed() -> None:
    ageless = DARO.model_copy(update={"age": None})
    with pytest.raises(BadInput, match="ten years later"):
        parse_look("ten years later", "later", ageless)
    read = parse_look("a black coat", "ten years later", ageless)
    assert read.look.ageing is None
    assert read.rest == ("ten years later",)


@pytest.mark.parametrize(
    ("text", "age", "years"),
    [
        ("ten years later", "34", "44"),
        ("a decade on", "in her fifties", "64"),
        ("two decades younger", "40", "20"),
        ("fifty years ago", "30", "1"),
        ("as an old man", "young", "old"),
        ("make her 45", "30", "45"),
        ("a coat of 1920", "30", None),
    ],
)
def test_years_that_pass(text: str, age: str, years: str | None) -> None:
    assert aged(text, age)[0] == years


def test_the_look_is_in_the_block_of_both_kinds_of_bases() -> None:
    look = parse_look("without the scarf, dyed red hair", "later", DARO).look
    brief = DARO.model_copy(update={"looks": (look,)})
    for base in ("maquette", "sdxl"):
        block = identity_block(brief, "later", load_vocabulary(base)).text
        assert "red hair" in block
        assert "black hair" not in block
        assert "scarf" not in block


@given(
    text=st.text(max_size=200),
    name=st.text(st.characters(categories=["L"]), min_size=1, max_size=20),
)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    try:
        read = parse_look(text, name, DARO)
    except BadInput:
        return
    assert read.look.name == name
    assert parse_look(text, name, DARO) == read
