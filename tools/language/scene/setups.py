"""The setups of a plan while it is being made.

Knows how a setup gathers words and becomes a planned shot; must not know how a text is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.contracts.photography import Expression, Framing, View
from tools.contracts.planning import PlannedShot
from tools.contracts.shots import CharacterInShot
from tools.language.scene.whereabouts import clipped


@dataclass
class SetupDraft:
    """One shot, open to more words that it covers."""

    framing: Framing
    cast: tuple[CharacterInShot, ...]
    place: str | None = None
    light: str | None = None
    action: str | None = None
    expression: Expression | None = None
    view: View | None = None
    angle: str | None = None
    lens: str | None = None
    is_speech: bool = False
    is_open: bool = False
    """Nobody was named: whoever the text names first stands in it."""
    free: list[str] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)

    def planned(self) -> PlannedShot:
        """Return the shot as a contract."""
        return PlannedShot(
            framing=self.framing,
            view=self.view,
            expression=self.expression,
            action=_phrase(self.action),
            place=_phrase(self.place),
            light=_phrase(self.light),
            lens=_phrase(self.lens),
            angle=_phrase(self.angle),
            cast=self.cast,
            free_words=tuple(words for each in self.free if (words := clipped(each))),
            covers=tuple(self.covers),
        )

    def same_speech(self, other: SetupDraft) -> bool:
        """Say whether two speeches are one setup: the camera need not move."""
        mine = (self.cast, self.place, self.light, self.action, self.expression)
        theirs = (other.cast, other.place, other.light, other.action, other.expression)
        return self.is_speech and other.is_speech and mine == theirs


@dataclass
class Setups:
    """All setups of a scene, and the words that wait for one."""

    listed_only: bool
    """The text lists its shots: no others are made."""
    made: list[SetupDraft] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    """Words that the next setup covers."""

    def add(self, setup: SetupDraft) -> SetupDraft:
        """Take a setup in, with the words that waited for it."""
        setup.covers[:0] = self.waiting
        self.waiting = []
        self.made.append(setup)
        return setup

    def speech(self, setup: SetupDraft) -> None:
        """Take a speech in; the same person with the same face in the same place is one setup."""
        same = next((each for each in self.made if each.same_speech(setup)), None)
        if same is None:
            self.add(setup)
            return
        same.covers.extend([*self.waiting, *setup.covers])
        self.waiting = []

    def cover_here(self, words: str) -> None:
        """Let the setup before cover words; the next one when there is none yet."""
        target = self.made[-1].covers if self.made else self.waiting
        target.append(words)

    def settle(self, first: CharacterInShot | None) -> None:
        """Give what still waits to the last setup, and open frames to whom the text named first."""
        for setup in self.made:
            if setup.is_open and not setup.cast and first is not None:
                setup.cast = (first,)
        if self.made:
            self.made[-1].covers.extend(self.waiting)
            self.waiting = []


def _phrase(words: str | None) -> str | None:
    return (clipped(words) or None) if words else None
