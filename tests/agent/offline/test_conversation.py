"""Who said what, what tools returned, and which question is open."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from agent.offline.calls import Call, Reading
from agent.offline.conversation import ASKED, Line, ToolResult, asked_by, listen
from tools.errors import BadInput


def tool_call(tool: str, **args: object) -> dict[str, Any]:
    return {"name": tool, "args": args, "id": "a", "type": "tool_call"}


def test_only_the_newest_words_of_the_director_are_read_for_what_to_do() -> None:
    heard = listen(
        [
            SystemMessage('words\nSTUDIO: {"production": "Harbour"}'),
            HumanMessage("cast her"),
            AIMessage("Whom?", tool_calls=[tool_call("cast", character="Mara")]),
            HumanMessage("Mara"),
        ]
    )
    assert heard.studio.production == "Harbour"
    assert heard.newest == "Mara"
    assert heard.earlier == (Line(True, "cast her"), Line(False, "Whom?", ("Mara",)))
    assert heard.results == ()


def test_results_are_those_since_the_newest_words() -> None:
    said: list[BaseMessage] = [
        HumanMessage("status"),
        ToolMessage("old", tool_call_id="a"),
        HumanMessage("train"),
        AIMessage("", tool_calls=[tool_call("train")]),
        ToolMessage("no set", tool_call_id="b", status="error"),
    ]
    assert listen(said).results == (ToolResult("no set", failed=True),)


def test_an_empty_conversation_says_nothing() -> None:
    heard = listen([])
    assert (heard.newest, heard.earlier, heard.asked) == ("", (), None)
    assert heard.studio.production == ""


def test_of_two_studios_the_last_one_holds_and_a_broken_one_is_an_error() -> None:
    two = [
        SystemMessage('STUDIO: {"production": "A"}'),
        SystemMessage('STUDIO: {"production": "B"}'),
    ]
    assert listen(two).studio.production == "B"
    with pytest.raises(BadInput, match="the STUDIO line is not a studio digest: production"):
        listen([SystemMessage("STUDIO: {}")])


def test_only_the_last_forty_messages_are_kept() -> None:
    said = [HumanMessage(str(number)) for number in range(60)]
    assert [line.text for line in listen(said).earlier] == [str(number) for number in range(19, 59)]


def test_a_question_comes_back_as_it_was_asked() -> None:
    asked = asked_by(
        [
            Reading(Call("add_base", {"base": "sdxl"})),
            Reading(Call("train", {"steps": 800}), missing="character", choices=("Mara", "Jonah")),
        ]
    )
    assert asked is not None
    assert (asked.at, asked.tool, asked.missing) == (1, "train", "character")
    answer = AIMessage("Whom?", additional_kwargs={ASKED: asked.as_json()})
    assert listen([HumanMessage("train"), answer, HumanMessage("Mara")]).asked == asked
    assert [reading.call.args for reading in asked.readings] == [{"base": "sdxl"}, {"steps": 800}]
    assert asked_by([Reading(Call("status"))]) is None


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"calls": [], "at": 0, "missing": "character"},
        {"calls": [{"tool": "dance"}], "at": 0, "missing": "character"},
        {"calls": [{"tool": "train"}], "at": 3, "missing": "character"},
        {"calls": [{"tool": "train"}], "at": 0, "missing": "character", "more": 1},
        "words",
    ],
)
def test_a_question_of_another_form_is_none(stored: object) -> None:
    answer = AIMessage("Whom?", additional_kwargs={ASKED: stored})
    assert listen([HumanMessage("train"), answer, HumanMessage("Mara")]).asked is None


def test_a_question_that_was_not_the_last_word_is_over() -> None:
    asked = asked_by([Reading(Call("train"), missing="character")])
    assert asked is not None
    answer = AIMessage("Whom?", additional_kwargs={ASKED: asked.as_json()})
    said = [answer, HumanMessage("hm"), AIMessage("Yes?"), HumanMessage("Mara")]
    assert listen(said).asked is None
