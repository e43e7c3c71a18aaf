"""What was said in a conversation: the newest message, what came before, and what tools returned.

Reads the studio back from the system message's `STUDIO:` line. Must not know what a sentence means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from pydantic import ValidationError

from agent.offline.asked import Asked, read_asked
from tools.contracts.digest import StudioDigest
from tools.errors import BadInput
from tools.language.lexicon import one_line
from tools.language.text import plain_text

ASKED = "asked"
"""Key of an open question in an answer's `additional_kwargs`."""

_STUDIO = re.compile(r"^STUDIO:\s*(\{.*\})\s*$", re.MULTILINE)
_MAX_EARLIER = 40


@dataclass(frozen=True)
class Line:
    """An earlier message."""

    by_director: bool
    text: str
    people: tuple[str, ...] = ()
    """Characters that the message's tool calls named."""


@dataclass(frozen=True)
class ToolResult:
    """What a tool gave back in this turn."""

    text: str
    failed: bool


@dataclass(frozen=True)
class Heard:
    """A conversation up to its newest message."""

    studio: StudioDigest
    newest: str
    """The director's newest message; the only text that is read for what to do."""
    earlier: tuple[Line, ...] = ()
    """Oldest first."""
    results: tuple[ToolResult, ...] = ()
    """What tools returned since the newest message; then they are the answer."""
    asked: Asked | None = None
    """The question that the message before left open."""


def listen(messages: Sequence[BaseMessage]) -> Heard:
    """Sort a conversation's messages.

    Raises:
        BadInput: the `STUDIO:` line does not hold a digest.
    """
    at = max(
        (index for index, message in enumerate(messages) if isinstance(message, HumanMessage)),
        default=-1,
    )
    before = messages[: max(at, 0)]
    return Heard(
        studio=_studio(messages),
        newest=plain_text(str(messages[at].text)) if at >= 0 else "",
        earlier=tuple(_line(each) for each in before[-_MAX_EARLIER:] if _is_talk(each)),
        results=tuple(
            ToolResult(str(each.text), each.status == "error")
            for each in messages[at + 1 :]
            if isinstance(each, ToolMessage)
        ),
        asked=_asked(before),
    )


def _studio(messages: Sequence[BaseMessage]) -> StudioDigest:
    lines = [
        match.group(1)
        for message in messages
        if isinstance(message, SystemMessage)
        for match in _STUDIO.finditer(str(message.text))
    ]
    if not lines:
        return StudioDigest(production="")
    try:
        return StudioDigest.model_validate_json(lines[-1])
    except ValidationError as error:
        raise BadInput(f"the STUDIO line is not a studio digest: {one_line(error)}") from error


def _is_talk(message: BaseMessage) -> bool:
    return isinstance(message, HumanMessage | AIMessage)


def _line(message: BaseMessage) -> Line:
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    people = tuple(str(call["args"]["character"]) for call in calls if _names_person(call["args"]))
    return Line(isinstance(message, HumanMessage), plain_text(str(message.text)), people)


def _names_person(args: Mapping[str, object]) -> bool:
    return isinstance(args.get("character"), str)


def _asked(before: Sequence[BaseMessage]) -> Asked | None:
    last = before[-1] if before else None
    if not isinstance(last, AIMessage):
        return None
    return read_asked(last.additional_kwargs.get(ASKED))
