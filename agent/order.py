"""Calls of one answer are done one after the other, in the order the model asked for them.

LangGraph starts all calls of an answer at once, but "keep 1, and 2 again" means an order, and what
comes after a question must not run before the answer. So an answer is cut: its first call stays (or
the first ones, when all of them wait for a person anyway and can be decided in any order), the others
wait in the state and come back as the model's next answer. Each step has its checkpoint: whatever was
done before a process died is not done again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    InvalidToolCall,
    ToolCall,
    ToolMessage,
)
from langgraph.runtime import Runtime
from typing_extensions import override

from agent.approvals import must_wait
from agent.context import ChatContext
from agent.policy import ApprovalPolicy
from agent.state import StudioState
from tools.contracts.limits import MOST_CALLS

MAX_STEPS = 12
"""Answers with calls in one turn."""
RECURSION_LIMIT = 40
"""Steps of the graph in one run: the repair, twelve times model, order and tools, and the last word."""

TOO_MANY = (
    f"I stop here: one message may lead to at most {MOST_CALLS} calls. What is shown as done is done; "
    "say what should come next."
)


class Order(AgentMiddleware[StudioState, ChatContext, Any]):
    """Cuts answers into steps, answers malformed calls, and ends a turn that goes on too long."""

    state_schema = StudioState

    @override
    def after_model(
        self, state: StudioState, runtime: Runtime[ChatContext]
    ) -> dict[str, Any] | None:
        """Rewrite the model's newest message where it asks for anything."""
        message = state["messages"][-1]
        if not isinstance(message, AIMessage) or _asks_nothing(message):
            return None
        if _steps(state["messages"]) > MAX_STEPS or len(message.tool_calls) > MOST_CALLS:
            return {"messages": [_stopped(message)], "waiting": [], "failure": TOO_MANY}
        policy = state.get("policy") or ApprovalPolicy(ask_before_drawing=True)
        calls = [_with_id(call) for call in message.tool_calls]
        first = first_step(calls, policy)
        broken = [_as_call(call) for call in message.invalid_tool_calls]
        rewritten = _rewritten(message, [*first, *broken])
        errors = [
            _malformed(call, invalid)
            for call, invalid in zip(broken, message.invalid_tool_calls, strict=True)
        ]
        return {"messages": [rewritten, *errors], "waiting": calls[len(first) :]}


def first_step(calls: Sequence[ToolCall], policy: ApprovalPolicy) -> list[ToolCall]:
    """Return the calls to make now: one, or all at the head that wait for a person."""
    waits = [must_wait(call["name"], call["args"], policy) for call in calls]
    head = waits.index(False) if False in waits else len(waits)
    return list(calls[: max(1, head)])


def turn_of(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Return what was said since the director's last message."""
    spoken = [index for index, each in enumerate(messages) if isinstance(each, HumanMessage)]
    return list(messages[spoken[-1] + 1 :]) if spoken else list(messages)


def _steps(messages: Sequence[AnyMessage]) -> int:
    return sum(isinstance(each, AIMessage) for each in turn_of(messages))


def _asks_nothing(message: AIMessage) -> bool:
    return not message.tool_calls and not message.invalid_tool_calls


def _stopped(message: AIMessage) -> AIMessage:
    return _rewritten(message.model_copy(update={"content": TOO_MANY}), [])


def _rewritten(message: AIMessage, calls: Sequence[ToolCall]) -> AIMessage:
    """The message with other calls; the server's own copy of them would win over ours."""
    extra = {key: value for key, value in message.additional_kwargs.items() if key != "tool_calls"}
    return AIMessage(
        id=message.id,
        content=message.content,
        tool_calls=list(calls),
        additional_kwargs=extra,
        usage_metadata=message.usage_metadata,
    )


def _with_id(call: ToolCall) -> ToolCall:
    return call if call["id"] else {**call, "id": f"call_{uuid4().hex}"}


def _as_call(invalid: InvalidToolCall) -> ToolCall:
    call_id = invalid["id"] or f"call_{uuid4().hex}"
    return ToolCall(name=invalid["name"] or "unknown", args={}, id=call_id, type="tool_call")


def _malformed(call: ToolCall, invalid: InvalidToolCall) -> ToolMessage:
    got = json.dumps((invalid["args"] or "")[:200])
    text = f"the arguments of {call['name']} are no JSON object; got {got}. Call it again."
    return ToolMessage(content=text, name=call["name"], tool_call_id=call["id"], status="error")
