"""What a backend is asked to draw, and what it returns.

A request names stored files by digest, never by path, so that it can travel to another machine and be
kept beside its result; whoever draws finds the files (`FindFile`). The result carries pixels (RGB uint8,
as a PIL image of mode "RGB").
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated

from PIL import Image
from pydantic import BeforeValidator, Field, model_validator

from tools.contracts.limits import (
    LONGEST_BLOCK,
    LONGEST_CAPTION,
    LONGEST_PROMPT,
    MOST_IN_FRAME,
    MOST_REFERENCES,
)
from tools.contracts.model import Contract, Digest, Name, Phrase, Seed, Size


class Purpose(StrEnum):
    """Why a picture is drawn; only the last two may have an empty cast."""

    CASTING = "casting"
    REFERENCE = "reference"
    TAKE = "take"
    SKETCH = "sketch"
    REGULARISATION = "regularisation"
    LAYOUT = "layout"


class CastMember(Contract):
    """A character in frame, as the SAME anchor needs it."""

    name: Name
    identity_block: str = Field(min_length=1, max_length=LONGEST_BLOCK)
    """Locked text; byte-identical in every prompt of the character and look."""
    light: Phrase
    """The light as it falls on this character (docs/architecture.md, Words)."""


def _digest_of_path(value: object) -> object:
    """Requests that were stored before they carried digests hold the path of the stored file."""
    return PurePath(value).stem if isinstance(value, str) and "/" in value else value


StoredFileDigest = Annotated[Digest, BeforeValidator(_digest_of_path)]
"""SHA-256 of a file in the store."""


class LoraUse(Contract):
    """A stored adapter file and how strongly it counts."""

    digest: StoredFileDigest
    weight: float = Field(default=1.0, ge=0.0, le=2.0)

    @model_validator(mode="before")
    @classmethod
    def _stored_with_a_path(cls, value: object) -> object:
        if not isinstance(value, dict) or "path" not in value:
            return value
        return {"digest": value["path"], "weight": value.get("weight", 1.0)}


class ImageRequest(Contract):
    """One picture to draw."""

    prompt: str = Field(min_length=1, max_length=LONGEST_PROMPT)
    cast: tuple[CastMember, ...] = Field(max_length=MOST_IN_FRAME)
    purpose: Purpose
    negative_prompt: str = Field(default="", max_length=LONGEST_CAPTION)
    base: str
    size: Size
    seed: Seed
    steps: int = Field(ge=1, le=200)
    guidance: float = Field(ge=0.0, le=30.0)
    loras: tuple[LoraUse, ...] = Field(default=(), max_length=4)
    init_image: StoredFileDigest | None = None
    strength: float | None = Field(default=None, gt=0.0, le=1.0)
    """Share of the noise schedule that image-to-image or inpainting runs through."""
    mask: StoredFileDigest | None = None
    """White = repaint; needs `init_image`."""
    references: tuple[StoredFileDigest, ...] = Field(
        default=(), max_length=MOST_REFERENCES, exclude_if=lambda each: not each
    )
    """Pictures of who is in frame, in the order that the prompt names; for a base that takes some."""

    @model_validator(mode="after")
    def _modes(self) -> ImageRequest:
        if (self.init_image is None) != (self.strength is None):
            raise ValueError("init_image and strength go together")
        if self.mask is not None and self.init_image is None:
            raise ValueError("a mask needs an init_image to repaint")
        return self


@dataclass(frozen=True)
class ImageResult:
    """A drawn picture with what made it."""

    image: Image.Image
    request: ImageRequest
    seconds: float
    """Wall time of the picture's share of its batch, in seconds."""
    cost: Decimal
    """US dollars; zero for local backends."""

    @property
    def seed(self) -> int:
        """The seed that drew the picture."""
        return self.request.seed
