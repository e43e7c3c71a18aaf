"""Which pictures of who is in frame a base is shown beside the prompt, and the words that name them.

Knows reference sets and portraits; how they are ranked is `tools.references.ranking`'s. Must not draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.contracts.bases import BaseRow
from tools.contracts.shooting import CharacterAdapter
from tools.contracts.shots import ComposedPrompt, ShotRequest
from tools.language.names import trigger_of
from tools.language.prompt.anchor import split_anchor, with_anchor
from tools.references.ranking import Portrait, ReferencePicture, naming_words, shown_together
from tools.services import Services
from tools.store.reference_set import list_images


@dataclass(frozen=True)
class ShownInPrompt:
    """A prompt that names the pictures beside it."""

    composed: ComposedPrompt
    references: tuple[str, ...] = ()
    """Digests, in the order that the prompt names."""


def with_references(
    services: Services,
    composed: ComposedPrompt,
    adapter: CharacterAdapter,
    shot: ShotRequest,
    row: BaseRow,
) -> ShownInPrompt:
    """Choose pictures of a shot's person for a base that takes some, and name them before the anchor.

    They are of the set, else the portraits of the chosen face. A base that takes none, or a person of
    whom there is no picture, leaves the prompt as it is.
    """
    unshown = ShownInPrompt(composed)
    if not row.references:
        return unshown
    people = [(trigger_of(adapter.character), _pictures(services, adapter))]
    shown = shown_together(people, shot, row.references)
    if not shown:
        return unshown
    scene, _ = split_anchor(composed.text, composed.cast)
    text = with_anchor(f"{scene}, {naming_words(shown)}", composed.cast)
    return replace(
        unshown,
        composed=composed.model_copy(update={"text": text}),
        references=tuple(picture.digest for each in shown for picture in each.pictures),
    )


def _pictures(services: Services, adapter: CharacterAdapter) -> list[ReferencePicture]:
    if adapter.reference_set_id is not None:
        with services.database.reading() as session:
            return [*list_images(session=session, set_id=adapter.reference_set_id)]
    return [Portrait(digest) for digest in adapter.portraits]
