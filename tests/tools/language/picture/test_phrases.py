"""How a phrase of a word file is written, and what it then matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.phrases import either, pattern_of, words_in

PLAIN = st.lists(st.from_regex(r"[a-z]{3,8}( [a-z]{3,8})?", fullmatch=True), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("phrase", "matches", "misses"),
    [
        ("close-up", ["close-up", "closeup", "close up", "close-ups"], ["close", "disclose-up"]),
        ("facing (the) camera|lens", ["facing camera", "facing the lens"], ["facing the a camera"]),
        (
            "golden hour (light)",
            ["golden hour", "golden hour light", "golden-hour"],
            ["goldenhour"],
        ),
        ("by * light", ["by soft light", "by anyone's light"], ["by light"]),
        ("colour", ["colour", "color"], ["colur"]),
        ("grey wall", ["gray wall", "grey walls"], ["great wall"]),
        ("theatre", ["theater", "theatre"], ["theatr"]),
        ("centre", ["center", "centre"], ["cent"]),
        ("boat", ["boat", "boats"], ["boater", "boat's", "ice-boat", "boat-house"]),
        ("smiling", ["smiling"], ["smilings"]),
    ],
)
def test_the_notation(phrase: str, matches: list[str], misses: list[str]) -> None:
    pattern = pattern_of([phrase])
    assert [words for words in matches if not pattern.fullmatch(words)] == []
    assert [words for words in misses if pattern.search(words)] == []


def test_a_plural_only_where_it_is_asked_for() -> None:
    assert pattern_of(["lamp"]).search("two lamps")
    assert not pattern_of(["lamp"], plural=False).search("two lamps")


@given(PLAIN)
def test_of_two_phrases_the_longer_is_taken(phrases: list[str]) -> None:
    longest = max(phrases, key=lambda phrase: (phrase.count(" "), len(phrase)))
    found = pattern_of([*phrases, longest.split()[0]], plural=False).match(longest)
    assert found is not None
    assert found.group() == longest


@given(PLAIN)
def test_every_plain_phrase_matches_itself_and_all_its_words_are_known(phrases: list[str]) -> None:
    pattern = pattern_of(phrases)
    assert all(pattern.search(f"a {phrase}, then") for phrase in phrases)
    assert words_in(phrases) == {word for phrase in phrases for word in phrase.split()}


def test_the_single_words_of_a_notation() -> None:
    assert words_in(["facing (the) camera|lens", "f2 *ing", "@'s"]) == {
        *("facing", "the", "camera", "lens", "ing", "s"),
    }


def test_a_pattern_of_nothing_matches_nothing_but_the_empty_word() -> None:
    assert either([]) == "(?:)"
