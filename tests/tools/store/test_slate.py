from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import BadInput
from tools.store.slate import (
    LAST_SCENE,
    LAST_SETUP,
    parse_slate,
    parse_take,
    setup_letters,
    setup_ordinal,
    slate_name,
)

ordinals = st.integers(0, LAST_SETUP)


@given(ordinals)
def test_letters_and_ordinals_are_inverse_without_i_and_o(ordinal: int) -> None:
    letters = setup_letters(ordinal)
    assert setup_ordinal(letters) == ordinal
    assert not set(letters) & set("IO")


@given(ordinals, ordinals)
def test_letters_sort_by_length_then_alphabet(first: int, second: int) -> None:
    def key(ordinal: int) -> tuple[int, str]:
        return len(setup_letters(ordinal)), setup_letters(ordinal)

    assert (first < second) == (key(first) < key(second))


@given(st.integers(1, LAST_SCENE), ordinals)
def test_a_slate_reads_back(scene: int, ordinal: int) -> None:
    assert parse_slate(slate_name(scene, ordinal)) == (scene, ordinal)


@given(st.integers(1, LAST_SCENE), ordinals, st.integers(1, 9999), st.sampled_from(["", " ", "  "]))
def test_a_take_reads_back(scene: int, ordinal: int, take: int, gap: str) -> None:
    said = slate_name(scene, ordinal, take).lower().replace(" ", gap)
    assert parse_take(said) == (scene, ordinal, take)


@pytest.mark.parametrize("text", ["", "12A", "12A T", "12A T0", "12A 3", "T3", "12A T3 T4", "3"])
def test_other_text_is_no_take(text: str) -> None:
    with pytest.raises(BadInput, match="is no take; expected a slate and a take number, as 12A T3"):
        parse_take(text)


@pytest.mark.parametrize(
    ("ordinal", "letters"),
    [(0, ""), (1, "A"), (8, "H"), (9, "J"), (13, "N"), (14, "P"), (24, "Z"), (25, "AA")],
)
def test_known_letters(ordinal: int, letters: str) -> None:
    assert setup_letters(ordinal) == letters


def test_a_take_is_said_after_the_slate() -> None:
    assert slate_name(12, 1, 3) == "12A T3"


@pytest.mark.parametrize("text", ["", "A12", "12I", "12O", "12ABC", "012A", "0", "12345"])
def test_other_text_is_no_slate(text: str) -> None:
    with pytest.raises(BadInput, match="is no slate"):
        parse_slate(text)


def test_a_scene_has_an_end() -> None:
    assert setup_letters(LAST_SETUP) == "ZZ"
    with pytest.raises(BadInput, match="open another scene"):
        setup_letters(LAST_SETUP + 1)
    with pytest.raises(BadInput, match="is no setup"):
        setup_ordinal("AIR")
