"""What a backend is asked to draw, and what it returns.

Pictures travel as paths of stored files in a request, so that the exact request can be kept beside
its result; the result carries pixels (RGB uint8, as a PIL image of mode "RGB").
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from PIL import Image
from pydantic import Field, model_validator

from tools.contracts.limits import LONGEST_BLOCK, MOST_IN_FRAME
from tools.contracts.model import Contract, Name, Phrase, Seed, Size


class Purpose(StrEnum):
    """Why a picture is drawn; only the last two may have an empty cast."""

    CASTING = "casting"
    REFERENCE = "reference"
    TAKE = "take"
    REGULARISATION = "regularisation"
    LAYOUT = "layout"


class CastMember(Contract):
    """A character in frame, as the SAME anchor needs it."""

    name: Name
    identity_block: str = Field(min_length=1, max_length=LONGEST_BLOCK)
    """Locked text; byte-identical in every prompt of the character and look."""
    light: Phrase
    """The light as it falls on this character (docs/architecture.md, Words)."""


class LoraUse(Contract):
    """An adapter file and how strongly it counts."""

    path: Path
    weight: float = Field(default=1.0, ge=0.0, le=2.0)


class ImageRequest(Contract):
    """One picture to draw."""

    prompt: str = Field(min_length=1, max_length=8000)
    cast: tuple[CastMember, ...] = Field(max_length=MOST_IN_FRAME)
    purpose: Purpose
    negative_prompt: str = Field(default="", max_length=4000)
    base: str
    size: Size
    seed: Seed
    steps: int = Field(ge=1, le=200)
    guidance: float = Field(ge=0.0, le=30.0)
    loras: tuple[LoraUse, ...] = Field(default=(), max_length=4)
    init_image: Path | None = None
    strength: float | None = Field(default=None, gt=0.0, le=1.0)
    """Share of the noise schedule that image-to-image or inpainting runs through."""
    mask: Path | None = None
    """White = repaint; needs `init_image`."""

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
