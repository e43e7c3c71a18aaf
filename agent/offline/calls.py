"""Tool calls as values, complete or not.

Must not know how a sentence is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from agent.toolkit.registry import check_arguments
from tools.errors import BadInput
from tools.language.text import Text

Value = JsonValue
"""What an argument may be."""


@dataclass(frozen=True)
class Call:
    """One tool call as a sentence gave it; arguments that were not said are not in it."""

    tool: str
    args: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, tool: str, args: Mapping[str, Value | None]) -> Call:
        """Return a call with those arguments that are not None."""
        return cls(tool, {name: value for name, value in args.items() if value is not None})

    def with_args(self, **more: Value | None) -> Call:
        """Return the call with more arguments; those that are None stay out."""
        return Call.of(self.tool, {**self.args, **more})

    def problem(self) -> str | None:
        """Return why the tool would refuse the arguments, else None."""
        try:
            check_arguments(self.tool, self.args)
        except BadInput as error:
            return str(error)
        return None


@dataclass(frozen=True)
class Reading:
    """What one clause means: a call, and what is missing before it can be made."""

    call: Call
    missing: str = ""
    """Argument that nothing tells; empty when the call is complete."""
    question: str = ""
    """The one sentence that asks for it."""
    choices: tuple[str, ...] = ()
    """What `the second` would mean in an answer."""
    makes: str = ""
    """Name of the character that the call creates."""
    said: Text = field(default_factory=lambda: Text("", ""))
    """The words that were read."""
    taken: tuple[str, ...] = ()
    """Words of them that went into an argument in another form: a size, a look."""
    left: tuple[str, ...] = ()
    """Words of them that mean something and went into no argument, as said."""

    def with_args(self, **more: Value | None) -> Reading:
        """Return the reading with more arguments; those that are None stay out."""
        return replace(self, call=self.call.with_args(**more))

    @property
    def person(self) -> str | None:
        """The character that the call is about."""
        said = self.makes or self.call.args.get("character")
        return said if isinstance(said, str) else None
