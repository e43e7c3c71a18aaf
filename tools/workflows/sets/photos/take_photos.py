"""A reference set from the director's own photos: checked, cut, captioned, stored.

Knows files, faces and captions; must not judge whether the faces agree (that is the gate's). The set
is stored in one transaction at the end, so that a killed run leaves none behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.parts import FaceEmbedder
from tools.contracts.photography import Layer
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import (
    MOST_PHOTOS,
    FlaggedImage,
    LeftOut,
    PhotoFile,
    PhotoSetRequest,
    ReferenceSetMade,
)
from tools.contracts.verdicts import Outcome
from tools.errors import BadInput, BadPicture, Refused
from tools.imaging.pictures import decode_picture, encode_png, load_picture, picture_bytes
from tools.imaging.provenance import is_sketch
from tools.language.lexicon import one_line
from tools.qc.image_rules import judge_faceless
from tools.qc.light import measured_words
from tools.references.folder import FolderImage, read_folder
from tools.references.photos import NamedFile, Photo, intake
from tools.services import Services
from tools.store.reference_set import Origin, ReferenceImageCreate, add_image, start_set
from tools.workflows.bases.calibrations import calibration_name, open_eyes
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.sets.captions import Seen, caption_seen

LONGEST_CAPTION = 300
MOST_NAMED = 20


@dataclass(frozen=True)
class StoredPhotos:
    """A folder's photos that could be read, and everything else that lay there."""

    photos: tuple[PhotoFile, ...]
    left_out: tuple[LeftOut, ...] = ()


def store_photos(services: Services, folder: Path) -> StoredPhotos:
    """Copy a folder's photos into the store, with what is written about them.

    Raises:
        BadInput: no such folder, no readable pictures, more than a set holds, or broken metadata.
    """
    found = read_folder(folder)
    if len(found.images) > MOST_PHOTOS:
        raise BadInput(f"{folder}: {len(found.images)} pictures; a set holds {MOST_PHOTOS} at most")
    left_out = [LeftOut(file=name, reason="no picture that can be read") for name in found.others]
    photos: list[PhotoFile] = []
    for image in found.images:
        try:
            photos.append(_store_photo(services, image))
        except BadPicture as error:
            reason = str(error).removeprefix(f"{image.path.name}: ")
            left_out.append(LeftOut(file=image.path.name, reason=reason))
    if not photos:
        raise BadInput(f"{folder}: no photo can be read: {name_files(left_out)}")
    return StoredPhotos(tuple(photos), tuple(left_out))


def _store_photo(services: Services, image: FolderImage) -> PhotoFile:
    name = image.path.name
    data = picture_bytes(image.path)
    decode_picture(data, name)
    try:
        return PhotoFile(
            name=name,
            digest=services.files.put_bytes(data, image.path.suffix.lower()).digest,
            **image.model_dump(exclude={"path", "layer", "tilt"}),
        )
    except ValidationError as error:
        raise BadInput(f"{name}: {one_line(error)}") from error


def name_files(left_out: Sequence[LeftOut]) -> str:
    """Name files with their reasons; of very many, the first twenty and how many more."""
    named = [f"{each.file} ({each.reason})" for each in left_out[:MOST_NAMED]]
    more = [f"and {len(left_out) - MOST_NAMED} more"] if len(left_out) > MOST_NAMED else []
    return ", ".join([*named, *more])


def name_photos(files: Sequence[tuple[str, str]]) -> tuple[PhotoFile, ...]:
    """Name attached pictures apart.

    Args:
        files: file name, as it was called where it came from, and digest of each stored picture.
    """
    taken: set[str] = set()
    photos = []
    for number, (name, digest) in enumerate(files, start=1):
        unique = name if name not in taken else f"{number:03d} {name}"[:255]
        taken.add(unique)
        photos.append(PhotoFile(name=unique, digest=digest))
    return tuple(photos)


def caption_photos(
    photos: Sequence[PhotoFile], caption: Callable[[Sequence[str]], Mapping[str, str]]
) -> tuple[PhotoFile, ...]:
    """Fill in captions where a photo has none; a caption is data, one line of 300 characters."""
    bare = [photo.digest for photo in photos if photo.caption is None]
    said = caption(bare) if bare else {}
    return tuple(
        photo.model_copy(update={"caption": words})
        if photo.caption is None and (words := _one_line(said.get(photo.digest, "")))
        else photo
        for photo in photos
    )


def _one_line(caption: str) -> str:
    printable = "".join(each if each.isprintable() else " " for each in caption)
    return " ".join(printable.split())[:LONGEST_CAPTION].strip()


def take_photos(
    services: Services, request: PhotoSetRequest, progress: ProgressSink
) -> ReferenceSetMade:
    """Make a reference set from stored photos.

    Raises:
        BadInput: photos that cannot be read.
        Refused: too few, too small, not exactly one person in each, or a sketch among them.
    """
    _refuse_sketches(services, request.photos)
    character = load_character(services, request.production, request.character)
    row = services.catalog.row(request.base)
    seer = open_eyes(services, calibration_name(services, row.name, character.brief)).seer
    labels = {photo.name: photo for photo in request.photos}
    photos = _intake(services, seer, request, labels, row, progress)
    found = seer.faces([photo.picture for photo in photos])
    seen = [_seen(labels[p.file], p, faces) for p, faces in zip(photos, found, strict=True)]
    captions = [caption_seen(services, character, row, words) for words in seen]
    made = _store(services, character, photos, seen, captions)
    return made.model_copy(update={"left_out": request.left_out})


def _refuse_sketches(services: Services, photos: Sequence[PhotoFile]) -> None:
    """A sketch guesses at the person; learned from, its guess would be the character."""
    names = [photo.name for photo in photos if is_sketch(services.files.read(photo.digest))]
    if names:
        raise Refused(
            f"{', '.join(names[:MOST_NAMED])}: sketches are no references; leave them out, and bring "
            "photos or build the references from the chosen face"
        )


def _intake(
    services: Services,
    seer: FaceEmbedder,
    request: PhotoSetRequest,
    labels: Mapping[str, PhotoFile],
    row: BaseRow,
    progress: ProgressSink,
) -> tuple[Photo, ...]:
    """Take the photos in; a refusal also says what had been left out."""
    try:
        return intake(
            [NamedFile(photo.name, services.files.path(photo.digest)) for photo in request.photos],
            lambda picture: [face.box for face in seer.faces([picture])[0]],
            min_side=row.min_photo_side,
            sizes=row.sizes,
            least_images=request.least_images,
            may_hide_face=lambda name: _may_hide_face(services, seer, labels[name]),
            progress=progress,
        )
    except Refused as error:
        if not request.left_out:
            raise
        raise Refused(f"{error}; left out: {name_files(request.left_out)}") from error


def _may_hide_face(services: Services, seer: FaceEmbedder, photo: PhotoFile) -> bool:
    """Take a photo without a readable face where the gate would not refuse it; it is flagged."""
    picture = load_picture(services.files.path(photo.digest))
    hinted = seer.hints_of_head(picture)
    found = judge_faceless(photo.framing, photo.view, head_hinted=hinted)
    return found.outcome is not Outcome.REJECT


def _seen(label: PhotoFile, photo: Photo, faces: Sequence[Face]) -> Seen:
    """Take the label where there is one, else what is measured on the face.

    Words of a photo's own caption are kept where no label says what they mean.
    """
    measured = measured_words(photo.picture, faces[0]) if faces else None
    unlabelled = label.framing is None and label.place is None
    return Seen(
        framing=label.framing or (measured.framing if measured else None),
        view=label.view or (measured.view if measured else None),
        expression=label.expression,
        light=label.light or (measured.light if measured else None),
        place=label.place,
        free_words=(label.caption[:300],) if unlabelled and label.caption else (),
    )


def _store(
    services: Services,
    character: LoadedCharacter,
    photos: Sequence[Photo],
    seen: Sequence[Seen],
    captions: Sequence[str],
) -> ReferenceSetMade:
    files = [services.files.put_bytes(encode_png(photo.picture), ".png") for photo in photos]
    with services.database.session() as session:
        row = start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)
        for file, words, caption in zip(files, seen, captions, strict=True):
            add_image(
                session=session,
                image=ReferenceImageCreate(
                    set_id=row.id,
                    digest=file.digest,
                    caption=caption,
                    layer=Layer.PHOTO,
                    framing=words.framing,
                    view=words.view,
                    expression=words.expression,
                    light=words.light,
                    place=words.place,
                ),
            )
    return ReferenceSetMade(
        reference_set_id=row.id,
        version=row.version,
        count=len(photos),
        flagged=tuple(
            FlaggedImage(file=photo.file, flags=photo.flags) for photo in photos if photo.flags
        ),
    )
