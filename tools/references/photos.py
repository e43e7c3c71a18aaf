"""The director's own photos: checked, squared around the person, flagged.

Knows sides, squares and flags; faces are found by a function that is handed in. A file that
cannot be read is bad input; a picture with no face or two, and a set that is too small, are
refused, all of them named at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from tools.contracts.model import Box, Size
from tools.contracts.photography import Framing
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.contracts.references import LightQuality
from tools.errors import BadInput, BadPicture, Refused
from tools.imaging.crops import clamp, crop, grow, square_around
from tools.imaging.measures import difference_hash, exposure, hash_distance, sharpness
from tools.imaging.pictures import load_picture
from tools.references.facets import measured_light, photo_rules
from tools.references.framings import framing_of_face

FaceFinder = Callable[[Image.Image], Sequence[Box]]
"""Face boxes of one picture, in its pixels."""

STAGE = "photos"
MARGIN = 1.1
"""How much wider than the person the square is, where the picture has room."""


@dataclass(frozen=True)
class Photo:
    """One photo of a set, squared around its person."""

    file: str
    picture: Image.Image
    """Square, RGB, at most `side` pixels; never enlarged, never padded."""
    square: Box
    """What was cut out, in pixels of the file."""
    face: Box
    """In pixels of `picture`."""
    person: Box
    """In pixels of `picture`."""
    framing: Framing
    """Measured by the face's height."""
    light: LightQuality
    """Measured on the face."""
    fingerprint: int
    """Difference hash of the squared picture."""
    flags: tuple[str, ...] = ()
    """Warnings in words: blurred, duplicate, cut."""


def intake(
    paths: Sequence[Path],
    find_faces: FaceFinder,
    *,
    min_side: int,
    side: int,
    least_images: int,
    progress: ProgressSink = ignore_progress,
) -> tuple[Photo, ...]:
    """Take a set of photos in.

    Args:
        paths: picture files, in order.
        find_faces: see `FaceFinder`.
        min_side: smallest side that a file may have, in pixels (`BaseRow.min_photo_side`).
        side: pixels of the finished squares; smaller squares stay as they are.
        least_images: number of photos that a set needs.
        progress: called after each photo; may raise `Cancelled`.

    Raises:
        BadInput: files that cannot be read (checked before any face is looked for).
        Refused: too few photos, photos that are too small, or that show no face or several.
    """
    _check_files(paths, min_side, least_images)
    photos: list[Photo] = []
    refused: list[str] = []
    for number, path in enumerate(paths, start=1):
        picture = load_picture(path)
        faces = tuple(find_faces(picture))
        if len(faces) == 1:
            photos.append(square_photo(path.name, picture, faces[0], min_side=min_side, side=side))
        else:
            found = f"{len(faces)} faces" if faces else "no face"
            refused.append(f"{path.name} ({found})")
        progress(Progress(stage=STAGE, done=number, total=len(paths), note=path.name))
    if refused:
        raise Refused(f"each photo must show exactly one readable face: {', '.join(refused)}")
    return flag_duplicates(photos)


def _check_files(paths: Sequence[Path], min_side: int, least_images: int) -> None:
    if len(paths) < least_images:
        names = ", ".join(path.name for path in paths) or "none"
        raise Refused(f"a set needs at least {least_images} photos, got {len(paths)}: {names}")
    unreadable: list[str] = []
    small: list[str] = []
    for path in paths:
        try:
            width, height = load_picture(path).size
        except BadPicture as error:
            unreadable.append(str(error))
            continue
        if min(width, height) < min_side:
            small.append(f"{path.name} ({width}×{height})")
    if unreadable:
        raise BadInput("; ".join(unreadable))
    if small:
        raise Refused(f"photos need at least {min_side} pixels on each side: {', '.join(small)}")


def square_photo(file: str, picture: Image.Image, face: Box, *, min_side: int, side: int) -> Photo:
    """Square one photo around its person; see `Photo` and `intake` for the arguments."""
    rules = photo_rules()
    person = person_around(face, picture.width, picture.height)
    square = _square_with_head(person, face, picture.width, picture.height, min_side)
    cut = crop(picture, square)
    scale = min(1.0, side / square.width)
    if scale < 1.0:
        cut = crop(picture, square, Size(width=side, height=side))
    flags: list[str] = []
    if sharpness(picture, face) < rules.blur:
        flags.append("the face is blurred")
    if square.bottom < person.bottom - 0.1 * person.height:
        flags.append("the square cuts the lower body; leave room at both sides of the figure")
    return Photo(
        file=file,
        picture=cut,
        square=square,
        face=_inside(face, square, scale),
        person=clamp(_inside(person, square, scale), cut.width, cut.height),
        framing=framing_of_face(face.height / square.height),
        light=measured_light(exposure(picture, face)),
        fingerprint=difference_hash(cut),
        flags=tuple(flags),
    )


def person_around(face: Box, width: int, height: int) -> Box:
    """The person's box by the face's: a standing figure, as far as the frame shows it."""
    rules = photo_rules()
    middle = (face.left + face.right) / 2
    figure = Box(
        left=middle - rules.person_half_width * face.height,
        top=face.top - rules.person_above * face.height,
        right=middle + rules.person_half_width * face.height,
        bottom=face.bottom + rules.person_below * face.height,
    )
    return clamp(figure, width, height)


def _square_with_head(person: Box, face: Box, width: int, height: int, least_side: int) -> Box:
    """A square around the person with a margin; where not all of the person fits, the head does."""
    square = square_around(grow(person, MARGIN), width, height, least_side)
    side = square.width
    start = person.top if person.height > side else square.top
    left = _start_with(square.left, side, face.left, face.right, width)
    top = _start_with(start, side, face.top, face.bottom, height)
    return Box(left=left, top=top, right=left + side, bottom=top + side)


def _start_with(start: float, side: float, low: float, high: float, end: float) -> float:
    """Where a stretch of `side` pixels begins, moved to hold low to high, inside 0 to `end`."""
    moved = max(min(start, np.floor(low)), np.ceil(high) - side)
    return float(min(max(moved, 0.0), end - side))


def _inside(box: Box, square: Box, scale: float) -> Box:
    return Box(
        left=(box.left - square.left) * scale,
        top=(box.top - square.top) * scale,
        right=(box.right - square.left) * scale,
        bottom=(box.bottom - square.top) * scale,
    )


def flag_duplicates(photos: Sequence[Photo]) -> tuple[Photo, ...]:
    """Flag each photo that nearly equals an earlier one, naming it."""
    most = photo_rules().duplicate_bits
    result: list[Photo] = []
    for photo in photos:
        twin = next(
            (
                earlier.file
                for earlier in result
                if hash_distance(earlier.fingerprint, photo.fingerprint) <= most
            ),
            None,
        )
        flags = photo.flags if twin is None else (*photo.flags, f"nearly equals {twin}")
        result.append(replace(photo, flags=flags))
    return tuple(result)
