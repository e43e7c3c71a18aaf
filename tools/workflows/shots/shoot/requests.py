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
from tools.contracts.briefs import ProductionStyle
from tools.contracts.images import ImageRequest, LoraUse, Purpose
from tools.contracts.model import Seed, Size
from tools.contracts.shots import ComposedPrompt, ShotRequest
from tools.errors import BadInput
from tools.imaging.matte import parse_ratio
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
NO_ROOM = "no room: "
"""Before what a prompt's window had no room for, among what was left out."""


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
    if row.window is None or not services.catalog.status(row.name).usable:
        return composed
    folder = services.catalog.folder(row.name)
    count = partial(count_tokens, folder, part=row.window.tokenizer)
    return _fitted(composed, row.window.tokens - MARKS - count(f"{character.name}, "), count)


def _fitted(composed: ComposedPrompt, room: int, count: Callable[[str], int]) -> ComposedPrompt:
    """Drop a scene's last slots where the base would have to read the prompt in two windows.

    It never saw a second. The anchor stays whole, and what is dropped is said. Of a base that is not
    here yet nobody can count; its own reader shortens what is left.
    """
    scene, anchor = split_anchor(composed.text, composed.cast)
    short = shorten_scene(scene, anchor, count_tokens=count, budget=room)
    if short == scene:
        return composed
    dropped = scene.removeprefix(short).strip(", ")
    return composed.model_copy(
        update={
            "text": with_anchor(short, composed.cast),
            "left_out": (*composed.left_out, f"{NO_ROOM}{dropped}"),
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


def frame_of(row: BaseRow, style: ProductionStyle) -> Size:
    """The base's native size nearest to the production's aspect ratio; delivery mattes what remains."""
    return row.size_for(float(parse_ratio(style.aspect_ratio)))


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
    size: Size,
    start: StartLaidOut | None = None,
) -> ImageRequest:
    """Return the request of one try.

    `lora` is the digest of a stored adapter; None draws with the base alone. With a `start` it is drawn
    over that picture, as sketches are. `size` is `frame_of` the production.
    """
    held = min(weight * remedy.adapter_factor, MOST_ADAPTER_WEIGHT)
    return ImageRequest(
        prompt=composed.text,
        negative_prompt=composed.negative,
        cast=composed.cast,
        purpose=Purpose.TAKE,
        base=row.name,
        size=size,
        seed=seed,
        steps=steps or row.steps,
        guidance=row.guidance + remedy.guidance_added,
        loras=() if lora is None else (LoraUse(digest=lora, weight=held),),
        init_image=start.digest if start else None,
        strength=round(start.strength * remedy.start_factor, 4) if start else None,
    )
