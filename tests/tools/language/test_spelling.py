"""Typing errors: near a known word, and no word of English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.spelling import is_word, typing_errors

KNOWN = frozenset({"close-up", "kitchen", "candlelight", "smiling", "forest", "wide"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kitcehn", "kitchen"),
        ("kichen", "kitchen"),
        ("kitchens", None),
        ("candelight", "candlelight"),
        ("canddlelihgt", "candlelight"),
        ("canlelihts", "candlelights"),
        ("smilling", "smiling"),
        ("xitchen", None),
        ("foist", None),
        ("wode", None),
        ("kitchen", None),
        ("o'kichen", None),
        ("kichen-top", None),
    ],
)
def test_what_was_meant(typed: str, meant: str | None) -> None:
    expected = [] if meant is None else [(3, 3 + len(typed), meant)]
    assert typing_errors(f"in {typed}", KNOWN) == expected


def test_an_english_word_is_what_it_is() -> None:
    assert is_word("Smelling")
    assert not is_word("smilling")
    assert typing_errors("smelling", KNOWN) == []


@given(st.sampled_from(sorted(KNOWN)), st.integers(1, 11), st.integers(0, 25))
def test_a_letter_too_much_is_mended_or_the_word_is_english(
    word: str, at: int, letter: int
) -> None:
    at = min(at, len(word))
    typed = word[:at] + chr(ord("a") + letter) + word[at:]
    found = typing_errors(typed, KNOWN)
    assert found in ([], [(0, len(typed), word)]) or typed.endswith("s")
    assert found == [] or not is_word(typed)


@given(st.text("abcdefg '-", max_size=60))
def test_spans_lie_on_words(text: str) -> None:
    for start, end, word in typing_errors(text, {"abcdef", "gabcde"}):
        assert text[start:end].isalpha()
        assert word[0] == text[start]
