"""What stands for takes and shots: numbers, ranges, slates, framings, the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.offline.references import (
    framed_in,
    newest_takes,
    scene_in,
    shown_takes,
    slates_meant,
    slates_of_scene,
    takes_in,
)
from agent.offline.room import Room
from tests.support.director_says import studio

TAKES, BOARD, PAIR = Room(studio("takes")), Room(studio("board")), Room(studio("pair"))


def takes(say: str, room: Room = TAKES, *, vague: bool = True) -> tuple[str, ...]:
    return takes_in(room.text(say), room, vague=vague).names


@pytest.mark.parametrize(
    ("say", "named"),
    [
        ("1 and 3", ("1", "3")),
        ("3, 1", ("3", "1")),
        ("1/2", ("1", "2")),
        ("1 to 3", ("1", "2", "3")),
        ("1-3", ("1", "2", "3")),
        ("all but 2", ("1", "3")),
        ("the last two", ("2", "3")),
        ("the first two", ("1", "2")),
        ("the second one", ("2",)),
        ("the last one", ("3",)),
        ("12A T2", ("12A T2",)),
        ("take 2 of 12A", ("12A T2",)),
        ("all of them", ("1", "2", "3")),
        ("3 to 1", ("3", "1")),
        ("the kitchen", ()),
    ],
)
def test_takes(say: str, named: tuple[str, ...]) -> None:
    assert takes(say) == named


def test_the_rest_is_what_was_not_named_before() -> None:
    text = TAKES.text("the others")
    assert takes_in(text, TAKES, also=["1"]).names == ("2", "3")
    assert takes_in(text, TAKES, also=["1"], vague=False).names == ()


def test_it_is_the_only_take_on_show() -> None:
    one = Room(studio("one_take"))
    assert takes("keep it", one) == ("1",)
    assert takes("keep it", TAKES) == ()
    assert takes("keep it", one, vague=False) == ()


def test_spans_are_where_the_takes_were_said() -> None:
    text = TAKES.text("keep 1 and bin 3")
    found = takes_in(text, TAKES)
    assert [text.text[start:end].strip() for start, end in found.spans] == ["1", "3"]
    assert bool(found)
    assert not takes_in(TAKES.text("keep"), TAKES)


def test_numbers_stand_for_takes_only_where_takes_are_shown() -> None:
    assert shown_takes(TAKES) == ("1", "2", "3")
    assert shown_takes(BOARD) == ()
    assert takes("the last one", PAIR) == ()


def test_the_newest_takes_of_what_was_drawn() -> None:
    assert newest_takes(["13A", "12B", "12A"], BOARD) == ("13A T2", "12A T3")


@pytest.mark.parametrize(
    ("say", "scene"), [("scene 12", 12), ("scene twelve", 12), ("scene 0", None), ("12A", None)]
)
def test_the_scene_that_is_named(say: str, scene: int | None) -> None:
    assert scene_in(BOARD.text(say)) == scene


@pytest.mark.parametrize(
    ("say", "slates"),
    [
        ("12B and 12A", ("12B", "12A")),
        ("12A to C", ("12A", "12B", "12C")),
        ("scene 12", ("12A", "12B", "12C")),
        ("scene 99", ()),
        ("the close-up", ("12A",)),
        ("all shots", ("12B", "12C")),
        ("shots 1 and 3", ("12A", "12C")),
        ("the second shot", ("12B",)),
        ("shot 9", ()),
        ("Mara", ()),
    ],
)
def test_slates(say: str, slates: tuple[str, ...]) -> None:
    assert slates_meant(BOARD.text(say), BOARD) == slates


def test_a_scenes_slates_are_in_the_order_of_the_board() -> None:
    assert slates_of_scene(13, BOARD) == ("13A",)
    assert slates_of_scene(1, BOARD) == ()


def test_a_framing_may_mean_several_shots() -> None:
    two = Room(studio("two_wides"))
    assert framed_in(two.text("the wide"), two).names == ("12A", "13A")
    assert slates_meant(two.text("the wide"), two) == ()
    assert not framed_in(two.text("a wide street"), two)


@given(st.text("123 TAand-,lost.", max_size=30))
def test_every_take_that_is_found_could_be_shown(say: str) -> None:
    found = takes_in(TAKES.text(say), TAKES)
    assert all(start < end for start, end in found.spans)
    assert len(set(found.names)) == len(found.names)
    assert not found.spans or found.names
