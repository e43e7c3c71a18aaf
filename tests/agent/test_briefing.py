"""What the model is given of a long conversation, and when it is not asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.briefing import MAX_MESSAGES, newest
from tests.support.chat import ChatMaker
from tests.support.scripted_model import calls


def turn(number: int, tools: int) -> list[AnyMessage]:
    answers: list[AnyMessage] = [ToolMessage("ok", tool_call_id=str(n)) for n in range(tools)]
    return [HumanMessage(f"say {number}"), AIMessage("I do."), *answers, AIMessage("Done.")]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_the_newest_messages_begin_with_the_director_and_fit(tools: list[int]) -> None:
    messages = [each for number, count in enumerate(tools) for each in turn(number, count)]

    kept = newest(messages)

    assert kept == messages[len(messages) - len(kept) :]
    assert isinstance(kept[0], HumanMessage)
    assert len(kept) <= MAX_MESSAGES
    following = messages[: len(messages) - len(kept)]
    assert not following or len(kept) + len(turn(0, tools[-1])) + 15 > MAX_MESSAGES


def test_a_turn_longer_than_what_a_model_is_given_is_not_torn() -> None:
    messages = turn(0, MAX_MESSAGES + 5)

    assert newest(messages) == messages


def test_a_call_that_waits_its_turn_asks_no_model(chat: ChatMaker) -> None:
    talk = chat(calls(("status", {}), ("cost", {})), AIMessage("Both done."))

    assert talk.ask("Status and cost").reply == "Both done."
    assert talk.calls.names == ["status", "cost"]
    assert len(talk.asked) == 2, "the call that waited came back without the model"
