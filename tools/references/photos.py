"""The director's own photos: checked, squared around the person, flagged.

Knows sides, squares and flags; faces are found by a function that is handed in. A file that
cannot be read is bad input; a picture with no face or two, and a set that is too small, are
refused, all of them named at once. A photo whose label says that the head is turned away or small
may have no readable face: it is squared around its middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from tools.contracts.model import Box, Size
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.errors import BadInput, BadPicture, Refused
from tools.imaging.crops import clamp, crop, grow, square_around
from tools.imaging.measures import difference_hash, hash_distance, sharpness
from tools.imaging.pictures import decode_picture, load_picture
from tools.references.facets import photo_rules

FaceFinder = Callable[[Image.Image], Sequence[Box]]
"""Face boxes of one picture, in its pixels."""

STAGE = "photos"
MARGIN = 1.1
"""How much wider than the person the square is, where the picture has room."""


@dataclass(frozen=True)
class NamedFile:
    """A picture file under the name that a person knows it by."""

    name: str
    path: Path


@dataclass(frozen=True)
class PhotoHash:
    """Difference hashes by which the same photo is known again."""

    square: int
    """Of the square around the person, which another crop of the photo has too."""
    whole: int
    """Of the whole picture, which does not hang on where a face was found."""

    def nearly_equals(self, other: PhotoHash, most_bits: int) -> bool:
        """Whether the squares are nearly equal, or squares and pictures are on average."""
        square = hash_distance(self.square, other.square)
        whole = hash_distance(self.whole, other.whole)
        return square <= most_bits or square + whole <= 2 * most_bits


@dataclass(frozen=True)
class PhotoHashes:
    """A photo's hash, and what it would be in a mirror."""

    plain: PhotoHash
    mirrored: PhotoHash


@dataclass(frozen=True)
class Photo:
    """One photo of a set, squared around its person."""

    file: str
    picture: Image.Image
    """Square, RGB, at most `side` pixels; never enlarged, never padded."""
    square: Box
    """What was cut out, in pixels of the file."""
    face: Box | None
    """In pixels of `picture`; None where none could be read, and none was promised."""
    person: Box | None
    """In pixels of `picture`, by the face."""
    hashes: PhotoHashes
    flags: tuple[str, ...] = ()
    """Warnings in words: blurred, duplicate, mirrored, cut."""


def intake(
    files: Sequence[NamedFile],
    find_faces: FaceFinder,
    *,
    min_side: int,
    side: int,
    least_images: int,
    may_hide_face: Callable[[str], bool] = lambda _: False,
    progress: ProgressSink = ignore_progress,
) -> tuple[Photo, ...]:
    """Take a set of photos in.

    Args:
        files: picture files, in order.
        find_faces: see `FaceFinder`.
        min_side: smallest side that a file may have, in pixels (`BaseRow.min_photo_side`).
        side: pixels of the finished squares; smaller squares stay as they are.
        least_images: number of photos that a set needs.
        may_hide_face: says by name whether a photo is labelled as one without a readable face.
        progress: called after each photo; may raise `Cancelled`.

    Raises:
        BadInput: files that cannot be read (checked before any face is looked for).
        Refused: too few photos, photos that are too small, or that show no face or several.
    """
    _check_files(files, min_side, least_images)
    photos: list[Photo] = []
    refused: list[str] = []
    for number, file in enumerate(files, start=1):
        picture = load_picture(file.path)
        faces = tuple(find_faces(picture))
        if len(faces) == 1:
            photos.append(square_photo(file.name, picture, faces[0], min_side=min_side, side=side))
        elif not faces and may_hide_face(file.name):
            photos.append(faceless_photo(file.name, picture, side=side))
        else:
            found = f"{len(faces)} faces" if faces else "no face"
            refused.append(f"{file.name} ({found})")
        progress(Progress(stage=STAGE, done=number, total=len(files), note=file.name))
    if refused:
        raise Refused(f"each photo must show exactly one readable face: {', '.join(refused)}")
    return flag_duplicates(photos)


def _check_files(files: Sequence[NamedFile], min_side: int, least_images: int) -> None:
    if len(files) < least_images:
        names = ", ".join(file.name for file in files) or "none"
        raise Refused(f"a set needs at least {least_images} photos, got {len(files)}: {names}")
    unreadable: list[str] = []
    small: list[str] = []
    for file in files:
        try:
            width, height = decode_picture(file.path.read_bytes(), file.name).size
        except BadPicture as error:
            unreadable.append(str(error))
            continue
        if min(width, height) < min_side:
            small.append(f"{file.name} ({width}×{height})")
    if unreadable:
        raise BadInput("; ".join(unreadable))
    if small:
        raise Refused(f"photos need at least {min_side} pixels on each side: {', '.join(small)}")


def faceless_photo(file: str, picture: Image.Image, *, side: int) -> Photo:
    """Square a photo without a readable face around its middle; see `Photo`."""
    middle = Box(left=0, top=0, right=picture.width, bottom=picture.height)
    square = square_around(middle, picture.width, picture.height, min(picture.size))
    cut = crop(picture, square)
    if square.width > side:
        cut = crop(picture, square, Size(width=side, height=side))
    return Photo(
        file=file,
        picture=cut,
        square=square,
        face=None,
        person=None,
        hashes=_hashes(cut, picture),
        flags=("no readable face",),
    )


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
        hashes=_hashes(cut, picture),
        flags=tuple(flags),
    )


def _hashes(cut: Image.Image, picture: Image.Image) -> PhotoHashes:
    plain = PhotoHash(difference_hash(cut), difference_hash(picture))
    mirrored = (difference_hash(ImageOps.mirror(each)) for each in (cut, picture))
    return PhotoHashes(plain, PhotoHash(*mirrored))


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
    """Flag each photo that nearly equals or mirrors an earlier one, naming it."""
    result: list[Photo] = []
    for photo in photos:
        said = (_likeness(photo, earlier) for earlier in result)
        flag = next((likeness for likeness in said if likeness is not None), None)
        flags = photo.flags if flag is None else (*photo.flags, flag)
        result.append(replace(photo, flags=flags))
    return tuple(result)


def _likeness(photo: Photo, earlier: Photo) -> str | None:
    most = photo_rules().duplicate_bits
    if earlier.hashes.plain.nearly_equals(photo.hashes.plain, most):
        return f"nearly equals {earlier.file}"
    if earlier.hashes.mirrored.nearly_equals(photo.hashes.plain, most):
        return f"mirrors {earlier.file}"
    return None
