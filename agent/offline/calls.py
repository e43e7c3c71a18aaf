"""Tool calls as values: which tools there are, and what makes a call's arguments valid.

Knows the argument models; must not know how a sentence is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pydantic import BaseModel, JsonValue, ValidationError

from agent import arguments

TOOLS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "create_character": arguments.CreateCharacter,
        "change_character": arguments.ChangeCharacter,
        "set_style": arguments.SetStyle,
        "cast": arguments.Cast,
        "choose_face": arguments.ChooseFace,
        "add_photos": arguments.AddPhotos,
        "build_references": arguments.BuildReferences,
        "review_references": arguments.ReviewReferences,
        "gate": arguments.Gate,
        "train": arguments.Train,
        "list_versions": arguments.ListVersions,
        "choose_version": arguments.ChooseVersion,
        "plan_shots": arguments.PlanShots,
        "shoot": arguments.Shoot,
        "show_takes": arguments.ShowTakes,
        "pick": arguments.Pick,
        "reject": arguments.Reject,
        "explain_verdict": arguments.ExplainVerdict,
        "status": arguments.Status,
        "cancel": arguments.Cancel,
        "cost": arguments.Cost,
        "add_base": arguments.AddBase,
        "deliver": arguments.Deliver,
    }
)
"""Tool name to the model of its arguments (issue 6)."""

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
        """Return the first argument that the tool would refuse, as `name: reason`, else None."""
        try:
            TOOLS[self.tool].model_validate(dict(self.args))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or self.tool
            return f"{where}: {first['msg']}"
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

    def with_args(self, **more: Value | None) -> Reading:
        """Return the reading with more arguments; those that are None stay out."""
        return replace(self, call=self.call.with_args(**more))

    @property
    def person(self) -> str | None:
        """The character that the call is about."""
        said = self.makes or self.call.args.get("character")
        return said if isinstance(said, str) else None
