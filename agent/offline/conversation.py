"""What was said in a conversation, what tools returned, and the question that is open.

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
from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from agent.offline.calls import Call, Reading
from agent.toolkit.registry import tools_by_name
from tools.contracts.digest import StudioDigest
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.language.lexicon import one_line
from tools.language.text import plain_text

ASKED = "asked"
"""Key of an open question in an answer's `additional_kwargs`."""

_STUDIO = re.compile(r"^STUDIO:\s*(\{.*\})\s*$", re.MULTILINE)
_MAX_EARLIER = 40
_VALUES: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class WaitingCall(Contract):
    """A call that was understood but not made yet."""

    tool: str = Field(pattern=r"^[a-z_]{1,40}$")
    args: dict[str, JsonValue] = Field(default_factory=dict)
    makes: str = ""


class OpenQuestion(Contract):
    """The question that is open: the calls that wait, which of them lacks what, what an ordinal means."""

    calls: tuple[WaitingCall, ...] = Field(min_length=1, max_length=40)
    at: int = Field(ge=0, lt=40)
    """Which call lacks something."""
    missing: str = Field(min_length=1, max_length=40)
    """Name of the argument that it lacks."""
    choices: tuple[str, ...] = ()
    """Values in the order in which the question names them."""

    @property
    def tool(self) -> str:
        """Tool of the call that lacks something."""
        return self.calls[self.at].tool

    @property
    def readings(self) -> list[Reading]:
        """The calls as readings; nothing is marked as missing."""
        return [
            Reading(Call.of(each.tool, dict(each.args)), makes=each.makes) for each in self.calls
        ]

    def as_json(self) -> dict[str, JsonValue]:
        """Return what an answer carries in its `additional_kwargs`."""
        return _VALUES.validate_python(self.model_dump(mode="json"))


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
    asked: OpenQuestion | None = None
    """The question that the message before left open."""


def asked_by(readings: Sequence[Reading]) -> OpenQuestion | None:
    """Return the first open question of some readings; None when all are complete."""
    at = next((index for index, reading in enumerate(readings) if reading.missing), None)
    if at is None:
        return None
    waiting = (
        WaitingCall(
            tool=each.call.tool,
            args=_VALUES.validate_python(dict(each.call.args)),
            makes=each.makes,
        )
        for each in readings
    )
    missing, choices = readings[at].missing, readings[at].choices
    return OpenQuestion(calls=tuple(waiting), at=at, missing=missing, choices=choices)


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


def _asked(before: Sequence[BaseMessage]) -> OpenQuestion | None:
    """Read an open question back; None when there is none or it is of another form."""
    last = before[-1] if before else None
    stored = last.additional_kwargs.get(ASKED) if isinstance(last, AIMessage) else None
    if not stored:
        return None
    try:
        asked = OpenQuestion.model_validate(stored)
    except ValidationError:
        return None
    known = all(call.tool in tools_by_name() for call in asked.calls)
    return asked if known and asked.at < len(asked.calls) else None
