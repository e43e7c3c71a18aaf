"""A stored reference set as a person looks at it, and taking images out of it.

Knows rows; a set with an image less is not what the gate judged, so its word on it is void.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.outfits import WardrobeShown
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.qc.outfit import wardrobe_shown
from tools.services import Services
from tools.store.reference_set import (
    ReferenceImage,
    ReferenceSet,
    drop_image,
    list_images,
    newest_set,
    void_gate,
)
from tools.workflows.bases.form import open_form_check
from tools.workflows.sets.build.layered_draft import no_such_image


@dataclass(frozen=True)
class StoredSet:
    """A set with its images, the dropped ones left out."""

    row: ReferenceSet
    images: tuple[ReferenceImage, ...]
    dropped: tuple[int, ...]
    """Positions that were taken out."""


def newest_stored_set(services: Services, character_id: str) -> StoredSet | None:
    """Return the newest set, if any."""
    with services.database.reading() as session:
        row = newest_set(session=session, character_id=character_id)
        if row is None:
            return None
        images = list_images(session=session, set_id=row.id, with_dropped=True)
    return StoredSet(
        row,
        tuple(image for image in images if not image.dropped),
        tuple(image.position for image in images if image.dropped),
    )


def wardrobe_of(services: Services, found: StoredSet, base: str) -> WardrobeShown | None:
    """Say which garments a set shows; None where nobody can read clothes in a base's pictures."""
    form = open_form_check(services, services.catalog.row(base))
    if form is None:
        return None
    pictures = [load_picture(services.files.path(image.digest)) for image in found.images]
    return wardrobe_shown(form.outfits(pictures))


def drop_from_set(services: Services, found: StoredSet, positions: tuple[int, ...]) -> None:
    """Take images out of a stored set; nobody has judged it then.

    Raises:
        BadInput: a position that is not there, or nothing would be left.
    """
    by_position = {image.position: image for image in found.images}
    missing = sorted(set(positions) - set(by_position))
    if missing:
        raise BadInput(no_such_image(missing, sorted(by_position)))
    if len(set(positions)) == len(by_position):
        raise BadInput("that would leave no image; build another set instead")
    with services.database.session() as session:
        for position in sorted(set(positions)):
            drop_image(session=session, image_id=by_position[position].id)
        void_gate(session=session, set_id=found.row.id)
