"""The base class of every contract, and the small value types that they share."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from tools.contracts.limits import LONGEST_NAME, LONGEST_PHRASE


class Contract(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


Name = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=LONGEST_NAME, pattern=r"^\p{L}[\p{L}\p{M}\p{N} _'.-]*$"
    ),
    AfterValidator(_composed),
]
"""A character's name in the letters of any script, composed; the trigger is derived from it."""

Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PHRASE)
]
"""A short description in plain words."""

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""


class Size(Contract):
    """Width and height in pixels."""

    width: int = Field(ge=64, le=4096)
    height: int = Field(ge=64, le=4096)


class Box(Contract):
    """A rectangle in pixels, right and bottom exclusive; may reach outside the picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.bottom - self.top
