"""The director's own photos: checked, cut around the person, flagged.

Knows sides, cuts and flags; faces are found by a function that is handed in. A file that cannot be
read is bad input; a picture with no face or two, and a set that is too small, are refused, all of
them named at once. A base with one native size gets squares; for one with several a photo keeps the
whole person, in the size nearest to its own ratio. A photo whose label says that the head is turned
away or small may have no readable face: it is cut around its middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps

from tools.contracts.model import Box, Size
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.errors import BadInput, BadPicture, Refused
from tools.imaging.crops import clamp, square_around
from tools.imaging.measures import difference_hash, hash_distance, sharpness
from tools.imaging.pictures import decode_picture, load_picture
from tools.references.cuts import (
    middle_of,
    person_around,
    scaled,
    square_with_head,
    squares,
    with_person,
)
from tools.references.facets import photo_rules

FaceFinder = Callable[[Image.Image], Sequence[Box]]
"""Face boxes of one picture, in its pixels."""

STAGE = "photos"


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
    """One photo of a set, cut around its person."""

    file: str
    picture: Image.Image
    """RGB, at most as large as the native size of its shape; never enlarged, never padded."""
    cut: Box
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
    sizes: Sequence[Size],
    least_images: int,
    may_hide_face: Callable[[str], bool] = lambda _: False,
    progress: ProgressSink = ignore_progress,
) -> tuple[Photo, ...]:
    """Take a set of photos in.

    Args:
        files: picture files, in order.
        find_faces: see `FaceFinder`.
        min_side: smallest side that a file may have, in pixels (`BaseRow.min_photo_side`).
        sizes: that the base draws in; one makes squares of its width. Smaller cuts stay as they are.
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
            photos.append(cut_photo(file.name, picture, faces[0], min_side=min_side, sizes=sizes))
        elif not faces and may_hide_face(file.name):
            photos.append(faceless_photo(file.name, picture, sizes=sizes))
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


def faceless_photo(file: str, picture: Image.Image, *, sizes: Sequence[Size]) -> Photo:
    """Cut a photo without a readable face around its middle; see `Photo`."""
    middle = Box(left=0, top=0, right=picture.width, bottom=picture.height)
    square = square_around(middle, picture.width, picture.height, min(picture.size))
    squared = scaled(picture, square, squares(sizes))
    cut = square if len(sizes) == 1 else middle_of(picture.width, picture.height, sizes)
    return Photo(
        file=file,
        picture=squared if len(sizes) == 1 else scaled(picture, cut, sizes),
        cut=cut,
        face=None,
        person=None,
        hashes=_hashes(squared, picture),
        flags=("no readable face",),
    )


def cut_photo(
    file: str, picture: Image.Image, face: Box, *, min_side: int, sizes: Sequence[Size]
) -> Photo:
    """Cut one photo around its person; see `Photo` and `intake` for the arguments."""
    width, height = picture.size
    person = person_around(face, width, height)
    square = square_with_head(person, face, width, height, min_side)
    squared = scaled(picture, square, squares(sizes))
    cut, made = square, squared
    if len(sizes) > 1:
        cut = with_person(person, width, height, min_side, sizes)
        made = scaled(picture, cut, sizes)
    scale = made.width / cut.width
    flags: list[str] = []
    if sharpness(picture, face) < photo_rules().blur:
        flags.append("the face is blurred")
    if cut.bottom < person.bottom - 0.1 * person.height:
        flags.append("the square cuts the lower body; leave room at both sides of the figure")
    return Photo(
        file=file,
        picture=made,
        cut=cut,
        face=_inside(face, cut, scale),
        person=clamp(_inside(person, cut, scale), made.width, made.height),
        hashes=_hashes(squared, picture),
        flags=tuple(flags),
    )


def _hashes(squared: Image.Image, picture: Image.Image) -> PhotoHashes:
    plain = PhotoHash(difference_hash(squared), difference_hash(picture))
    mirrored = (difference_hash(ImageOps.mirror(each)) for each in (squared, picture))
    return PhotoHashes(plain, PhotoHash(*mirrored))


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
