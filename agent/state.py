"""The state of a conversation's graph: messages, the frozen approval policy, calls that wait.

Holds ids and values only, never pictures and never services; what it holds is what a checkpoint may
hold (docs/architecture.md, Where state lives).
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypeVar

from langchain.agents import AgentState
from langchain_core.messages import ToolCall
from pydantic import Field

from tools.contracts.briefs import LookName
from tools.contracts.model import Contract, Name

MAX_LETTERS = 20_000
"""Letters of one message."""


class KnownLook(Contract):
    """A look whose anchor may be in prompts already."""

    character: Name
    look: LookName


class ApprovalPolicy(Contract):
    """What has to be asked before, as it was when the turn began.

    A resumed run decides by this value, not by the store, so that it decides the same again.
    """

    ask_before_drawing: bool = False
    """The production wants to be asked before anything is drawn."""
    looks: tuple[KnownLook, ...] = Field(default=(), max_length=2000)
    words: str = Field(default="", max_length=MAX_LETTERS)
    """What the director said: a folder that is not named there, somebody else named."""

    def knows(self, character: str, look: str) -> bool:
        """Say whether a look was there when the turn began; capitals do not count."""
        asked = (character.casefold(), look.casefold())
        return any(asked == (k.character.casefold(), k.look.casefold()) for k in self.looks)


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
