"""Hair that is changed in part: a word takes the place of one of its family."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.change_words import change_words, changed_hair, names_colour, partly_changed

COLOURS = sorted(change_words().hair_colours)
LENGTHS = sorted(change_words().hair_lengths)


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        ("long black hair", "red", "long red hair"),
        ("long black hair", "short hair", "short black hair"),
        ("long black hair", "short red", "short red hair"),
        ("black hair", "curly", "black curly hair"),
        ("short, grey hair", "long", "long grey hair"),
        ("black hair", "grey streaks", "black hair with grey streaks"),
        ("long black hair", "a mohawk", None),
        (None, "red", None),
        ("long black hair", "hair", None),
    ],
)
def test_a_part_of_the_hair(before: str | None, said: str, after: str | None) -> None:
    assert partly_changed(before, said) == after


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        ("long black hair", "bob", "black bob"),
        ("long black hair", "red bob", "red bob"),
        ("long black hair", "bald", "bald"),
        ("long hair", "bob", "bob"),
        (None, "bob", "bob"),
    ],
)
def test_a_cut_keeps_the_colour(before: str | None, said: str, after: str) -> None:
    assert changed_hair(before, said) == after


@given(st.sampled_from(LENGTHS), st.sampled_from(COLOURS), st.sampled_from(COLOURS))
def test_another_colour_changes_nothing_else(length: str, colour: str, other: str) -> None:
    assert partly_changed(f"{length} {colour} hair", other) == f"{length} {other} hair"


def test_which_words_name_a_colour() -> None:
    assert names_colour("long, Black hair")
    assert not names_colour("long hair")


@pytest.mark.parametrize(
    ("phrase", "worn"), [("a silver Watch", True), ("wool coat", False), ("watch strap", False)]
)
def test_what_is_worn_beside_the_clothes(phrase: str, worn: bool) -> None:
    assert change_words().is_accessory(phrase) is worn


def test_what_opens_a_list_of_things_that_go() -> None:
    assert change_words().opening.search("now Without the hat") is not None
    assert change_words().opening.search("withoutness") is None
