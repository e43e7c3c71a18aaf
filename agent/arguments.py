"""What each tool of the agent is asked with: bounded, and worded for a language model.

One model a tool, named after it. Nothing here knows a workflow; the production, the person and the
conversation are never arguments, so that no sentence can reach into another production.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from tools.contracts.briefs import AspectRatio, LookName
from tools.contracts.digest import Slate
from tools.contracts.model import Contract, Name, Phrase
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.shots import CharacterInShot

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""The director's own words, as they were said."""

TakeName = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{1,3}|[0-9]{1,4}[A-Z]{0,2} T[0-9]{1,4})$")
]
"""A take's slate (`12A T3`), or its number in what was shown last (`3`)."""


class CreateCharacter(Contract):
    """A new character from a brief in the director's own words."""

    brief: Words
    name: Name | None = Field(default=None, description="Only when the director said one.")


class ChangeCharacter(Contract):
    """Change what never changes (the identity), or make or change a look."""

    character: Name
    change: Words = Field(description="What is different, in the director's words.")
    look: LookName | None = Field(
        default=None,
        description="Name of the look that is made or changed; none changes the identity block itself.",
    )


class SetStyle(Contract):
    """Lock the production's style or its aspect ratio; only what the director asked to change."""

    style: Words | None = Field(
        default=None, description="Film stock, palette, lens family, tone, in the director's words."
    )
    aspect_ratio: AspectRatio | None = None

    @model_validator(mode="after")
    def _something(self) -> SetStyle:
        if self.style is None and self.aspect_ratio is None:
            raise ValueError("give a style or an aspect ratio")
        return self


class Cast(Contract):
    """Draw candidate faces side by side; `others` draws new ones instead of those shown before."""

    character: Name
    candidates: int = Field(default=4, ge=1, le=12)
    others: bool = False


class ChooseFace(Contract):
    """Take one candidate as the anchor portrait."""

    character: Name
    face: int = Field(ge=1, le=12)


class AddPhotos(Contract):
    """Take the director's pictures in: photos as the reference set, or one sheet as the casting."""

    character: Name
    kind: Literal["photos", "sheet"] = "photos"
    folder: str | None = Field(
        default=None,
        max_length=1000,
        description="A folder on this computer (a file for a sheet); none takes what was attached.",
    )


class BuildReferences(Contract):
    """Draw the reference set layer by layer from the chosen face."""

    character: Name
    images: int = Field(default=20, ge=12, le=60)
    review: bool = Field(
        default=False, description="Stop after each layer for the director to look."
    )


class ReviewReferences(Contract):
    """Show the reference images; drop some by number; draw the next layer."""

    character: Name
    drop: tuple[Annotated[int, Field(ge=1, le=999)], ...] = Field(default=(), max_length=60)
    next_layer: bool = False


class Gate(Contract):
    """Ask the identity gate about the newest reference set."""

    character: Name


class Train(Contract):
    """Train a LoRA on the newest reference set; waits for approval."""

    character: Name
    preset: Literal["fast", "paper"] = "fast"
    steps: int | None = Field(default=None, ge=1, le=200_000)


class ListVersions(Contract):
    """List a character's LoRA versions with their scores."""

    character: Name


class ChooseVersion(Contract):
    """Draw with this LoRA version from now on."""

    character: Name
    version: int = Field(ge=1, le=9999)


class PlanShots(Contract):
    """Turn a scene in prose into proposed shots; nothing is drawn."""

    text: Words = Field(description="The scene as the director wrote it.")
    scene: int | None = Field(default=None, ge=1, le=9999)


class ShotAsk(Contract):
    """One shot in the director's words; what was not said stays out."""

    framing: Framing = Framing.MEDIUM
    characters: tuple[CharacterInShot, ...] = Field(min_length=1, max_length=4)
    view: View | None = None
    expression: Expression | None = None
    action: Phrase | None = None
    place: Phrase | None = None
    light: Phrase | None = None
    lens: Phrase | None = None
    angle: Phrase | None = None


class Shoot(Contract):
    """Draw takes: of planned shots by slate, or of new shots described here."""

    slates: tuple[Slate, ...] = Field(default=(), max_length=60)
    shots: tuple[ShotAsk, ...] = Field(default=(), max_length=12)
    scene: int | None = Field(
        default=None, ge=1, le=9999, description="The scene of new shots; none takes the newest."
    )
    takes: int | None = Field(
        default=None, ge=1, le=10, description="Takes wanted of each shot; none leaves it to QC."
    )

    @model_validator(mode="after")
    def _something(self) -> Shoot:
        if not self.slates and not self.shots:
            raise ValueError("give the slates of planned shots, or describe a shot")
        return self


class ShowTakes(Contract):
    """Show takes with their verdicts, numbered; no slates shows the newest of every shot."""

    slates: tuple[Slate, ...] = Field(default=(), max_length=60)
    which: Literal["all", "picked", "rejected", "open"] = "all"


class Pick(Contract):
    """The director takes these takes; picking is the approval."""

    takes: tuple[TakeName, ...] = Field(min_length=1, max_length=60)
    note: Phrase | None = None


class Reject(Contract):
    """The director refuses these takes; the note shapes the next one."""

    takes: tuple[TakeName, ...] = Field(min_length=1, max_length=60)
    note: Phrase | None = Field(default=None, description="What is wrong, in the director's words.")
    again: bool = Field(default=False, description="Draw the shot again at once.")
    keep_anchor: bool = Field(
        default=False,
        description="For a note against the identity block: draw again with the anchor as it is.",
    )


class ExplainVerdict(Contract):
    """Say why QC judged a take as it did, with the numbers."""

    take: TakeName


class Status(Contract):
    """Say what there is and what is running; of one character if named."""

    character: Name | None = None


class Cancel(Contract):
    """Stop running or waiting work; finished work is kept."""

    what: Literal["everything", "cast", "references", "train", "shoot"] = "everything"


class Cost(Contract):
    """Say what was spent, what is left, and how long the work took."""


class AddBase(Contract):
    """Install a base (a diffusion model) so that it can draw; waits for approval."""

    base: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


class Deliver(Contract):
    """Write the picked takes as checked files with report and manifest; no slates takes all picks."""

    slates: tuple[Slate, ...] = Field(default=(), max_length=200)
