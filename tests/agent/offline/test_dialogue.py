"""What refers to what was said before: answers to a question, yes, corrections, the same again."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.offline.conversation import ASKED
from tests.support.director_says import answer, calls


def _asked(studio: str, say: str) -> list[BaseMessage]:
    reply = answer(studio, say)
    assert reply.tool_calls == []
    assert str(reply.text).endswith("?")
    return [HumanMessage(say), reply]


def test_a_question_carries_its_half_filled_call() -> None:
    reply = _asked("pair", "train with 800 steps")[1]
    kept = reply.additional_kwargs[ASKED]
    assert kept["calls"] == [{"tool": "train", "args": {"steps": 800}, "makes": ""}]
    assert (kept["missing"], kept["choices"]) == ("character", ["Lirien", "Daro"])


def test_without_the_half_filled_call_the_message_before_is_read_again() -> None:
    earlier = [HumanMessage("Train with 800 steps"), AIMessage("Whom?")]
    assert calls("pair", "Daro", earlier) == [("train", {"steps": 800, "character": "Daro"})]


def test_other_wishes_of_the_message_wait_for_the_answer() -> None:
    earlier = _asked("pair", "install sdxl and train")
    assert calls("pair", "Daro", earlier) == [
        ("add_base", {"base": "sdxl"}),
        ("train", {"character": "Daro"}),
    ]


def test_no_drops_the_question() -> None:
    reply = answer("pair", "no", _asked("pair", "train"))
    assert (reply.tool_calls, str(reply.text)) == ([], "All right, I did nothing.")


def test_another_request_is_not_an_answer() -> None:
    assert calls("pair", "show me the status", _asked("pair", "train")) == [("status", {})]


def test_yes_takes_an_offer() -> None:
    earlier = [HumanMessage("thanks"), AIMessage("The set passed. Shall I train Daro?")]
    assert calls("pair", "yes please", earlier) == [("train", {"character": "Daro"})]


@pytest.mark.parametrize(
    ("then", "changed"),
    [
        ("now the same with Daro", {"characters": [{"character": "Daro"}]}),
        ("the same shot but at night", {"light": "night"}),
        ("same thing, close-up", {"framing": "close-up"}),
        ("same again", {}),
    ],
)
def test_the_same_is_the_shot_before_with_what_is_different(
    then: str, changed: dict[str, Any]
) -> None:
    earlier = [HumanMessage("Wide shot of Lirien on a pier at dawn"), AIMessage("Started.")]
    shot: dict[str, Any] = {"framing": "wide shot", "place": "pier", "light": "dawn"}
    shot["characters"] = [{"character": "Lirien"}]
    assert calls("pair", then, earlier) == [("shoot", {"shots": [{**shot, **changed}]})]


def test_without_a_message_before_nothing_is_corrected() -> None:
    reply = answer("pair", "no, I meant something blue")
    assert reply.tool_calls == []
