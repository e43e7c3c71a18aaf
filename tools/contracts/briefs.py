"""What a director says about a character, a scene and a production, in typed slots.

Every slot holds the director's own words. What no slot took stays in `free_words`, so that nothing
is dropped in silence.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from tools.contracts.limits import LONGEST_LOOK, MOST_FREE_WORDS, MOST_IN_CAST
from tools.contracts.model import Contract, Name, Phrase

MOST_LOOKS = 24

Phrases = Annotated[tuple[Phrase, ...], Field(max_length=24)]
"""A short list of phrases."""

FreeWords = Annotated[tuple[Phrase, ...], Field(max_length=MOST_FREE_WORDS)]
"""Words that no slot took, as contiguous as they were said."""

LookName = Annotated[str, Field(min_length=1, max_length=LONGEST_LOOK)]

Person = Literal["woman", "man", "girl", "boy", "person"]
"""The noun of the class that a character belongs to; `person` when the brief does not say."""


class AspectRatio(StrEnum):
    """Formats that a production may be framed in."""

    SQUARE = "1:1"
    FOUR_FIVE = "4:5"
    WIDE = "16:9"
    FLAT = "1.85:1"
    SCOPE = "2.39:1"
    UPRIGHT = "9:16"


class LookBrief(Contract):
    """What differs in a named look; an empty slot keeps what the default look has."""

    name: LookName
    wardrobe: Phrases = ()
    headwear: Phrase | None = None
    hair_styling: Phrase | None = None
    facial_hair: Phrase | None = None
    injuries: Phrases = ()
    ageing: Phrase | None = None
    without: Phrases = ()
    """Items of the default look, or of the recurring identity, that are not worn; a beard too."""


class CharacterBrief(Contract):
    """A person to keep the same: what never changes, and the looks."""

    name: Name
    name_is_invented: bool = False
    """True when the brief named nobody and a working name was made from its text."""
    person: Person = "person"
    age: Phrase | None = None
    skin: Phrase | None = None
    hair: Phrase | None = None
    eyes: Phrase | None = None
    facial_hair: Phrase | None = None
    marks: Phrases = ()
    build: Phrase | None = None
    wardrobe: Phrases = ()
    """The default look's clothes, without articles."""
    headwear: Phrase | None = None
    """The default look's hat, cap or scarf on the head."""
    tone: Phrases = ()
    recurring: Phrases = ()
    """Recurring visual identity: what is seen in every scene, whatever the look."""
    signature_light: Phrase | None = None
    looks: tuple[LookBrief, ...] = Field(default=(), max_length=MOST_LOOKS)
    free_words: FreeWords = ()
    embedder: str | None = Field(default=None, max_length=40, exclude_if=lambda each: each is None)
    """Row of the embedder table that tells this character apart, for one whose face a base's own
    embedder cannot read (animated, masked); None leaves it to the base."""


class SceneCast(Contract):
    """A character of a scene and the look worn in it."""

    character: Name
    look: LookName = "default"


class SceneBrief(Contract):
    """A scene as it was described."""

    number: int | None = Field(default=None, ge=1, le=9999)
    place: Phrase | None = None
    light: Phrase | None = None
    """Light and time of day in one phrase: both say how the scene is lit."""
    action: Phrase | None = None
    cast: tuple[SceneCast, ...] = Field(default=(), max_length=MOST_IN_CAST)
    style: Phrases = ()
    free_words: FreeWords = ()


class ProductionStyle(Contract):
    """The production's locked style, said in the same words in every prompt."""

    film_stock: Phrase | None = None
    palette: Phrase | None = None
    lens_family: Phrase | None = None
    tone: Phrases = ()
    aspect_ratio: AspectRatio = AspectRatio.SQUARE
    free_words: FreeWords = ()
