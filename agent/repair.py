"""Answers for calls that nobody answered, before a new message is read.

A turn that was cut, and approvals that a new message overtook, leave calls without answers, which a
model's server refuses. Pure functions over messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessage, AnyMessage, RemoveMessage, ToolMessage
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.runtime import Runtime
from typing_extensions import override

from agent.context import ChatContext
from agent.state import StudioState

CUT = "not done: the turn was cut before this call was answered; ask again if it is still wanted"


def answer_dangling(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Return the messages with an error after each call that has no answer.

    Ids may come again in later turns, so answers are looked for only up to the next word of the model.
    """
    mended: list[AnyMessage] = []
    open_calls: dict[str, str] = {}
    for message in messages:
        if isinstance(message, ToolMessage):
            open_calls.pop(message.tool_call_id, None)
        else:
            mended += _errors(open_calls)
            open_calls = {}
        mended.append(message)
        if isinstance(message, AIMessage):
            open_calls = {call["id"] or "": call["name"] for call in message.tool_calls}
    return mended + _errors(open_calls)


class Repair(AgentMiddleware[StudioState, ChatContext, Any]):
    """Mends the history once at the start of a turn."""

    state_schema = StudioState

    @override
    def before_agent(
        self, state: StudioState, runtime: Runtime[ChatContext]
    ) -> dict[str, Any] | None:
        """Replace the messages when a call hangs."""
        messages = state["messages"]
        mended = answer_dangling(messages)
        if len(mended) == len(messages):
            return None
        return {"messages": [RemoveMessage(id=REMOVE_ALL_MESSAGES), *mended]}


def _errors(open_calls: dict[str, str]) -> list[AnyMessage]:
    return [
        ToolMessage(content=CUT, name=name, tool_call_id=call_id, status="error")
        for call_id, name in open_calls.items()
    ]
