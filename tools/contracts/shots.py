"""A shot as it is asked for, and the prompt that was written for it."""

from __future__ import annotations

from pydantic import Field

from tools.contracts.images import CastMember
from tools.contracts.limits import LONGEST_LOOK, MOST_IN_FRAME
from tools.contracts.model import Contract, Name, Phrase
from tools.contracts.photography import Expression, Framing, View


class CharacterInShot(Contract):
    """A character in frame with the look worn and, if the shot says so, an own light."""

    character: Name
    look: str = Field(default="default", min_length=1, max_length=LONGEST_LOOK)
    light: Phrase | None = None


class ShotRequest(Contract):
    """One setup; a slot left None stays out of the prompt."""

    slate: str = Field(pattern=r"^[0-9]{1,4}[A-HJ-NP-Z]{0,2}$")
    """Scene number and setup letters, without I and O: `12A`."""
    framing: Framing
    view: View | None = None
    expression: Expression | None = None
    action: Phrase | None = None
    place: Phrase | None = None
    light: Phrase | None = None
    lens: Phrase | None = None
    angle: Phrase | None = None
    cast: tuple[CharacterInShot, ...] = Field(max_length=MOST_IN_FRAME)
    free_words: tuple[Phrase, ...] = ()
    """Words that no slot took; kept in the prompt."""


class Replacement(Contract):
    """A word that the base does not know and the nearest one that it does."""

    slot: str
    said: str
    used: str
    drawn: str | None = Field(default=None, exclude_if=lambda each: each is None)
    """What the base draws for `used`, where the words do not say it."""


class Removal(Contract):
    """A term that the linter took out, and why."""

    term: str
    reason: str


class ComposedPrompt(Contract):
    """A prompt ready to draw, with everything that a shot card must say about it."""

    text: str
    """Closes with the SAME anchor of `cast`."""
    negative: str
    cast: tuple[CastMember, ...]
    removed: tuple[Removal, ...] = ()
    replaced: tuple[Replacement, ...] = ()
    left_out: tuple[str, ...] = ()
    """Slots or words that this base does not understand, as `slot: words`."""
