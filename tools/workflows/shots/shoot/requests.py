"""Turn a shot into the exact picture that a backend is asked for.

Knows language, bases and adapters; must not draw. The one place where prompt, size, sampler numbers
and adapter of a take come together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tools.backends.tokens import count_tokens
from tools.contracts.bases import BaseRow, Remedy
from tools.contracts.images import ImageRequest, LoraUse, Purpose
from tools.contracts.model import Seed
from tools.contracts.shots import ComposedPrompt, ShotRequest
from tools.errors import BadInput
from tools.language.prompt.anchor import shorten_scene, split_anchor, with_anchor
from tools.language.prompt.prompt import (
    PersonInFrame,
    compose_prompt,
    reference_caption,
)
from tools.language.prompt.vocabulary import load_vocabulary
from tools.services import Services
from tools.store.reference_set import Origin, get_set
from tools.workflows.people.characters import LoadedCharacter, person_in_frame

MOST_ADAPTER_WEIGHT = 2.0
MARKS = 2
"""Start and end tokens of a text encoder's window."""


@dataclass(frozen=True)
class StartLaidOut:
    """A start picture at the size and framing of the shot that is drawn over it."""

    digest: str
    """Of the stored picture."""
    strength: float
    """Share of the noise schedule that is run through."""


def compose_for(
    services: Services,
    character: LoadedCharacter,
    shot: ShotRequest,
    row: BaseRow,
    *,
    garment: str | None = None,
) -> ComposedPrompt:
    """Write a shot's prompt for a base, with the locked blocks of its cast.

    Args:
        services: the studio.
        character: the only one in frame.
        shot: what is seen.
        row: the base.
        garment: clothes in place of the look's.

    Raises:
        BadInput: the shot has somebody in frame who is not this character.
    """
    strangers = [each.character for each in shot.cast if each.character != character.name]
    if strangers:
        raise BadInput(
            f"shot {shot.slate} has {', '.join(strangers)} in frame; "
            f"this shoot knows only {character.name}"
        )
    vocabulary = load_vocabulary(row.vocabulary)
    people: Sequence[PersonInFrame] = [
        person_in_frame(services, character, vocabulary, each.look, garment=garment)
        for each in shot.cast
    ]
    composed = compose_prompt(shot, people, vocabulary, character.style)
    if not vocabulary.closed:
        return composed
    count = partial(count_tokens, services.catalog.folder(row.name))
    return _fitted(composed, vocabulary.max_tokens - MARKS - count(f"{character.name}, "), count)


def _fitted(composed: ComposedPrompt, room: int, count: Callable[[str], int]) -> ComposedPrompt:
    """Drop a scene's last slots where a small base would have to read the prompt in two windows.

    Bases that were trained on long text read every window; a small one never saw a second. The
    anchor stays whole, and what is dropped is said.
    """
    scene, anchor = split_anchor(composed.text, composed.cast)
    short = shorten_scene(scene, anchor, count_tokens=count, budget=room)
    if short == scene:
        return composed
    dropped = scene.removeprefix(short).strip(", ")
    return composed.model_copy(
        update={
            "text": with_anchor(short, composed.cast),
            "left_out": (*composed.left_out, f"no room: {dropped}"),
        }
    )


def compose_take(
    services: Services, character: LoadedCharacter, shot: ShotRequest, row: BaseRow
) -> ComposedPrompt:
    """Write a take's prompt: the very text that the caption of such a picture would be.

    The adapter has learned captions that begin with its trigger, so that takes begin with it too.
    """
    composed = compose_for(services, character, shot, row)
    return composed.model_copy(update={"text": reference_caption(character.name, composed)})


def row_with_adapter(services: Services, row: BaseRow, reference_set_id: str) -> BaseRow:
    """Return a base's row as it draws with an adapter that was trained here on a set.

    Raises:
        UnknownName: no such set.
    """
    with services.database.reading() as session:
        origin = get_set(session=session, set_id=reference_set_id).origin
    if origin is not Origin.LAYERS or row.guidance_of_drawn is None:
        return row
    return row.model_copy(update={"guidance": row.guidance_of_drawn})


def take_request(
    composed: ComposedPrompt,
    row: BaseRow,
    *,
    seed: Seed,
    steps: int | None,
    lora: str | None,
    weight: float,
    remedy: Remedy,
    start: StartLaidOut | None = None,
) -> ImageRequest:
    """Return the request of one try.

    `lora` is the digest of a stored adapter; None draws with the base alone. With a `start` it is drawn
    over that picture, as sketches are.
    """
    held = min(weight * remedy.adapter_factor, MOST_ADAPTER_WEIGHT)
    return ImageRequest(
        prompt=composed.text,
        negative_prompt=composed.negative,
        cast=composed.cast,
        purpose=Purpose.TAKE,
        base=row.name,
        size=row.sizes[0],
        seed=seed,
        steps=steps or row.steps,
        guidance=row.guidance + remedy.guidance_added,
        loras=() if lora is None else (LoraUse(digest=lora, weight=held),),
        init_image=start.digest if start else None,
        strength=round(start.strength * remedy.start_factor, 4) if start else None,
    )
