from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import CharacterBrief
from tools.errors import BadInput
from tools.language.change import parse_change

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
    ("text", "changed"),
    [
        ("his hair is grey now", {"hair": "short grey hair"}),
        ("make her hair red", {"hair": "short red hair"}),
        ("longer hair", {"hair": "long black hair"}),
        ("a bob", {"hair": "black bob"}),
        ("green eyes instead of brown", {"eyes": "green eyes"}),
        ("ten years older and heavier", {"age": "37", "build": "heavy"}),
        ("in his sixties", {"age": "in his sixties"}),
        ("a bit younger, like 22", {"age": "22"}),
        ("she should be older, in her fifties", {"age": "in her fifties"}),
        ("without the beard", {"facial_hair": None}),
        ("remove the scar", {"marks": ()}),
        ("give him freckles", {"marks": ("scar on the cheek", "freckles")}),
        ("a red coat", {"wardrobe": ("red coat",)}),
        ("a silver watch", {"wardrobe": ("white coat", "black gloves", "silver watch")}),
        ("no scarf", {"headwear": None}),
        ("he always wears a silver ring", {"recurring": ("silver ring",)}),
    ],
)
def test_only_what_was_said_is_changed(text: str, changed: dict[str, object]) -> None:
    read = parse_change(text, DARO)
    before, after = DARO.model_dump(), read.brief.model_dump()
    found = {name: after[name] for name in after if after[name] != before[name]}
    assert found == changed
    assert (read.absent, read.rest) == ((), ())


def test_what_is_not_there_cannot_go_and_what_was_not_understood_is_said() -> None:
    read = parse_change("no hat, nicer, green eyes", DARO)
    assert read.absent == ("hat",)
    assert read.rest == ("nicer",)
    assert read.brief.eyes == "green eyes"


def test_a_change_of_nothing_says_how_to_say_one() -> None:
    with pytest.raises(
        BadInput, match="nothing about Daro was found in “make him nicer”; say what"
    ):
        parse_change("make him nicer", DARO)


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse_change(text, DARO)
    except BadInput:
        return
    assert read.brief.name == "Daro"
