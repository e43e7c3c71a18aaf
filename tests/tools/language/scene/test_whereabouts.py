"""Place and light of a sentence of prose, and an action without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.scene.whereabouts import (
    LONGEST_PHRASE,
    action_phrase,
    clipped,
    is_time,
    light_in,
    opening_place,
    place_in,
    without_setting,
)


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Mara waits in the kitchen.", "kitchen"),
        ("In the old garden, Mara waits.", "old garden"),
        ("In the morning, Mara waits.", None),
        ("She enters the kitchen.", "kitchen"),
        ("The kitchen at night.", "kitchen"),
        ("THE KITCHEN.", "kitchen"),
        ("Mara sits in the winter look.", None),
        ("Mara waits.", None),
    ],
)
def test_the_place(sentence: str, place: str | None) -> None:
    assert place_in(sentence) == place


def test_only_the_opening_moves_a_scene() -> None:
    assert opening_place("In the garden, Mara waits.") == "garden"
    assert opening_place("Mara waits in the garden.") is None
    assert opening_place("In the morning, she wakes.") is None


@pytest.mark.parametrize(
    ("sentence", "light"),
    [
        ("She reads by candlelight.", "candlelight"),
        ("A candle burns.", None),
        ("Her face is lit by a candle.", "candle"),
        ("Night.", "night"),
        ("She waits at Dawn", "dawn"),
        ("The nightingale sings.", None),
    ],
)
def test_the_light(sentence: str, light: str | None) -> None:
    assert light_in(sentence) == light


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("pours the tea in the kitchen", "pours the tea"),
        ("waits in the kitchen at night", "waits"),
        ("runs, at dawn.", "runs"),
        ("in the kitchen", None),
        ("the", None),
        ("looks at the kitchen", "looks at the kitchen"),
    ],
)
def test_an_action_without_its_setting(words: str, action: str | None) -> None:
    assert action_phrase(words) == action


def test_long_words_are_cut_between_words() -> None:
    cut = clipped("word " * 100)
    assert len(cut) <= LONGEST_PHRASE
    assert set(cut.split()) == {"word"}
    assert clipped(" - Hello. ") == "Hello"


def test_times_of_day() -> None:
    assert is_time("late NIGHT")
    assert not is_time("kitchen")


@given(st.text(max_size=400))
def test_what_is_cut_stays_a_beginning(text: str) -> None:
    assert text.startswith(without_setting(text))
    assert clipped(text) in text
    assert len(clipped(text)) <= LONGEST_PHRASE
