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


@pytest.mark.parametrize(
    ("studio", "say", "then", "tool", "args"),
    [
        ("pair", "Train", "Lirien", "train", {"character": "Lirien"}),
        ("pair", "train with 800 steps", "the second", "train", {"character": "Daro", "steps": 800}),
        ("pair", "show me faces", "him, and do 8", "cast", {"character": "Daro", "candidates": 8}),
        ("takes", "her hair is wrong", "in the second", "reject",
         {"note": "her hair is wrong", "takes": ["2"]}),
        ("takes", "why?", "the last one", "explain_verdict", {"take": "3"}),
        ("ready", "use another version of Lirien", "2", "choose_version",
         {"character": "Lirien", "version": 2}),
        ("empty", "install a base", "the first", "add_base", {"base": "sdxl"}),
        ("pair", "Use photos of Lirien", "~/pics/lirien", "add_photos",
         {"character": "Lirien", "folder": "~/pics/lirien"}),
        ("empty", "create a character named Juno", "a tall smuggler with a black beard", "create_character",
         {"name": "Juno", "brief": "a tall smuggler with a black beard"}),
        ("pair", "plan scene 4", "Daro waits. Lirien comes in.", "plan_shots",
         {"scene": 4, "text": "Daro waits. Lirien comes in."}),
    ],
)  # fmt: skip
def test_the_next_message_completes_the_call(
    studio: str, say: str, then: str, tool: str, args: dict[str, object]
) -> None:
    assert calls(studio, then, _asked(studio, say)) == [(tool, args)]


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
    ("studio", "first", "then", "expected"),
    [
        ("faces", "let's go with face 2", "no sorry, I meant 3",
         ("choose_face", {"character": "Lirien", "face": 3})),
        ("pair", "train Lirien, 800 steps", "no, not Lirien, Daro",
         ("train", {"character": "Daro", "steps": 800})),
        ("takes", "keep 1", "I meant 2", ("pick", {"takes": ["2"]})),
        ("takes", "reject 1, too dark", "sorry, I meant the last one",
         ("reject", {"takes": ["3"], "note": "too dark"})),
        ("board", "shoot 12B", "wait, I meant 12C", ("shoot", {"slates": ["12C"]})),
        ("ready", "go back to version 1 of Lirien", "no, I meant version 2",
         ("choose_version", {"character": "Lirien", "version": 2})),
    ],
)  # fmt: skip
def test_a_correction_repeats_the_call_with_what_was_meant(
    studio: str, first: str, then: str, expected: tuple[str, dict[str, Any]]
) -> None:
    assert calls(studio, then, [HumanMessage(first), AIMessage("Done.")]) == [expected]


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
