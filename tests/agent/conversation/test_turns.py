"""Turns through the whole graph: order, events, what is stored."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from agent.events import Token, ToolEnded, ToolProgress, ToolStarted, TurnEnded
from tests.support.chat import ChatMaker, ended
from tests.support.scripted_model import calls
from tools.errors import BadInput, UnknownName


def test_words_are_streamed_and_stored(chat: ChatMaker) -> None:
    talk = chat(AIMessage("Good morning to you."))

    events = talk.say("Good morning")

    assert "".join(e.text for e in events if isinstance(e, Token)).strip() == "Good morning to you."
    assert ended(events).reply == "Good morning to you."
    assert [(row.role.value, row.author, row.text) for row in talk.rows] == [
        ("user", "director", "Good morning"),
        ("assistant", "assistant", "Good morning to you."),
    ]


def test_calls_are_made_one_after_the_other_in_the_order_asked(chat: ChatMaker) -> None:
    talk = chat(
        calls(("pick", {"takes": ["1", "3"]}), ("reject", {"takes": ["2"]}), ("cost", {})),
        AIMessage("All three are done."),
    )

    events = talk.say("Keep 1 and 3, not 2; what did it cost?")

    assert talk.calls.names == ["pick", "reject", "cost"]
    shape = [type(e) for e in events if not isinstance(e, Token)]
    assert shape == [ToolStarted, ToolProgress, ToolEnded] * 3 + [TurnEnded]
    end = ended(events)
    assert [call.tool for call in end.calls] == ["pick", "reject", "cost"]
    assert end.reply == "All three are done."
    assert len(talk.asked) == 2


def test_history_has_an_answer_after_every_call(chat: ChatMaker) -> None:
    talk = chat(calls(("status", {}), ("cost", {})), AIMessage("So it stands."))

    talk.say("Status and cost")

    kinds = [message.type for message in talk.history()]
    assert kinds == ["human", "ai", "tool", "ai", "tool", "ai"]


def test_a_model_without_a_last_word_leaves_the_tools_to_speak(chat: ChatMaker) -> None:
    talk = chat(calls(("status", {})), AIMessage(""))

    assert talk.ask("How do we stand?").reply == "status is done."


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_a_message_without_words_or_too_long_is_refused(chat: ChatMaker, text: str) -> None:
    talk = chat(AIMessage("hm"))

    with pytest.raises(BadInput, match="message"):
        talk.runner.say(talk.id, text, "director")

    assert talk.rows == []


def test_an_unknown_conversation_is_refused(chat: ChatMaker) -> None:
    talk = chat(AIMessage("hm"))

    with pytest.raises(UnknownName, match="no conversation"):
        talk.runner.say("0" * 32, "hello", "director")
    with pytest.raises(UnknownName, match="no conversation"):
        talk.runner.open("another film", talk.id)
