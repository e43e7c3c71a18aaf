"""Numbers and ordinals as directors say them."""

from __future__ import annotations

import pytest

from tools.language.numbers import first_number, is_number, number_of, ordinal_of


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
