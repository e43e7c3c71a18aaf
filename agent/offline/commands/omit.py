"""Shots and scenes go out of the film and come back: omit.

"Omit 4C", "leave scene 4 out", "bring 4C back". What is left out of a picture, of a set or of a
delivery is not meant: a slate or a scene is named, and no take.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.dialogue_state import DialogueState
from agent.offline.patterns import Block, Patterns
from agent.offline.references import framed_in, scene_in, takes_in
from tools.language.slate import slates_in
from tools.language.text import Text


@dataclass(frozen=True)
class OmitWords(Block, block="omit", file="commands/omit.yaml"):
    """How shots are left out and brought back."""

    out: Patterns
    whole_scene: Patterns
    """Takes a scene out where it would refuse takes of a shot."""
    back: Patterns
    points: Patterns
    """Says so plainly that it is asked which is meant."""


def read_omit(text: Text, state: DialogueState) -> Reading | None:
    """Understand `omit`: "omit 4C", "put scene 4 back in"; asks which where none is named."""
    words = OmitWords.read()
    back = words.back.first(text.small) is not None
    out = words.out.first(text.small) or words.whole_scene.first(text.small)
    if not (back or out) or any(" T" in take for take in takes_in(text, state, vague=False).names):
        return None
    slates, scene = slates_in(text.small).slates, scene_in(text)
    if not slates and scene is None:
        framed = framed_in(text, state).names
        slates = framed if len(framed) == 1 else ()
    call = Call.of("omit", {"slates": [*slates] or None, "scene": scene, "back": back or None})
    if slates or scene is not None:
        return Reading(call)
    if words.points.first(text.small):
        how = "come back" if back else "be left out"
        return Reading(call, "slates", f"Which shot shall {how}, for instance 12A?")
    return None


OMIT = Command("omit", OmitWords, read_omit)
