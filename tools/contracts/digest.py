"""What a studio has, in the few words that a conversation needs: who, which shots, what is running.

Holds values only; `tools.workflows.digest` reads them from the store. Pictures are never in it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from tools.contracts.briefs import LookName, Person
from tools.contracts.model import Contract, Name
from tools.contracts.photography import Framing
from tools.contracts.verdicts import Outcome

Slate = Annotated[str, Field(pattern=r"^[0-9]{1,4}[A-HJ-NP-Z]{0,2}$")]
"""Scene number and setup letters: `12A`."""

TakeSlate = Annotated[str, Field(pattern=r"^[0-9]{1,4}[A-HJ-NP-Z]{0,2} T[0-9]{1,4}$")]
"""Slate and take: `12A T3`."""


class ShownKind(StrEnum):
    """What the numbers that a director says stand for: the things that were shown last."""

    NOTHING = "nothing"
    FACES = "faces"
    REFERENCES = "references"
    TAKES = "takes"
    SHOTS = "shots"


class Shown(Contract):
    """What was shown last; number 1 is the first label."""

    kind: ShownKind = ShownKind.NOTHING
    character: Name | None = None
    """Whose faces or references they are."""
    labels: tuple[str, ...] = Field(default=(), max_length=500)
    """Candidate numbers, image positions, take slates (`12A T3`) or shot slates (`12A`)."""


class CharacterState(Contract):
    """How far a character has come."""

    name: Name
    person: Person = "person"
    looks: tuple[LookName, ...] = ()
    candidates: int = Field(default=0, ge=0)
    """Faces of the last casting."""
    chosen_face: int | None = None
    references: int = Field(default=0, ge=0)
    """Images of the newest set."""
    gate: Outcome | None = None
    """The gate's word on the newest set; None while it was not asked."""
    versions: tuple[int, ...] = ()
    """LoRA versions, oldest first."""
    version_in_use: int | None = None


class ShotState(Contract):
    """A planned or drawn setup."""

    slate: Slate
    framing: Framing
    characters: tuple[Name, ...] = ()
    takes: int = Field(default=0, ge=0)
    """Without sketches, with which they share their numbers."""
    picked: TakeSlate | None = None
    sketches: int = Field(default=0, ge=0)
    """Pictures that the base drew alone: to look at, never delivered."""
    liked: TakeSlate | None = None
    """The sketch that the director picked."""
    newest_take: int | None = Field(default=None, ge=1)
    """Number of the newest take."""

    @property
    def drawn(self) -> int:
        """Takes and sketches; they are numbered without gaps."""
        return self.takes + self.sketches

    @property
    def newest(self) -> int:
        """Number of the newest take, of the newest sketch where there is no take; 0 for none."""
        return self.newest_take or self.drawn


class SceneState(Contract):
    """A scene and its setups."""

    number: int = Field(ge=1, le=9999)
    place: str | None = None
    light: str | None = None
    shots: tuple[ShotState, ...] = ()


class JobLine(Contract):
    """A job that waits or runs."""

    id: str
    kind: str
    state: str
    subject: str = ""
    """The character or the slates that it is about."""
    done: int = Field(default=0, ge=0)
    total: int = Field(default=0, ge=0)


class StudioDigest(Contract):
    """A production as a conversation sees it."""

    production: str
    style: str = ""
    """The locked style in words; empty when none is set."""
    aspect_ratio: str = "1:1"
    base: str = "maquette"
    bases: tuple[str, ...] = ("maquette",)
    """Bases that can draw now."""
    characters: tuple[CharacterState, ...] = ()
    scenes: tuple[SceneState, ...] = ()
    shown: Shown = Shown()
    attachments: int = Field(default=0, ge=0)
    """Pictures that were attached to the conversation and not used yet."""
    jobs: tuple[JobLine, ...] = ()
    ask_before_drawing: bool = False
