"""Reference sets as pieces of work: taken from photos, or made layer by layer."""

from __future__ import annotations

from pydantic import Field

from tools.contracts.limits import LONGEST_CAPTION
from tools.contracts.model import Contract, Digest, Name, Phrase
from tools.contracts.photography import Expression, Framing, View

MOST_PHOTOS = 200


class PhotoFile(Contract):
    """A photo in the store, with what its folder says about it."""

    name: str = Field(min_length=1, max_length=255)
    digest: Digest
    caption: str | None = Field(default=None, max_length=LONGEST_CAPTION)
    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    light: Phrase | None = None
    place: Phrase | None = None


class LeftOut(Contract):
    """A file that came with photos and is not among them, and why."""

    file: str
    reason: str


class PhotoSetRequest(Contract):
    """Take a director's photos in as a reference set."""

    production: str
    character: Name
    base: str
    photos: tuple[PhotoFile, ...] = Field(max_length=MOST_PHOTOS)
    left_out: tuple[LeftOut, ...] = Field(default=(), exclude_if=lambda files: not files)
    """What came with them and could not be taken; said with the answer."""
    least_images: int = Field(default=20, ge=1, le=200)
    identity: int = Field(default=1, ge=1, exclude_if=lambda version: version == 1)
    """Version of the identity block that the captions are written with; the same photos of a changed
    character are another set."""


class FlaggedImage(Contract):
    """An image that a person should look at, and why."""

    file: str
    flags: tuple[str, ...]


class ReferenceSetMade(Contract):
    """A stored set, not yet judged by the gate."""

    reference_set_id: str
    version: int = Field(ge=1)
    count: int = Field(ge=0)
    flagged: tuple[FlaggedImage, ...] = ()
    left_out: tuple[LeftOut, ...] = Field(default=(), exclude_if=lambda files: not files)


class GateRequest(Contract):
    """Judge a stored set."""

    reference_set_id: str
    calibration: str = "maquette"
    minimum: int = Field(default=20, ge=1, le=200)
    dropped: tuple[int, ...] = Field(default=(), max_length=200, exclude_if=lambda each: not each)
    """Positions that are out of the set by now: with fewer images it is another question."""
    rules: int = Field(default=2, ge=1)
    """Version of the gate's rules: an answer by older ones is asked for anew."""
