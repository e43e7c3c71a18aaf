"""Phrases of a sentence: which words belong to a head, and that no word is in two of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.chunks import SentenceReader
from tools.language.lexicon import character_lexicon
from tools.language.text import words_of

WORDS = [
    *("a", "the", "and", ",", "with", "in", "no", "not", "as", "of", "his", "light", "brown", "hair"),
    *("eyes", "blue", "coat", "wool", "red", "scar", "on", "cheek", "pale", "paper", "tall", "Kodak"),
    *("grey-eyed", "bald", "beard", "hat", "skin", "woman", "nurse", "head", "shaved", "long"),
]  # fmt: skip


def read(sentence: str) -> SentenceReader:
    return SentenceReader(words_of(sentence), character_lexicon())


def phrases(sentence: str) -> list[tuple[str, str]]:
    return [(chunk.slot, chunk.phrase) for chunk in read(sentence).chunks()]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("a red wool coat", [("wardrobe", "red wool coat")]),
        ("long, grey hair", [("hair", "long grey hair")]),
        ("hair, long and grey,", [("hair", "hair")]),
        ("a coat, red, torn", [("wardrobe", "coat red")]),
        ("a scar, red, old", [("marks", "scar")]),
        ("light brown hair", [("hair", "light brown hair")]),
        ("a scar on the left cheek and a red coat",
         [("marks", "scar on the left cheek"), ("wardrobe", "red coat")]),
        ("eyes blue as the sea", [("eyes", "eyes blue as the sea")]),
        ("pale as paper", [("skin", "pale as paper")]),
        ("no beard", [("facial_hair", "no beard")]),
        ("green-eyed", [("eyes", "green-eyed")]),
        ("dark hair in a white coat", [("hair", "dark hair"), ("wardrobe", "white coat")]),
        ("a nurse's coat", [("wardrobe", "nurse's coat")]),
        ("she isn't bald", []),
        ("not tall", []),
    ],
)  # fmt: skip
def test_what_belongs_to_a_head(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert phrases(sentence) == expected


def test_what_no_slot_took_is_left_in_runs_without_connecting_words() -> None:
    reader = read("a friend of Kodak, with red hair and the zither")
    assert [chunk.phrase for chunk in reader.chunks()] == ["red hair"]
    assert reader.free_runs() == ["friend of Kodak", "zither"]


def test_taken_words_are_not_given_twice() -> None:
    reader = read("red coat")
    assert reader.take(0, 2) == "red coat"
    assert reader.take(0, 2) == ""
    assert reader.free_words_at(0, 1) == ()
    assert reader.chunks() == []
    assert reader.free_runs() == []


def test_names_keep_their_capitals_and_known_words_lose_them() -> None:
    assert read("White Kodak SHIRT").take(0, 3) == "white Kodak shirt"


def test_a_comparison_ends_before_what_another_phrase_has() -> None:
    """Heads are read first: `bald as hair` gave the word hair to two phrases."""
    chunks = read("bald as hair").chunks()
    assert [(chunk.first, chunk.last) for chunk in chunks] == [(0, 2), (2, 3)]


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_phrases_are_in_order_apart_and_made_of_the_sentences_words(sentence: str) -> None:
    reader = read(sentence)
    before = {word.lower for word in reader.words}
    chunks = reader.chunks()
    assert all(one.last <= other.first for one, other in pairwise(chunks))
    assert all(all(reader.taken[chunk.first : chunk.last]) for chunk in chunks)
    assert {word.lower() for chunk in chunks for word in chunk.phrase.split()} <= before
    assert {word.lower() for run in reader.free_runs() for word in run.split()} <= before
