"""What a sketch is drawn from: the base alone, over the character's chosen portrait or nearest reference.

Knows portraits, reference images and what a shot asks; must not draw. A sketch is for looking: it is marked
wherever it is met, never delivered and never a reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.model import Box, Size
from tools.contracts.parts import FaceEmbedder
from tools.contracts.photography import Framing, View
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.contracts.shots import ShotRequest
from tools.imaging.pictures import encode_png, load_picture
from tools.qc.csfd import take_distance
from tools.qc.light import view_of
from tools.qc.readable import SMALL_FRAMINGS
from tools.references.framings import reframe
from tools.references.layers import view_gap
from tools.references.ranking import shot_gap
from tools.services import Services
from tools.store.reference_set import Origin, list_images, newest_set
from tools.workflows.bases.calibrations import open_eyes
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.people.face_choice import face_if_chosen
from tools.workflows.shots.judge.shoot_judge import drawn_over
from tools.workflows.shots.shoot.requests import StartLaidOut

HERE = 0.6
"""Strength where only the face is to change: below it the start picture is repeated."""
ELSEWHERE = 0.7
"""Light and place change from 0.6 on, and 0.75 is as near to the person (docs/measurements.md, The guide)."""
FARTHER = 0.85
"""The head turns, or more is seen than the start picture shows: of its smeared edge blots stay at 0.75."""
FAR = 0.9
"""A figure of which the start picture is only the head: at 0.75 a wall of smear stands beside it."""


@dataclass(frozen=True)
class Start:
    """A picture of the character, as it is."""

    digest: str
    framing: Framing
    view: View | None
    box: Box | None
    """Of the face, in pixels; None where it could not be read."""


def shoot_kind(request: ShootRequest) -> Kind:
    """Return the kind of job that draws a request."""
    return Kind.SKETCH if request.is_sketch else Kind.SHOOT


def sketch_adapter(services: Services, character: LoadedCharacter) -> CharacterAdapter:
    """Return what draws a character's sketches: the base alone, and the pictures there are of them.

    What they are drawn over and what they are held against must be one person: photos take the place of
    a face that was chosen, and a set that was drawn from another face does not count.
    """
    face = face_if_chosen(services, character)
    with services.database.reading() as session:
        found = newest_set(session=session, character_id=character.id)
        images = list_images(session=session, set_id=found.id) if found else []
    portraits = face.portraits if face else ()
    if found and found.origin is Origin.PHOTOS:
        portraits = ()
    elif portraits and not any(image.parent_digest in portraits for image in images):
        images = []
    return CharacterAdapter(
        character=character.name,
        reference_set_id=found.id if found and images else None,
        portraits=portraits,
    )


def lay_out(
    services: Services, request: ShootRequest, shot: ShotRequest, row: BaseRow, size: Size
) -> StartLaidOut | None:
    """Lay out what a shot's sketch is drawn over as the shot frames it at this size, and store it.

    Returns:
        None for a take, where there is no picture of the character, and on a base that is shown pictures
        of who is in frame (`shown.py`).
    """
    adapter = request.adapter
    if not request.is_sketch or row.references or drawn_over(adapter) is None:
        return None
    seer = open_eyes(services, request.calibration).seer
    if adapter.portraits:
        start = _portrait(services, seer, adapter.portraits, shot)
    else:
        start = _reference(services, seer, str(adapter.reference_set_id), shot)
    picture = load_picture(services.files.path(start.digest))
    laid = reframe(picture, start.framing, shot.framing, start.box, size)
    digest = services.files.put_bytes(encode_png(laid), ".png").digest
    return StartLaidOut(digest, strength_for(shot, start))


def strength_for(shot: ShotRequest, start: Start) -> float:
    """Return how much is redrawn, by what the shot asks; a share of the noise schedule."""
    if shot.framing in SMALL_FRAMINGS and start.framing not in SMALL_FRAMINGS:
        return FAR
    turned = shot.view is not None and shot.view is not start.view
    if turned or _steps(shot.framing, start.framing) > 0:
        return FARTHER
    asked = (shot.place, shot.light, shot.lens, shot.angle, shot.action)
    return ELSEWHERE if any(asked) else HERE


def _steps(framing: Framing, other: Framing) -> int:
    """How many shot sizes farther a framing is than another; negative: closer."""
    sizes = list(Framing)
    return sizes.index(framing) - sizes.index(other)


def _portrait(
    services: Services, seer: FaceEmbedder, digests: Sequence[str], shot: ShotRequest
) -> Start:
    """Choose the portrait whose view is the shot's, or frontal; of equal ones the most typical."""
    found = seer.faces([load_picture(services.files.path(digest)) for digest in digests])
    read = [faces[0].embedding for faces in found if len(faces) == 1]

    def order(portrait: tuple[str, list[Face]]) -> tuple[bool, int, float]:
        _, faces = portrait
        if len(faces) != 1:
            return True, 0, 0.0
        distance = take_distance(faces[0].embedding, read).centroid
        return False, view_gap(shot.view or View.FRONTAL, view_of(faces[0])), distance

    digest, faces = min(zip(digests, found, strict=True), key=order)
    face = faces[0] if len(faces) == 1 else None
    if face is None:
        return Start(digest, Framing.CLOSE_UP, None, None)
    return Start(digest, Framing.CLOSE_UP, view_of(face), face.box)


def _reference(services: Services, seer: FaceEmbedder, set_id: str, shot: ShotRequest) -> Start:
    """Choose the reference nearest in framing and view."""
    with services.database.reading() as session:
        images = list_images(session=session, set_id=set_id)
    image = min(images, key=lambda each: shot_gap(each, shot))
    (faces,) = seer.faces([load_picture(services.files.path(image.digest))])
    box = faces[0].box if len(faces) == 1 else None
    return Start(image.digest, image.framing or Framing.CLOSE_UP, image.view, box)
