"""What a run of the graph brought, taken down as it happens: events, words, pictures, jobs.

Reads LangGraph's stream (form v2) and nothing else; must not store anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langgraph.types import StateSnapshot

from agent.answer import LONGEST_TEXT, MOST_JOBS, MOST_PICTURES, Answer, AnswerPicture
from agent.briefing import STAND_IN
from agent.events import (
    Event,
    PlannedCall,
    Proposal,
    Token,
    ToolEnded,
    ToolProgress,
    ToolStarted,
)
from agent.order import turn_of


@dataclass
class Record:
    """One run: a new message, or what follows a decision."""

    told: list[str] = field(default_factory=list)
    """Texts of tools that the director has read already."""
    words: list[str] = field(default_factory=list)
    """What the model said."""
    lines: list[str] = field(default_factory=list)
    """What the model and the tools said, in order."""
    answers: list[Answer] = field(default_factory=list)

    def read(self, part: Mapping[str, Any]) -> Iterator[Event]:
        """Take one part of the stream down and yield what it means."""
        match part["type"]:
            case "custom":
                yield _custom(part["data"])
            case "messages":
                yield from _token(*part["data"])
            case "updates":
                cached = part["data"].get("__metadata__", {}).get("cached", False)
                for node in ("model", "tools"):
                    for message in _messages(part["data"].get(node)):
                        yield from self._message(message, cached)

    def reply(self, *, finished: bool) -> str:
        """The assistant's words.

        Args:
            finished: The model had the last word, so it has told what the tools returned; else their
                own texts are told.
        """
        words = [_without(text, self.told) for text in self.words] if finished else self.lines
        text = "\n\n".join(word for word in words if word)
        return text or "\n\n".join(self.lines)

    def answer(self, reply: str, waits: Sequence[str] = ()) -> Answer:
        """The reply with the pictures and jobs of all tools.

        Args:
            reply: However long a model made it, it is cut so that what waits fits in behind it.
            waits: What waits for a person.
        """
        asked = "\n\n".join(waits)[:LONGEST_TEXT]
        said = reply[: max(0, LONGEST_TEXT - len(asked) - 2)]
        pictures: list[AnswerPicture] = [p for each in self.answers for p in each.pictures]
        jobs = list(dict.fromkeys(job for each in self.answers for job in each.jobs))
        return Answer(
            text="\n\n".join(part for part in (said, asked) if part),
            pictures=tuple(pictures[:MOST_PICTURES]),
            jobs=tuple(jobs[:MOST_JOBS]),
        )

    def _message(self, message: AnyMessage, cached: bool) -> Iterator[Event]:
        if isinstance(message, AIMessage) and message.text and not _stands_in(message):
            self.words.append(message.text)
            self.lines.append(message.text)
        elif isinstance(message, ToolMessage) and cached:
            self.told.append(str(message.text))
        elif isinstance(message, ToolMessage):
            self.lines.append(str(message.text))
            yield self._ended(message)

    def _ended(self, message: ToolMessage) -> ToolEnded:
        failed = message.status == "error" or message.artifact is None
        answer = None if failed else Answer.model_validate(message.artifact)
        if answer is not None:
            self.answers.append(answer)
        return ToolEnded(
            call_id=message.tool_call_id,
            tool=message.name or "",
            answer=answer,
            error=str(message.text) if failed else "",
        )


def told_before(state: StateSnapshot) -> list[str]:
    """Return what tools said earlier in the turn that goes on."""
    turn = turn_of(state.values.get("messages", []))
    return [str(each.text) for each in turn if isinstance(each, ToolMessage)]


def planned_calls(state: StateSnapshot) -> tuple[PlannedCall, ...]:
    """Return all calls of the turn, those too that have not been made."""
    turn = turn_of(state.values.get("messages", []))
    made = [call for each in turn if isinstance(each, AIMessage) for call in each.tool_calls]
    calls = [*made, *state.values.get("waiting", [])]
    return tuple(PlannedCall(tool=call["name"], args=call["args"]) for call in calls)


def proposals_of(state: StateSnapshot) -> tuple[Proposal, ...]:
    """Return the calls that wait for a person."""
    return tuple(
        Proposal(
            interrupt_id=question.id,
            call_id=question.value["tool_call_id"],
            tool=question.value["name"],
            arguments=question.value["args"],
            card=question.value["description"],
        )
        for question in state.interrupts
    )


def _custom(data: Mapping[str, Any]) -> Event:
    if data["kind"] == "tool_started":
        return ToolStarted.model_validate(data)
    return ToolProgress.model_validate(data)


def _token(message: AnyMessage, metadata: Mapping[str, Any]) -> Iterator[Event]:
    from_model = metadata.get("langgraph_node") == "model" and isinstance(message, AIMessage)
    if from_model and message.text and not _stands_in(message):
        yield Token(text=str(message.text))


def _messages(update: Any) -> Sequence[AnyMessage]:
    """The messages of a node's update; a command that also sets something comes in a list."""
    parts = update if isinstance(update, list) else [update]
    return [each for part in parts if part for each in part.get("messages", [])]


def _stands_in(message: AnyMessage) -> bool:
    return STAND_IN in message.additional_kwargs


def _without(text: str, told: Sequence[str]) -> str:
    for known in told:
        text = text.replace(known, "")
    return text.strip()
