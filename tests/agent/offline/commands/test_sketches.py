"""Sketches that are asked for, and sketches that are to be made real."""

from __future__ import annotations

import pytest

from agent.offline.calls import Reading
from agent.offline.dialogue_state import DialogueState
from agent.offline.message import understand
from tools.contracts.digest import (
    CharacterState,
    SceneState,
    ShotState,
    Shown,
    ShownKind,
    StudioDigest,
)
from tools.contracts.photography import Framing


def shot(slate: str, *, takes: int = 0, sketches: int = 0, liked: str | None = None) -> ShotState:
    return ShotState(
        slate=slate,
        framing=Framing.CLOSE_UP,
        characters=("Lirien",),
        takes=takes,
        sketches=sketches,
        liked=liked,
    )


def read(text: str, *shots: ShotState, shown: tuple[str, ...] = ()) -> list[Reading]:
    studio = StudioDigest(
        production="studio",
        characters=(CharacterState(name="Lirien", person="man"),),
        scenes=(SceneState(number=4, shots=shots),),
        shown=Shown(kind=ShownKind.TAKES, labels=shown) if shown else Shown(),
    )
    return understand(text, DialogueState(studio)).readings


def call(text: str, *shots: ShotState, shown: tuple[str, ...] = ()) -> tuple[str, object]:
    (reading,) = read(text, *shots, shown=shown)
    assert not reading.missing
    return reading.call.tool, dict(reading.call.args)


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("sketch 4A", {"slates": ["4A"], "drawn_as": "sketch"}),
        ("do a quick sketch of 4A", {"slates": ["4A"], "drawn_as": "sketch"}),
        ("draw 4A as a sketch", {"slates": ["4A"], "drawn_as": "sketch"}),
        ("two sketches of 4A", {"slates": ["4A"], "takes": 2, "drawn_as": "sketch"}),
        ("a quick sketch of him in the rain",
         {"shots": [{"light": "rain", "characters": [{"character": "Lirien"}]}], "drawn_as": "sketch"}),
        ("shoot 4A", {"slates": ["4A"]}),
    ],
)  # fmt: skip
def test_a_sketch_is_a_shoot_that_says_so(say: str, args: object) -> None:
    assert call(say, shot("4A")) == ("shoot", args)


def test_sketches_that_are_there_are_looked_at_and_not_drawn() -> None:
    shots = (shot("4A", sketches=1),)
    assert call("show me the sketches", *shots) == ("show_takes", {"which": "sketches"})
    assert all(reading.call.tool != "shoot" for reading in read("the sketch is lovely", *shots))


@pytest.mark.parametrize(
    ("say", "slates"),
    [
        ("make 4A T1 real", ["4A"]),
        ("shoot 4B for real", ["4B"]),
        ("make 2 real", ["4B"]),
        ("draw the sketches for real", ["4A", "4B"]),
        ("make them real", ["4A", "4B"]),
        ("make it real", ["4B"]),
    ],
)
def test_sketches_become_takes(say: str, slates: list[str]) -> None:
    """`it` is the one that is liked where several are on show."""
    shots = (shot("4A", sketches=1), shot("4B", sketches=1, liked="4B T1"), shot("4C"))
    found = call(say, *shots, shown=("4A T1", "4B T1"))
    assert found == ("shoot", {"slates": slates, "drawn_as": "take"})


def test_shots_that_have_takes_are_left_out_of_the_sketches() -> None:
    shots = (shot("4A", sketches=1, takes=2), shot("4B", sketches=1))
    assert call("make the sketches real", *shots)[1] == {"slates": ["4B"], "drawn_as": "take"}


def test_it_is_asked_which_where_several_may_be_meant() -> None:
    (reading,) = read("make it real", shot("4A", sketches=1), shot("4B", sketches=1))
    assert (reading.missing, reading.choices) == ("slates", ("4A", "4B"))
    assert reading.question == "Which shot shall be drawn for real: 4A or 4B?"


@pytest.mark.parametrize(
    "say", ["make her hair properly red", "make it more real", "real close-up"]
)
def test_other_reality_makes_no_take(say: str) -> None:
    found = read(say, shot("4A", sketches=1))
    assert all(reading.call.args.get("drawn_as") is None for reading in found)


def test_where_nothing_was_sketched_nothing_is_made_real() -> None:
    assert read("make it real", shot("4A", takes=1)) == []
