"""What a sketch is drawn from: the base alone, over the character's chosen portrait or nearest reference.

Knows portraits, reference images and what a shot asks; must not draw. A sketch is for looking: it is marked
wherever it is met, never delivered and never a reference.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.bases import BaseRow
from tools.contracts.casting import CandidateFace
from tools.contracts.photography import Framing, View
from tools.contracts.shooting import CharacterAdapter, ShootRequest, StartPicture
from tools.contracts.shots import ShotRequest
from tools.imaging.pictures import encode_png, load_picture
from tools.qc.readable import SMALL_FRAMINGS
from tools.references.framings import reframe
from tools.references.layers import view_gap
from tools.services import Services
from tools.store.reference_set import ReferenceImage, list_images, newest_set
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.people.face_choice import face_if_chosen
from tools.workflows.shots.shoot.requests import LaidOut

HERE = 0.5
"""Strength where only the face is to change: below it the start picture is repeated."""
ELSEWHERE = 0.6
"""Light and place change from here on, and the person holds (docs/measurements.md, The guide)."""
TURNED = 0.75
"""The head turns, or the figure is built anew around a small one; measured as near to the person as 0.6."""
STEP_DEGREES = 45
"""What one framing too far weighs against a turned view, when the nearest reference is chosen."""


def shoot_kind(request: ShootRequest) -> Kind:
    """Return the kind of job that draws a request."""
    return Kind.SKETCH if request.is_sketch else Kind.SHOOT


def sketch_adapter(services: Services, character: LoadedCharacter) -> CharacterAdapter:
    """Return what draws a character's sketches: the base alone, and what they are held against."""
    images = _references(services, character)
    face = face_if_chosen(services, character)
    return CharacterAdapter(
        character=character.name,
        reference_set_id=images[0].set_id if images else None,
        portraits=face.portraits if face else (),
    )


def start_pictures(
    services: Services, character: LoadedCharacter, shots: Sequence[ShotRequest]
) -> tuple[StartPicture, ...]:
    """Choose what each shot's sketch is drawn over; none where there is no picture of the person."""
    face = face_if_chosen(services, character)
    if face is not None:
        return tuple(_over_portrait(shot, face) for shot in shots)
    images = _references(services, character)
    return tuple(_over_reference(shot, images) for shot in shots) if images else ()


def lay_out(
    services: Services, request: ShootRequest, shot: ShotRequest, row: BaseRow
) -> LaidOut | None:
    """Lay a shot's start picture out as the shot frames it, at the base's size, and store it."""
    start = next((each for each in request.starts if each.slate == shot.slate), None)
    if start is None:
        return None
    picture = load_picture(services.files.path(start.digest))
    ((*faces,),) = open_eyes(services, request.calibration).seer.faces([picture])
    box = faces[0].box if len(faces) == 1 else None
    laid = reframe(picture, start.framing, shot.framing, box, row.sizes[0])
    return LaidOut(services.files.put_bytes(encode_png(laid), ".png").digest, start.strength)


def _references(services: Services, character: LoadedCharacter) -> list[ReferenceImage]:
    with services.database.reading() as session:
        found = newest_set(session=session, character_id=character.id)
        return list_images(session=session, set_id=found.id) if found else []


def _over_portrait(shot: ShotRequest, face: CandidateFace) -> StartPicture:
    """The portrait that agrees best with the others of its sheet."""
    agreeing = [
        (distance, digest)
        for distance, digest in zip(face.distances, face.portraits, strict=True)
        if distance is not None
    ]
    return StartPicture(
        slate=shot.slate,
        digest=min(agreeing)[1] if agreeing else face.portraits[0],
        framing=Framing.CLOSE_UP,
        strength=_strength(shot, View.FRONTAL),
        what="the chosen portrait",
    )


def _over_reference(shot: ShotRequest, images: Sequence[ReferenceImage]) -> StartPicture:
    """The reference nearest in framing and view."""
    sizes = list(Framing)

    def gap(image: ReferenceImage) -> int:
        steps = abs(sizes.index(image.framing or Framing.CLOSE_UP) - sizes.index(shot.framing))
        return STEP_DEGREES * steps + view_gap(image.view, shot.view or View.FRONTAL)

    nearest = min(images, key=gap)
    return StartPicture(
        slate=shot.slate,
        digest=nearest.digest,
        framing=nearest.framing or Framing.CLOSE_UP,
        strength=_strength(shot, nearest.view),
        what=f"reference image {nearest.position}",
    )


def _strength(shot: ShotRequest, view: View | None) -> float:
    """How much is redrawn, by what the shot asks."""
    if shot.framing in SMALL_FRAMINGS or (shot.view is not None and shot.view is not view):
        return TURNED
    asked = (shot.place, shot.light, shot.lens, shot.angle, shot.action)
    return ELSEWHERE if any(asked) else HERE
