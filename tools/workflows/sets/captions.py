"""Captions of reference images: the same renderer that writes prompts, from labels or measurements."""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.bases import BaseRow
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.shots import CharacterInShot, ComposedPrompt, ShotRequest
from tools.language.prompt.prompt import reference_caption, regularisation_caption
from tools.language.prompt.vocabulary import load_vocabulary
from tools.services import Services
from tools.workflows.people.characters import LoadedCharacter, person_in_frame
from tools.workflows.shots.shoot.requests import compose_for

CAPTION_SLATE = "1"
"""Captions belong to no scene; the composer wants a slate and does not write it."""


@dataclass(frozen=True)
class Seen:
    """What is known of one image, in camera words."""

    framing: Framing | None
    """None where nothing says it; a caption then says a medium shot."""
    view: View | None = None
    expression: Expression | None = None
    light: str | None = None
    place: str | None = None
    angle: str | None = None
    action: str | None = None
    free_words: tuple[str, ...] = ()
    garment: str | None = None
    """Clothes in place of the look's."""


def compose_seen(
    services: Services, character: LoadedCharacter, row: BaseRow, seen: Seen
) -> ComposedPrompt:
    """Write what is seen as a prompt of the character alone."""
    return compose_for(services, character, _as_shot(character, seen), row, garment=seen.garment)


def _as_shot(character: LoadedCharacter, seen: Seen) -> ShotRequest:
    return ShotRequest(
        slate=CAPTION_SLATE,
        framing=seen.framing or Framing.MEDIUM,
        view=seen.view,
        expression=seen.expression,
        light=seen.light,
        place=seen.place,
        angle=seen.angle,
        action=seen.action,
        free_words=seen.free_words,
        cast=(CharacterInShot(character=character.name, light=seen.light),),
    )


def caption_seen(services: Services, character: LoadedCharacter, row: BaseRow, seen: Seen) -> str:
    """Write the training caption of an image: trigger first, person apart from background."""
    return reference_caption(character.name, compose_seen(services, character, row, seen))


def class_caption(services: Services, character: LoadedCharacter, row: BaseRow, seen: Seen) -> str:
    """Write the same caption with the class in place of the person, for regularisation."""
    vocabulary = load_vocabulary(row.vocabulary)
    person = person_in_frame(services, character, vocabulary)
    return regularisation_caption(_as_shot(character, seen), [person], vocabulary, character.style)
