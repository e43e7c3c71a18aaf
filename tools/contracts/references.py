"""The reference set: what is planned, how a layer is made, and what each finished image carries.

Holds values and their bounds. Words for light and place are free phrases; the named kinds (soft
or harsh, indoor or outdoor, urban or natural) are what the paper's guidelines count (section
III-B-1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from tools.contracts.limits import LONGEST_CAPTION
from tools.contracts.model import Box, Contract, Digest, Phrase, Seed
from tools.contracts.photography import Expression, Framing, Layer, View

FileName = Annotated[
    str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^/\\\x00.][^/\\\x00]*$")
]
"""A file's name inside its set's folder: no folders, not hidden."""


class Tilt(StrEnum):
    """The head turned vertically, as the camera sees it."""

    LEVEL = "level"
    UP = "up"
    DOWN = "down"


class LightQuality(StrEnum):
    """Diffused or hard-edged light."""

    SOFT = "soft"
    HARSH = "harsh"


class Setting(StrEnum):
    """What kind of place it is."""

    STUDIO = "studio"
    INDOOR = "indoor"
    OUTDOOR = "outdoor"


class Surroundings(StrEnum):
    """What stands around an outdoor picture."""

    URBAN = "urban"
    NATURAL = "natural"


class PlannedImage(Contract):
    """One image of a shot plan, in words that a prompt can be written from."""

    position: int = Field(ge=1, le=999)
    """Its number in the plan, from 1; stable through re-rolls."""
    layer: Layer
    framing: Framing
    view: View
    expression: Expression = Expression.NEUTRAL
    tilt: Tilt = Tilt.LEVEL
    angle: Phrase | None = None
    """Camera angle in words; how a tilted head is said to a base that knows no head tilt."""
    light: Phrase
    place: Phrase
    action: Phrase | None = None
    """Posture or gesture."""
    garment: Phrase | None = Field(default=None, exclude_if=lambda each: each is None)
    """Clothes in place of the look's; None where the look's are worn."""


class ReferencePlan(Contract):
    """A balanced shot plan; positions are unique and rise."""

    images: tuple[PlannedImage, ...] = Field(min_length=1, max_length=240)

    @model_validator(mode="after")
    def _positions_rise(self) -> ReferencePlan:
        positions = [image.position for image in self.images]
        if positions != sorted(set(positions)):
            raise ValueError("positions must be unique and rise")
        return self

    def of_layer(self, layer: Layer) -> tuple[PlannedImage, ...]:
        """The images of one layer, in plan order."""
        return tuple(image for image in self.images if image.layer is layer)


class LayerSpec(Contract):
    """How one layer is made image-to-image from the layers before it (paper, section III-B-2)."""

    layer: Layer
    parents: tuple[Layer, ...] = Field(min_length=1)
    """Layers that a parent may come from, the preferred one first."""
    strength: float = Field(gt=0, le=1)
    """Image-to-image strength of the first try."""
    turn_strength: float = Field(gt=0, le=1)
    """First strength where the head must turn away from the parent's view."""
    strength_floor: float = Field(gt=0, le=1)
    """Never below: a weaker redraw only repeats its parent."""
    strength_step: float = Field(gt=0, le=0.5)
    tries: int = Field(ge=1, le=10)
    """Draws of one image before it is given up, the first included."""
    accept: float = Field(gt=0)
    """Largest accepted distance to the anchor portraits, in thresholds."""
    review: float = Field(gt=0)
    """Largest distance that may be kept for a person to look at, in thresholds."""
    least_change: float = Field(ge=0, le=1)
    """Mean absolute difference from the parent (0 to 1) under which a redraw is a repetition."""
    keep_unreadable: bool
    """Whether an image without a readable face is kept for review: the face is too small."""

    @model_validator(mode="after")
    def _bounds_in_order(self) -> LayerSpec:
        if not self.strength_floor <= self.strength <= self.turn_strength:
            raise ValueError("expected strength_floor <= strength <= turn_strength")
        if self.accept > self.review:
            raise ValueError("expected accept <= review")
        return self


class SetImage(Contract):
    """One image of a reference set; what is unknown is None."""

    file: FileName
    digest: Digest
    layer: Layer
    caption: str | None = Field(default=None, min_length=1, max_length=LONGEST_CAPTION)
    position: int | None = Field(default=None, ge=1)
    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    tilt: Tilt | None = None
    angle: Phrase | None = None
    light: Phrase | None = None
    place: Phrase | None = None
    action: Phrase | None = None
    face: Box | None = None
    person: Box | None = None
    mask: FileName | None = None
    """White = learn, as in `TrainingImage`."""
    parent: Digest | None = None
    """The picture that it was drawn from."""
    strength: float | None = Field(default=None, gt=0, le=1)
    seed: Seed | None = None
    tries: int | None = Field(default=None, ge=1)
    csfd: float | None = Field(default=None, ge=0)
    """Distance to the anchor portraits when it was made; None without a readable face."""
    dropped: Phrase | None = None
    """Why it is left out of the set; None when it is in."""
