"""What waits for a person, how it is shown to that person, and how the answer is handed back.

Knows tools by name and the frozen policy; must not know what a tool does. Whether a call waits is
decided by its arguments and the state alone: it is decided again when the run goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain.agents import AgentState
from langchain.agents.middleware import (
    AgentMiddleware,
    HumanInTheLoopMiddleware,
    InterruptOnConfig,
    ToolCallRequest,
)
from langchain_core.messages import ToolCall
from langchain_core.runnables import RunnableConfig
from langgraph.runtime import Runtime
from langgraph.types import Command
from pydantic import JsonValue

from agent.context import ChatContext
from agent.policy import ApprovalPolicy
from agent.state import StudioState
from agent.toolkit.registry import find_tool
from tools.errors import BadInput
from tools.store.decision import Answered

STRICT_RESUME = "__pregel_strict_resume"
"""LangGraph's private switch that refuses an answer to a question that is no longer open."""

REFUSED = "User rejected the tool call for"
"""How LangChain begins its message about a call that a person refused."""

OVERTAKEN = "a new message came first"
"""Why a call was refused that nobody decided on."""


@dataclass(frozen=True)
class Ruling:
    """A person's answer to a proposal."""

    answered: Answered
    arguments: Mapping[str, JsonValue] | None = None
    """Other arguments of the same tool to approve instead; None approves them as they were proposed."""
    note: str = ""
    """Why not, when it was refused."""


def approve(arguments: Mapping[str, JsonValue] | None = None) -> Ruling:
    """Let a call run, with other arguments if given."""
    return Ruling(Answered.APPROVE, arguments)


def refuse(note: str = "") -> Ruling:
    """Keep a call from running."""
    return Ruling(Answered.REJECT, note=note)


def must_wait(tool: str, arguments: Mapping[str, JsonValue], policy: ApprovalPolicy) -> bool:
    """Say whether a call waits for a person; one with arguments that its tool refuses does not."""
    try:
        found = find_tool(tool)
        return found.must_wait(found.checked(arguments), policy)
    except BadInput:
        return False


def proposal_card(tool: str, arguments: Mapping[str, JsonValue], context: ChatContext) -> str:
    """Render what a call would do, as a person is shown it before deciding.

    Raises:
        BadInput: the arguments do not fit.
        FixableError: it cannot be done at all, as for a character that does not exist.
    """
    found = find_tool(tool)
    return found.card(found.checked(arguments), context)


class Approvals(HumanInTheLoopMiddleware[StudioState, ChatContext, Any]):
    """One question per call."""

    # Asked per call, the hook after the model does nothing, and as a node it would take one of the
    # run's counted steps.
    after_model = AgentMiddleware.after_model  # type: ignore[assignment]
    aafter_model = AgentMiddleware.aafter_model  # type: ignore[assignment]

    def __init__(self, tools: tuple[str, ...]) -> None:
        """Watch these tools; `must_wait` decides about each call."""
        config = InterruptOnConfig(
            allowed_decisions=["approve", "edit", "reject"], description=_describe, when=_when
        )
        super().__init__(dict.fromkeys(tools, config), interrupt_mode="per_call")


def _when(request: ToolCallRequest) -> bool:
    policy = request.state.get("policy") or ApprovalPolicy(ask_before_drawing=True)
    return must_wait(request.tool_call["name"], request.tool_call["args"], policy)


def _describe(
    tool_call: ToolCall,
    state: AgentState[Any],  # noqa: ARG001
    runtime: Runtime[Any],
) -> str:
    return proposal_card(tool_call["name"], tool_call["args"], runtime.context)


def resume_with(
    answers: Mapping[str, tuple[str, Ruling]], update: Mapping[str, JsonValue]
) -> Command[Any]:
    """The command that hands answers back.

    Args:
        answers: Interrupt id to the tool's name and the answer. More than one only where none of
            them runs anything: LangGraph may run the first before it refuses the second.
        update: What else changes in the state.
    """
    return Command(
        resume={key: _decision(tool, ruling) for key, (tool, ruling) in answers.items()},
        update=dict(update),
    )


def strictly(config: RunnableConfig) -> RunnableConfig:
    """The same run, which refuses an answer to a question that is not open.

    The switch is private to LangGraph, so it is named here and nowhere else.
    """
    return {**config, "configurable": {**config["configurable"], STRICT_RESUME: True}}


def _decision(tool: str, ruling: Ruling) -> dict[str, Any]:
    match ruling.answered:
        case Answered.APPROVE if ruling.arguments is None:
            return {"type": "approve"}
        case Answered.APPROVE:
            action = {"name": tool, "args": dict(ruling.arguments or {})}
            return {"type": "edit", "edited_action": action}
        case Answered.REJECT:
            return {"type": "reject", "message": ruling.note or "you said no"}
        case Answered.SUPERSEDED:
            return {"type": "reject", "message": OVERTAKEN}
