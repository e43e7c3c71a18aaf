"""How a command joins with its neighbours, and which of its words went into no argument."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands import OF_A_PART, command_of
from agent.offline.commands.base import left_in, more_details, no_details, of_person, same_person
from agent.offline.dialogue_state import DialogueState
from agent.offline.message import read_one
from tests.support.director_says import studio
from tools.language.numbers import first_number
from tools.language.text import Text

PAIR = DialogueState(studio("pair"))


def steps(text: Text, room: DialogueState) -> dict[str, Value | None]:
    del room
    return {"steps": first_number(text.small)}


def test_a_tool_of_one_person_is_asked_with_the_details_that_were_said() -> None:
    read = of_person("train", "Whom", lambda text, _: "train" in text.small, steps)
    reading = read(PAIR.text("train Daro 800"), PAIR)
    assert reading is not None
    assert reading.call == Call("train", {"character": "Daro", "steps": 800})
    assert read(PAIR.text("cast Daro"), PAIR) is None
    asked = read(PAIR.text("train"), PAIR)
    assert asked is not None
    assert (asked.missing, asked.call.args) == ("character", {})


def test_later_words_name_the_person_or_a_detail() -> None:
    extend = more_details(steps)
    asked = Reading(Call("train"), missing="character", question="Whom?")
    text = PAIR.text("Daro, 800")
    longer = extend(asked, text, text, PAIR)
    assert longer is not None
    assert (longer.call.args, longer.missing) == ({"character": "Daro", "steps": 800}, "")
    nothing = PAIR.text("please")
    assert extend(asked, nothing, nothing, PAIR) == asked


def test_two_readings_of_one_person_are_one() -> None:
    first = Reading(Call("train", {"character": "Daro", "steps": 1}))
    second = Reading(Call("train", {"character": "Daro", "steps": 2}))
    merged = same_person(first, second)
    assert merged is not None
    assert merged.call.args["steps"] == 2
    other = Reading(Call("train", {"character": "Lirien"}))
    assert same_person(first, other) is None
    assert same_person(replace(first, missing="steps"), second) is None


def test_a_person_is_all_that_some_tools_are_asked_with() -> None:
    assert no_details(PAIR.text("800"), PAIR) == {}


@pytest.mark.parametrize(
    ("say", "left"),
    [
        ("cast Lirien", ()),
        ("cast Lirien with longer hair", ("longer hair",)),
        ("cast Lirien with six faces", ()),
        ("cast Lirien with longer hair and a zither", ("longer hair and a zither",)),
    ],
)
def test_words_that_went_into_no_argument(say: str, left: tuple[str, ...]) -> None:
    reading = read_one(PAIR.text(say), PAIR)
    assert reading is not None
    command = command_of(reading.call.tool)
    assert command is not None
    assert left_in(command, reading, PAIR) == left


def test_every_command_is_one_value_and_tools_that_repeat_can_be_merged() -> None:
    assert len({id(command) for command in OF_A_PART}) == len(OF_A_PART)
    assert command_of("dance") is None
