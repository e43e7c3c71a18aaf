"""Light and place, and what is neither: worn, touched, looked at, done."""

from __future__ import annotations

from re import Match

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.setting import (
    acts,
    bare_places,
    is_light,
    is_place,
    known_lights,
    known_part,
    known_places,
    lights_in,
    names_place,
    pieces_of,
    places_in,
)


@pytest.mark.parametrize(
    ("small", "led", "said"),
    [
        ("by candlelight", True, ["candlelight"]),
        ("in hard side light from the left", True, ["hard side light from the left"]),
        ("candlelight, wide", False, ["candlelight"]),
        ("only moonlight and candlelight", False, ["moonlight", "candlelight"]),
        ("a candle on the table", False, []),
        ("by a candle", True, ["candle"]),
        ("moonlighting", False, []),
    ],
)
def test_lights(small: str, led: bool, said: list[str]) -> None:
    assert [match["said"] for match in lights_in(small, led=led)] == said


@pytest.mark.parametrize(
    ("words", "light"),
    [
        ("soft window light", True),
        ("a single bulb", True),
        ("light brown", False),
        ("chair", False),
    ],
)
def test_words_that_are_nothing_but_a_light(words: str, light: bool) -> None:
    assert is_light(words) is light


def places(small: str, *, detail: bool = False) -> list[str]:
    return [each.said for each in places_in(small) if is_place(each, small, detail=detail)]


@pytest.mark.parametrize(
    ("small", "said"),
    [
        ("mara in the kitchen", ["kitchen"]),
        ("at the bar of an old hotel", ["bar of an old hotel"]),
        ("in a red coat", []),
        ("in her forties", []),
        ("in red", []),
        ("leaning on the gizmo", []),
        ("on the gizmo", ["gizmo"]),
        ("in her hand", []),
    ],
)
def test_places_behind_a_preposition(small: str, said: list[str]) -> None:
    assert places(small) == said


def test_a_place_ends_where_something_is_done() -> None:
    (first, *_) = places_in("in the kitchen pouring tea")
    assert first.said == "kitchen"
    assert (first.start, first.at, first.end) == (0, 7, 14)


def test_a_thing_from_very_near_lies_in_no_place() -> None:
    assert places("a letter on the table") != places("a letter on the table", detail=True)


@pytest.mark.parametrize(
    ("small", "said"),
    [
        ("medium shot, ballroom, candlelight", ["ballroom"]),
        ("the ballroom, wide", ["ballroom"]),
        ("crossing the ballroom", []),
        ("ballroom dress", []),
    ],
)
def test_places_that_stand_alone(small: str, said: list[str]) -> None:
    assert [match["said"].strip() for match in bare_places(small)] == said


def test_a_phrase_up_to_the_first_place_in_it() -> None:
    assert known_part("old kitchen of her mother") == "old kitchen"
    assert known_part("gizmo") is None


@pytest.mark.parametrize(
    ("small", "done"), [("she runs", True), ("pouring", True), ("morning", False), ("a cup", False)]
)
def test_what_is_done(small: str, done: bool) -> None:
    assert acts(small) is done


@given(st.sampled_from(known_places()))
def test_every_place_of_the_lists_is_one(place: str) -> None:
    assert names_place(place)


def test_the_lights_of_the_lists_are_found_behind_by() -> None:
    lights = [light for light in known_lights() if is_light(light)]
    assert len(lights) > len(known_lights()) / 2
    lost = [light for light in lights if not any(m["said"] == light for m in led_by(light))]
    assert lost == []


def led_by(light: str) -> list[Match[str]]:
    return [*lights_in(f"by {light}", led=True)]


@given(st.text("ab ,.;\n", max_size=40))
def test_pieces_hold_no_mark(small: str) -> None:
    assert all(not set(piece.group()) & set(",.;\n") for piece in pieces_of(small))
