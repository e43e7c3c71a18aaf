"""What is answered to a message: calls or words, never half of one."""

from __future__ import annotations

import pytest

from agent.offline.conversation import Heard, Line, OpenQuestion, ToolResult, WaitingCall
from agent.offline.director import answer as answer_heard
from tests.support.director_says import answer, studio


def test_a_message_that_is_too_long_is_not_read_in_part() -> None:
    reply = answer("pair", "Scene 3: " + "Daro waits. " * 400)
    assert reply.tool_calls == []
    assert "up to 4000" in str(reply.text)


def test_a_value_that_a_tool_refuses_is_said_and_not_called() -> None:
    reply = answer("pair", "Cast Lirien with 40 faces")
    assert reply.tool_calls == []
    assert "candidates" in str(reply.text)


def test_results_are_the_answer_whatever_was_said() -> None:
    heard = Heard(studio("pair"), "train Daro", results=(ToolResult("Passed.", False),))
    plan = answer_heard(heard)
    assert (plan.text, plan.calls) == ("Passed.", ())


def test_a_tool_that_is_not_offered_is_said_and_nothing_is_called() -> None:
    heard = Heard(studio("pair"), "install sdxl and train Daro")
    plan = answer_heard(heard, frozenset({"add_base"}))
    assert plan.calls == ()
    assert "train" in plan.text


def test_an_answer_to_an_open_question_completes_its_call() -> None:
    asked = OpenQuestion(
        calls=(WaitingCall(tool="train", args={"steps": 800}),),
        at=0,
        missing="character",
        choices=("Lirien", "Daro"),
    )
    heard = Heard(
        studio("pair"), "the second", (Line(True, "train"), Line(False, "Whom?")), asked=asked
    )
    (call,) = answer_heard(heard).calls
    assert (call.tool, call.args) == ("train", {"steps": 800, "character": "Daro"})


@pytest.mark.parametrize(
    ("say", "words"),
    [
        ("reject 2: (teh lihgt:1.3)", "teh lihgt"),
        ("rejcet 2: teh lihgt", "teh lihgt"),
    ],
)
def test_free_words_keep_their_slips_and_lose_their_syntax(say: str, words: str) -> None:
    plan = answer_heard(Heard(studio("takes"), say))
    (call,) = plan.calls
    assert call.tool == "reject"
    assert call.args["note"] == words


def test_syntax_that_was_taken_out_is_said() -> None:
    assert "(warmer:1.3)" in answer_heard(Heard(studio("takes"), "reject 2, (warmer:1.3)")).text
