"""Captions of training pictures and the prompt of the sheet layer, by the same renderer as shots.

Knows triggers and classes; must not know where the pictures come from. Captions are modular: the
scene stands apart from the person, who is in the closing anchor (the paper, section III-C).
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.briefs import ProductionStyle
from tools.contracts.images import CastMember
from tools.contracts.shots import ComposedPrompt, ShotRequest
from tools.language.names import trigger_of
from tools.language.prompt.anchor import with_anchor
from tools.language.prompt.lint import lint
from tools.language.prompt.prompt import PersonInFrame, compose_class_prompt, light_on
from tools.language.prompt.vocabulary import Vocabulary

SHEET_WORDS = ("character sheet", "character sheet of")
"""What the linter may leave in a prompt of the sheet layer, and only there."""


def reference_caption(name: str, composed: ComposedPrompt) -> str:
    """Put a character's trigger word before the prompt that would draw the picture."""
    return f"{trigger_of(name)}, {composed.text}"


def regularisation_caption(
    shot: ShotRequest,
    people: Sequence[PersonInFrame],
    vocabulary: Vocabulary,
    style: ProductionStyle | None = None,
) -> str:
    """Return the caption of the same picture with the class in place of the person.

    No trigger, no anchor, no traits: `close-up film still of a man, smiling, golden hour, forest`.
    """
    return compose_class_prompt(shot, people, vocabulary, style).text


def sheet_prompt(
    person: PersonInFrame,
    vocabulary: Vocabulary,
    *,
    light: str | None = None,
    place: str | None = None,
) -> ComposedPrompt:
    """Write the prompt of a character sheet: six portraits of one person in one picture.

    Args:
        person: the character.
        vocabulary: the base's words; the sheet's sentence is data of the base.
        light: the sheet's light; without it the character's signature light or the base's default.
        place: the sheet's background; without it the base's studio.
    """
    lit_by = light_on(light, person.signature_light, None, vocabulary)
    background = vocabulary.nearest("place", place) if place else None
    scene = vocabulary.sheet.format(
        subject=person.block.subject,
        traits=person.block.text,
        light=lit_by,
        place=background or vocabulary.sheet_place,
    )
    cleaned = lint(scene, keep=(*SHEET_WORDS, person.block.text))
    cast = (CastMember(name=person.name, identity_block=person.block.text, light=lit_by),)
    return ComposedPrompt(
        text=with_anchor(cleaned.text, cast),
        negative=vocabulary.negative or "",
        cast=cast,
        removed=(*cleaned.removed, *person.block.removed),
        replaced=person.block.replaced,
        left_out=person.block.left_out,
    )
