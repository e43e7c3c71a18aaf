"""Questions and how the next message completes them; and what is said where nothing is called."""

from __future__ import annotations

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
    ("say", "part"),
    [
        ("make a video of 12A", "cannot make moving pictures"),
        ("compose some music for the scene", "cannot make sound"),
        ("delete Lirien", "cannot delete, rename or copy people"),
        ("upload the takes to youtube", "cannot send or publish"),
        ("the wind has seven elbows", 'did not understand "the wind has seven elbows"'),
        ("what can you do?", "cast Mara"),
        ("hello", "Hello. In the cast: Lirien, Daro."),
        ("thank you!", "You're welcome."),
    ],
)
def test_words_where_nothing_is_called(say: str, part: str) -> None:
    reply = answer("board", say)
    assert reply.tool_calls == []
    assert part in str(reply.text)


def test_what_was_not_understood_is_said_beside_the_calls() -> None:
    reply = answer("pair", "Cast Lirien. The moon hums quietly.")
    assert [call["name"] for call in reply.tool_calls] == ["cast"]
    assert str(reply.text) == 'I did not understand "The moon hums quietly", so I left that out.'


def test_a_message_that_is_too_long_is_not_read_in_part() -> None:
    reply = answer("pair", "Scene 3: " + "Daro waits. " * 400)
    assert reply.tool_calls == []
    assert "up to 4000" in str(reply.text)


def test_more_than_a_turn_can_do_is_said() -> None:
    reply = answer("board", " ".join(f"Install base{number}." for number in range(15)))
    assert len(reply.tool_calls) == 12
    assert "first twelve" in str(reply.text)


def test_a_value_that_a_tool_refuses_is_said_and_not_called() -> None:
    reply = answer("pair", "Cast Lirien with 40 faces")
    assert reply.tool_calls == []
    assert "candidates" in str(reply.text)


@pytest.mark.parametrize("say", ["what now?", "What?", "ok, what now"])
def test_one_who_does_not_know_how_to_go_on_is_told_how_things_stand(say: str) -> None:
    assert calls("ready", say) == [("status", {})]
