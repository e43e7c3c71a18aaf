"""A reference set from the director's own photos: checked, squared, captioned, stored.

Knows files, faces and captions; must not judge whether the faces agree (that is the gate's). The set
is stored in one transaction at the end, so that a killed run leaves none behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.contracts.photography import Framing, Layer
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import FlaggedImage, PhotoFile, PhotoSetRequest, ReferenceSetMade
from tools.imaging.pictures import encode_png, load_picture, picture_bytes
from tools.qc.light import measured_words
from tools.references.folder import read_folder
from tools.references.photos import NamedFile, Photo, intake
from tools.services import Services
from tools.store.reference_set import Origin, ReferenceImageCreate, add_image, start_set
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.sets.captions import Seen, caption_seen

LONGEST_CAPTION = 300


def store_photos(services: Services, folder: Path) -> tuple[PhotoFile, ...]:
    """Copy a folder's photos into the store, with what their metadata says.

    Raises:
        BadInput: no such folder, no pictures, or broken metadata.
    """
    return tuple(
        PhotoFile(
            name=image.path.name,
            digest=services.files.put_bytes(
                picture_bytes(image.path), image.path.suffix.lower()
            ).digest,
            caption=image.caption,
            framing=image.framing,
            view=image.view,
            expression=image.expression,
            light=image.light,
            place=image.place,
        )
        for image in read_folder(folder)
    )


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
        Refused: too few, too small, or not exactly one person in each.
    """
    character = load_character(services, request.production, request.character)
    row = services.catalog.row(request.base)
    labels = {photo.name: photo for photo in request.photos}
    photos = intake(
        [NamedFile(photo.name, services.files.path(photo.digest)) for photo in request.photos],
        lambda picture: _face_boxes(services, picture),
        min_side=row.min_photo_side,
        side=row.sizes[0].width,
        least_images=request.least_images,
        may_hide_face=lambda name: _may_hide_face(services, labels[name]),
        progress=progress,
    )
    found = services.faces.faces([photo.picture for photo in photos])
    seen = [_seen(labels[p.file], p, faces) for p, faces in zip(photos, found, strict=True)]
    captions = [caption_seen(services, character, row, words) for words in seen]
    return _store(services, character, photos, seen, captions)


def _may_hide_face(services: Services, photo: PhotoFile) -> bool:
    """Take a photo without a readable face when its label says why, or when it has none and shows a head.

    The gate looks at unlabelled pictures in the same way; the photo is flagged for the director.
    """
    if photo.framing is not None or photo.view is not None:
        return photo.may_hide_face
    return services.faces.hints_of_head(load_picture(services.files.path(photo.digest)))


def _face_boxes(services: Services, picture: Image.Image) -> list[Box]:
    return [face.box for face in services.faces.faces([picture])[0]]


def _seen(label: PhotoFile, photo: Photo, faces: Sequence[Face]) -> Seen:
    """Take the label where there is one, else what is measured on the face.

    Words of a photo's own caption are kept where no label says what they mean.
    """
    measured = measured_words(photo.picture, faces[0]) if faces else None
    unlabelled = label.framing is None and label.place is None
    return Seen(
        framing=label.framing or (measured.framing if measured else Framing.MEDIUM),
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
