"""A message cut into the parts that may each ask for something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.offline.sentences import (
    body_of,
    commands_in,
    end_of_courtesy,
    first_sentence_end,
    opens_command,
    trimmed,
)
from tools.language.text import Text, read_text

WORDS = [
    "cast",
    "Mara",
    "and",
    ",",
    ".",
    "please",
    "then",
    "train",
    "the",
    "hello",
    "1",
    "thanks",
    "her",
]


def text(words: str) -> Text:
    return read_text(words, ["Mara", "Jonah"])


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("cast Mara and train Jonah", ["cast Mara", "train Jonah"]),
        ("keep 1 and 3", ["keep 1 and 3"]),
        ("check and train Mara", ["check", "train Mara"]),
        ("for the wedding, cast Mara", ["for the wedding, cast Mara"]),
        ("keep 1, the hair is wrong in 2", ["keep 1", "the hair is wrong in 2"]),
        ("a wide of Mara and Jonah", ["a wide of Mara and Jonah"]),
    ],
)
def test_where_a_sentence_is_cut(words: str, parts: list[str]) -> None:
    assert [part.text.text for part in commands_in(text(words))] == parts


def test_a_bare_verb_is_given_the_person_of_the_next_part() -> None:
    bare, named = commands_in(text("check and train Mara"))
    assert (bare.person, named.person) == ("Mara", None)
    assert named.joint == " and"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Could you please cast Mara, thanks!", "cast Mara"),
        ("would you mind casting Mara", "cast Mara"),
        ("cast Mara", "cast Mara"),
        ("please", ""),
    ],
)
def test_courtesies_go_from_both_ends(words: str, left: str) -> None:
    assert trimmed(text(words)).text == left


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("Cast Mara. Then train.", "Cast Mara."),
        ("Cast Dr. Who. Train.", "Cast Dr. Who."),
        ("Is it done? Yes.", "Is it done?"),
        ("1. cast Mara. 2. train", "1. cast Mara."),
        ("cast Mara", "cast Mara"),
    ],
)
def test_where_the_first_sentence_ends(words: str, end: str) -> None:
    assert words[: first_sentence_end(text(words))] == end


def test_a_greeting_and_a_signature_are_no_part_of_the_body() -> None:
    assert body_of(text("Hi there,\ncast Mara.\n\nBest,\nAnna")).text.strip(" .\n") == "cast Mara"
    assert body_of(text("hello")).text == "hello"


@pytest.mark.parametrize(
    ("words", "opens"),
    [("please cast Mara", True), ("what is a gate?", True), ("the moon hums", False)],
)
def test_what_opens_a_command(words: str, opens: bool) -> None:
    assert opens_command(text(words)) is opens


def test_the_asking_words_end_before_the_command() -> None:
    words = "please could you cast Mara"
    assert words[end_of_courtesy(text(words)) :] == "cast Mara"


@given(st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join))
def test_parts_are_of_the_sentence_in_order(words: str) -> None:
    sentence, at = text(words), 0
    for part in commands_in(sentence):
        at = sentence.text.index(part.text.text, at) + len(part.text.text)
    assert at <= len(sentence.text)
