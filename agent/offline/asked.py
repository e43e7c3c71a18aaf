"""A question that is open: the calls that wait, which of them lacks what, and what an ordinal means.

Travels in the answer's `additional_kwargs`, so that the next message can complete it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from agent.offline.calls import Call, Reading
from agent.tools import argument_models
from tools.contracts.model import Contract

_VALUES: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class WaitingCall(Contract):
    """A call that was understood but not made yet."""

    tool: str = Field(pattern=r"^[a-z_]{1,40}$")
    args: dict[str, JsonValue] = Field(default_factory=dict)
    makes: str = ""


class Asked(Contract):
    """What the director was asked last."""

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
        """Return what `read_asked` reads back."""
        return _VALUES.validate_python(self.model_dump(mode="json"))


def asked_by(readings: Sequence[Reading]) -> Asked | None:
    """Return the first open question of some readings; None when all are complete."""
    at = next((index for index, reading in enumerate(readings) if reading.missing), None)
    if at is None:
        return None
    return Asked(
        calls=tuple(
            WaitingCall(
                tool=each.call.tool,
                args=_VALUES.validate_python(dict(each.call.args)),
                makes=each.makes,
            )
            for each in readings
        ),
        at=at,
        missing=readings[at].missing,
        choices=readings[at].choices,
    )


def read_asked(stored: Mapping[str, object] | None) -> Asked | None:
    """Read an open question back; None when there is none or it is of another form."""
    if not stored:
        return None
    try:
        asked = Asked.model_validate(stored)
    except ValidationError:
        return None
    known = all(call.tool in argument_models() for call in asked.calls) and asked.at < len(
        asked.calls
    )
    return asked if known else None
