"""What becomes of a tool's error: a message that the model can mend, or the end of the turn.

Knows the two families of errors (`tools.errors`); a bug is in neither and passes through, and so
does the pause of an approval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ToolCallRequest
from langchain_core.messages import ToolCall, ToolMessage
from langgraph.types import Command
from typing_extensions import override

from agent.approvals import OVERTAKEN, REFUSED
from agent.context import ChatContext
from agent.state import StudioState
from agent.toolkit.registry import check_arguments
from tools.errors import FailedError, FixableError


class ToolFailures(AgentMiddleware[StudioState, ChatContext, Any]):
    """Stands around everything else that happens to a call."""

    state_schema = StudioState

    @override
    def wrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]],
    ) -> ToolMessage | Command[Any]:
        """Check the arguments before anybody is asked about them, then turn errors into answers."""
        call = request.tool_call
        try:
            check_arguments(call["name"], call["args"])
            answer = handler(request)
        except FixableError as error:
            return _error(call, str(error))
        except FailedError as error:
            return Command(update={"messages": [_error(call, str(error))], "failure": str(error)})
        return _plain(answer) if isinstance(answer, ToolMessage) else answer


def _error(call: ToolCall, text: str) -> ToolMessage:
    return ToolMessage(content=text, name=call["name"], tool_call_id=call["id"], status="error")


def _plain(answer: ToolMessage) -> ToolMessage:
    """Say a person's refusal in words that may be shown to that person; it is no error of the tool."""
    text = str(answer.content)
    if answer.status != "error" or not text.startswith(REFUSED):
        return answer
    reason = text.partition(" with reason: ")[2]
    name = (answer.name or "this").replace("_", " ").capitalize()
    status = "error" if reason == OVERTAKEN else "success"
    return answer.model_copy(update={"content": f"{name} was not done: {reason}", "status": status})
