"""What becomes of a tool's error."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.answer import Answer
from agent.events import ToolEnded, TurnFailed
from agent.tools import ToolBug
from tests.support.chat import ChatMaker, ended
from tests.support.scripted_model import calls
from tools.contracts.progress import Progress
from tools.errors import BaseUnavailable, UnknownName


def test_an_error_that_can_be_mended_goes_back_to_the_model(chat: ChatMaker) -> None:
    def gate(*_: Any) -> Answer:
        raise UnknownName("no character named 'Zoe'; there are: Lirien")

    talk = chat(calls(("gate", {"character": "Zoe"})), lambda m: AIMessage(m[-1].text), gate=gate)

    events = talk.say("Ask the gate about Zoe")

    assert ended(events).kind == "turn_ended"
    assert ended(events).reply == "no character named 'Zoe'; there are: Lirien"
    [failed] = [e for e in events if isinstance(e, ToolEnded)]
    assert (failed.answer, failed.error) == (None, ended(events).reply)


def test_a_failed_service_ends_the_turn_and_what_was_to_follow(chat: ChatMaker) -> None:
    def gate(*_: Any) -> Answer:
        raise BaseUnavailable("the base sdxl is not installed; samecast base add sdxl")

    talk = chat(
        calls(("status", {}), ("gate", {"character": "Lirien"}), ("cost", {})),
        AIMessage("Next time."),
        gate=gate,
    )

    end = talk.ask("Status, gate, cost")

    assert isinstance(end, TurnFailed)
    assert end.error == "the base sdxl is not installed; samecast base add sdxl"
    assert end.reply == f"status is done.\n\n{end.error}"
    assert talk.calls.names == ["status"]
    assert len(talk.asked) == 1
    assert [m.type for m in talk.history()] == ["human", "ai", "tool", "ai", "tool", "ai"]
    assert talk.ask("Well").reply == "Next time."


def test_a_validation_error_inside_a_tool_is_a_bug_and_no_bad_argument(chat: ChatMaker) -> None:
    def status(*_: Any) -> Answer:
        Progress(stage="x", done=-1, total=0)
        return Answer(text="never")

    talk = chat(calls(("status", {})), AIMessage("never"), status=status)

    with pytest.raises(ToolBug, match="status built a value"):
        talk.say("Status")
