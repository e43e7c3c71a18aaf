"""The state of a conversation's graph: messages, the frozen approval policy, calls that wait.

Holds ids and values only, never pictures and never services; what it holds is what a checkpoint may
hold (docs/architecture.md, Where state lives).
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypeVar

from langchain.agents import AgentState
from langchain_core.messages import ToolCall

from agent.policy import ApprovalPolicy, KnownLook

# Checkpoints that were written before the policy had its own file name these two here.
__all__ = ["ApprovalPolicy", "KnownLook", "StudioState", "keep_last"]

_Value = TypeVar("_Value")


def keep_last(_before: _Value, after: _Value) -> _Value:
    """Take the newest value: two tools of one step, or two decisions about it, may each set one."""
    return after


class StudioState(AgentState[Any]):
    """What a checkpoint keeps."""

    policy: NotRequired[ApprovalPolicy]
    waiting: NotRequired[Annotated[list[ToolCall], keep_last]]
    """Calls that the model asked for and whose turn has not come (`agent.order`)."""
    failure: NotRequired[Annotated[str, keep_last]]
    """Why the turn ends without the model's word; empty when nothing failed."""
    heard: NotRequired[Annotated[int, keep_last]]
    """Position of the last stored message that the graph was given."""
