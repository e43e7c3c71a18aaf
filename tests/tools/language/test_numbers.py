"""Numbers and ordinals as directors say them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.numbers import (
    find_ages,
    first_number,
    is_number,
    number_of,
    ordinal_of,
    years_of,
)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("4", 4),
        ("four", 4),
        ("Forty-two", 42),
        ("forty two", 42),
        ("ninety", 90),
        ("1,500", 1500),
        ("2k", 2000),
        ("a couple", 2),
        ("another", 1),
        ("dozen", 12),
        ("1234567890", None),
        ("some", None),
        ("twenty-teen", None),
    ],
)
def test_cardinals(said: str, value: int | None) -> None:
    assert number_of(said) == value


@pytest.mark.parametrize(
    ("said", "count", "place"),
    [
        ("first", 4, 1),
        ("3rd", 4, 3),
        ("last", 4, 4),
        ("last", 0, None),
        ("middle", 5, 3),
        ("middle", 4, None),
        ("next", 4, None),
    ],
)
def test_ordinals(said: str, count: int, place: int | None) -> None:
    assert ordinal_of(said, count) == place


def test_the_first_number_of_a_text() -> None:
    assert first_number("give me Seventeen faces, or 4") == 17
    assert first_number("give me faces") is None


@pytest.mark.parametrize(
    ("said", "wanted"), [("34", True), ("thirty-four", True), ("1500", False), ("old", False)]
)
def test_what_is_only_a_number(said: str, wanted: bool) -> None:
    assert is_number(said) is wanted


@pytest.mark.parametrize(
    ("phrase", "years"),
    [
        ("34", (34, 34)),
        ("thirty-four", (34, 34)),
        ("in her fifties", (50, 59)),
        ("early forties", (40, 43)),
        ("mid-thirties", (34, 36)),
        ("late 50s", (57, 59)),
        ("60-70", (60, 70)),
        ("on the wrong side of seventy", (71, 79)),
        ("about 30", (28, 32)),
        ("fiftyish", (48, 52)),
        ("25-year-old", (25, 25)),
        ("middle-aged", (35, 62)),
        ("wiry", None),
    ],
)
def test_years_of(phrase: str, years: tuple[int, int] | None) -> None:
    assert years_of(phrase) == years


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Mara, 34, a nurse", ["34"]),
        ("a lad of nineteen with ginger hair", ["nineteen"]),
        ("he owns a house of two storeys", []),
        ("six feet tall, about 30 metres away", []),
        ("a woman in her late thirties", ["in her late thirties"]),
        ("mother of 3 children", []),
        ("he was sixty-eight and looked older", ["sixty-eight"]),
    ],
)
def test_find_ages(text: str, phrases: list[str]) -> None:
    assert [age.phrase for age in find_ages(text)] == phrases


def test_only_numbers_are_numbers() -> None:
    assert is_number("Twenty-six")
    assert is_number("52")
    assert not is_number("in her fifties")


@given(st.integers(1, 99))
def test_every_age_in_years_is_found_as_said(age: int) -> None:
    (found,) = find_ages(f"a {age}-year-old woman")
    assert (found.low, found.high) == (age, age)


@given(st.text(max_size=120))
def test_ages_lie_where_they_say_and_do_not_overlap(text: str) -> None:
    found = find_ages(text)
    assert all(text[age.start : age.end] == age.phrase and age.low <= age.high for age in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
