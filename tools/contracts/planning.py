"""Shots that a text asks for before they have a slate, and what a note changes in one."""

from __future__ import annotations

from pydantic import Field

from tools.contracts.briefs import LookName, SceneBrief
from tools.contracts.digest import Slate
from tools.contracts.limits import MOST_IN_FRAME
from tools.contracts.model import Contract, Name, Phrase
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.shots import CharacterInShot, Removal, ShotRequest


class PlannedShot(Contract):
    """A setup with the words of the text that it covers; every phrase is the text's own."""

    framing: Framing
    view: View | None = None
    expression: Expression | None = None
    action: Phrase | None = None
    place: Phrase | None = None
    light: Phrase | None = None
    lens: Phrase | None = None
    angle: Phrase | None = None
    cast: tuple[CharacterInShot, ...] = Field(default=(), max_length=MOST_IN_FRAME)
    free_words: tuple[Phrase, ...] = ()
    covers: tuple[str, ...] = ()
    """Verbatim words of the text, in reading order."""

    def request(self, slate: Slate) -> ShotRequest:
        """Return the shot as it is stored under a slate."""
        return ShotRequest(slate=slate, **self.model_dump(exclude={"covers"}))


class UnknownLook(Contract):
    """A look that a text names and the character does not have."""

    character: Name
    look: LookName


class PlannedScene(Contract):
    """A scene in prose as shots."""

    scene: SceneBrief
    shots: tuple[PlannedShot, ...]
    unknown: tuple[str, ...] = ()
    """People of the text who are not in the cast; in no shot."""
    unknown_looks: tuple[UnknownLook, ...] = ()
    uncovered: tuple[str, ...] = ()
    """Words that no shot covers, as they stand in the text."""
    removed: tuple[Removal, ...] = ()
    """Syntax of other programs that was taken out."""


class Change(Contract):
    """One field of a shot that a note changed."""

    field: str
    """A field of `ShotRequest`, or `cast.light` for the light on the characters."""
    old: str | None
    new: str | None


class Revision(Contract):
    """A shot after a note; what never changes of its people is as it was."""

    shot: ShotRequest
    changes: tuple[Change, ...] = ()
    identity: str | None = None
    """The phrase of the note that contradicts the identity block; then nothing was changed."""
    unused: tuple[str, ...] = ()
    """Words of the note that changed nothing."""
    light_kept: str | None = None
    """The light that the anchor goes on naming although the scene's light changed."""
