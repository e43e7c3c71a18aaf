"""What a sentence would do: the model is asked, and nothing is done.

For scripts that try sentences out. Knows messages; runs no tool and stores nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.events import PlannedCall
from agent.prompts import system_message
from agent.tools import build_tools
from tools.contracts.digest import StudioDigest
from tools.store.conversation import Message, MessageRole

PLANNED = "planned only; nothing was done"
MAX_EARLIER = 40


@dataclass(frozen=True)
class PlannedTurn:
    """What the model would do about one sentence."""

    say: str
    calls: tuple[PlannedCall, ...]
    reply: str
    """What it said beside its calls."""


@dataclass
class Planner:
    """Asks a model sentence by sentence, as in one conversation."""

    model: BaseChatModel
    digest: StudioDigest
    earlier: list[BaseMessage] = field(default_factory=list)

    def plan(self, sentence: str) -> PlannedTurn:
        """Ask about one sentence; later ones are asked in its light."""
        bound = self.model.bind_tools(build_tools())
        said = HumanMessage(sentence)
        answer = bound.invoke([system_message(self.digest), *self.earlier, said])
        notes = [
            ToolMessage(PLANNED, name=call["name"], tool_call_id=call["id"])
            for call in answer.tool_calls
        ]
        self.earlier += [said, answer, *notes]
        calls = tuple(
            PlannedCall(tool=call["name"], args=call["args"]) for call in answer.tool_calls
        )
        return PlannedTurn(sentence, calls, str(answer.text))


def earlier_messages(rows: Sequence[Message]) -> list[BaseMessage]:
    """Return the newest stored messages as a model is given them; reports are left out."""
    talk = [row for row in rows if row.role is not MessageRole.REPORT][-MAX_EARLIER:]
    return [
        HumanMessage(row.text) if row.role is MessageRole.USER else AIMessage(row.text)
        for row in talk
    ]
