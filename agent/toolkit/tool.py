"""A chat tool as one value: what it is asked with, what it does, when it waits, and what is said of it.

Knows the context and the frozen policy; must not know any tool, nor a chat framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar

from pydantic import JsonValue, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from agent.answer import Answer
from agent.context import ChatContext
from agent.policy import ApprovalPolicy
from tools.contracts.limits import LONGEST_TEXT
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.errors import BadInput
from tools.store.job import Job
from tools.workflows.kinds import Kind

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
]
"""The director's own words, as they were said."""

Arguments = TypeVar("Arguments", bound=Contract)

JobReport = Callable[[ChatContext, Job], Answer]
"""Says what came of an ended job."""


def never(*_: object) -> bool:
    """No call of the tool."""
    return False


def always(*_: object) -> bool:
    """Every call of the tool."""
    return True


def plain_card(arguments: Contract, _context: ChatContext) -> str:
    """The call as it is, for a tool that nobody is asked about."""
    return f"{type(arguments).__name__}: {arguments.model_dump_json(exclude_defaults=True)}"


@dataclass(frozen=True)
class ChatTool(Generic[Arguments]):
    """One tool of the agent.

    The production, the person and the conversation are never arguments, so that no sentence can reach
    into another production.
    """

    name: str
    arguments: type[Arguments]
    """What it is asked with: bounded; its docstring and descriptions are what a language model reads."""
    run: Callable[[Arguments, ChatContext, ProgressSink], Answer]
    """Calls a workflow; holds no logic of its own."""
    card: Callable[[Arguments, ChatContext], str] = plain_card
    """What a person is shown before deciding on a call: rendered from the arguments and the store.

    The model's own words about a call are never part of it, so that a text which talks the model into a
    call cannot also talk the person into it.
    """
    waits: Callable[[Arguments, ApprovalPolicy], bool] = never
    """Which calls wait for a person whatever the production says."""
    draws: Callable[[Arguments], bool] = never
    """Which calls draw: they wait when the production asks before drawing (no base costs money yet)."""
    reports: Mapping[Kind, JobReport] = field(default_factory=dict)
    """What is said when a job that it started has ended, by kind."""

    def must_wait(self, arguments: Arguments, policy: ApprovalPolicy) -> bool:
        """Say whether a call waits for a person."""
        return self.waits(arguments, policy) or (
            policy.ask_before_drawing and self.draws(arguments)
        )

    def checked(self, arguments: Mapping[str, JsonValue]) -> Arguments:
        """Return a call's typed arguments.

        Raises:
            BadInput: they do not fit; the message says what was expected.
        """
        try:
            return self.arguments.model_validate(arguments)
        except ValidationError as error:
            faults = "; ".join(_fault(detail) for detail in error.errors(include_url=False)[:5])
            raise BadInput(f"{self.name} cannot be called like this: {faults}") from error


AnyTool = ChatTool[Any]


def _fault(detail: ErrorDetails) -> str:
    place = ".".join(str(part) for part in detail["loc"])
    return f"{place}: {detail['msg']}" if place else str(detail["msg"])
