"""What happens in a turn, as the page and the terminal see it.

Values only; `agent.conversation.turns` makes them. A person's screen is built from these and from the stored
messages, never from the graph's own state.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from agent.answer import Answer, AnswerPicture
from tools.contracts.model import Contract
from tools.contracts.progress import Progress


class Token(Contract):
    """A piece of the assistant's words."""

    kind: Literal["token"] = "token"
    text: str


class ToolStarted(Contract):
    """A tool has begun."""

    kind: Literal["tool_started"] = "tool_started"
    call_id: str
    tool: str
    arguments: dict[str, JsonValue]


class ToolProgress(Contract):
    """How far a tool is."""

    kind: Literal["tool_progress"] = "tool_progress"
    call_id: str
    tool: str
    progress: Progress


class ToolEnded(Contract):
    """A tool has answered, or could not."""

    kind: Literal["tool_ended"] = "tool_ended"
    call_id: str
    tool: str
    answer: Answer | None = None
    error: str = ""
    """What was wrong, in a sentence; empty when there is an answer."""


class Proposal(Contract):
    """A call that waits for a person."""

    kind: Literal["proposal"] = "proposal"
    interrupt_id: str
    call_id: str
    tool: str
    arguments: dict[str, JsonValue]
    card: str
    """What would be done, rendered from the arguments by the studio, not by the model."""


class PlannedCall(Contract):
    """A call as the model asked for it."""

    tool: str
    args: dict[str, JsonValue] = Field(default_factory=dict)


class TurnEnded(Contract):
    """The turn is over, or waits for a person when there are proposals."""

    kind: Literal["turn_ended"] = "turn_ended"
    reply: str
    calls: tuple[PlannedCall, ...] = ()
    """All calls of the turn in the order they were asked for."""
    proposals: tuple[Proposal, ...] = ()
    pictures: tuple[AnswerPicture, ...] = ()
    jobs: tuple[str, ...] = ()
    """Jobs that were started and go on."""


class TurnFailed(TurnEnded):
    """The turn was ended by a part of the studio that failed; what was done is kept."""

    kind: Literal["turn_failed"] = "turn_failed"  # type: ignore[assignment]
    error: str
    """One sentence; also the end of `reply`."""


Event = Token | ToolStarted | ToolProgress | ToolEnded | Proposal | TurnEnded | TurnFailed
