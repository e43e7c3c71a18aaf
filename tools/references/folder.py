"""A folder of pictures with what is written beside them: read as it is, written as a set.

Knows the lines of `metadata.jsonl` (the Hugging Face image-folder form: `file_name`, `text` and
further fields) and captions in a text file beside each picture (kohya's form); must not know what a
set is good for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import SetImage, Tilt
from tools.errors import BadInput
from tools.imaging.files import FORMATS_IN_WORDS, SortedFolder, sort_folder
from tools.imaging.pictures import write_atomically
from tools.textfiles import lines_of, read_text_file

METADATA = "metadata.jsonl"
CAPTION_SUFFIXES = (".caption", ".txt")
"""Endings of a caption's own file, the one that counts last."""
SUFFIXES_OF_VALUES = ("", " view", " expression", " shot")
"""Words that other sets leave away: `frontal` is read as `frontal view`."""

Word = TypeVar("Word", bound=StrEnum)
Row = Mapping[str, object]


class FolderImage(Contract):
    """A picture of a folder with what is written of it; None = not said or not understood."""

    path: Path
    caption: str | None = None
    layer: Layer | None = None
    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    tilt: Tilt | None = None
    light: str | None = None
    place: str | None = None


class PictureFolder(Contract):
    """What a folder holds, in name order."""

    images: tuple[FolderImage, ...]
    others: tuple[str, ...]
    """Names of what is neither a picture nor written about one; a folder's ends in a slash."""


def read_folder(folder: Path) -> PictureFolder:
    """The pictures of a folder with their lines of `metadata.jsonl`, or else their own text files.

    Raises:
        BadInput: no such folder, no pictures in it, a metadata file that is broken or names
            pictures that are not there, or captions that are no text (all of them named).
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    found = sort_folder(folder)
    captions = _caption_files(found)
    others = tuple(
        f"{path.name}/" if path.is_dir() else path.name
        for path in found.others
        if path.name != METADATA and path not in captions.values()
    )
    if not found.pictures:
        held = f"; it holds {', '.join(others[:10])}" if others else ""
        raise BadInput(f"{folder}: no {FORMATS_IN_WORDS} picture in it{held}")
    rows = _read_rows(folder / METADATA)
    missing = sorted(set(rows) - {path.name for path in found.pictures})
    if missing:
        raise BadInput(
            f"{METADATA} names pictures that are not in the folder: {', '.join(missing)}"
        )
    written = _read_captions(captions)
    images = [
        _folder_image(path, rows.get(path.name, {}), written.get(path.stem))
        for path in found.pictures
    ]
    return PictureFolder(images=tuple(images), others=others)


def _caption_files(found: SortedFolder) -> dict[str, Path]:
    """The text files that belong to pictures, by the name that both share without its ending."""
    stems = {path.stem for path in found.pictures}
    return {
        path.stem: path
        for suffix in CAPTION_SUFFIXES
        for path in found.others
        if path.suffix.lower() == suffix and path.stem in stems and path.is_file()
    }


def _read_captions(files: Mapping[str, Path]) -> dict[str, str]:
    captions: dict[str, str] = {}
    unreadable: list[str] = []
    for stem, path in files.items():
        try:
            captions[stem] = " ".join(read_text_file(path).split())
        except BadInput as error:
            unreadable.append(str(error))
    if unreadable:
        raise BadInput("; ".join(unreadable))
    return captions


def _read_rows(path: Path) -> dict[str, Row]:
    if not path.is_file():
        return {}
    rows: dict[str, Row] = {}
    for number, line in lines_of(read_text_file(path)):
        name, row = _read_row(line, f"{path.name} line {number}")
        if name in rows:
            raise BadInput(f"{path.name} line {number}: {name} is named twice")
        rows[name] = row
    return rows


def _read_row(line: str, where: str) -> tuple[str, Row]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{where}: not a JSON object ({error})") from error
    name = row.get("file_name") if isinstance(row, dict) else None
    if not isinstance(name, str) or not name:
        raise BadInput(f"{where}: expected a JSON object with file_name")
    return name, row


def _folder_image(path: Path, row: Row, written: str | None) -> FolderImage:
    return FolderImage(
        path=path,
        caption=_text(row.get("text")) or _text(written),
        layer=_word(row.get("layer"), Layer),
        framing=_word(row.get("framing", row.get("shot")), Framing),
        view=_word(row.get("view"), View),
        expression=_word(row.get("expression"), Expression),
        tilt=_word(row.get("tilt"), Tilt),
        light=_text(row.get("light")),
        place=_text(row.get("place")),
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _word(value: object, words: type[Word]) -> Word | None:
    said = (_text(value) or "").lower()
    spellings = {said + suffix for suffix in SUFFIXES_OF_VALUES}
    return next((word for word in words if word.value in spellings), None)


def write_folder(images: Sequence[tuple[SetImage, Path]], folder: Path) -> Path:
    """Write the images of a set that are not dropped, with their `metadata.jsonl`.

    Args:
        images: each image with its stored file, whose bytes are copied.
        folder: made when it is not there; pictures of the same names are replaced.

    Returns:
        The path of the metadata file, which is written last.

    Raises:
        BadInput: nothing to write, a name used twice, or other pictures in the folder, which a
            later reading would take for part of the set.
        StorageFailed: the disk did not take it.
    """
    kept = [(image, source) for image, source in images if image.dropped is None]
    names = [image.file for image, _ in kept]
    if not kept:
        raise BadInput("the set has no image that is not dropped")
    if len(set(names)) < len(names):
        raise BadInput(f"a file name is used twice: {', '.join(sorted(names))}")
    present = (
        {path.name for path in sort_folder(folder).pictures} if folder.is_dir() else set[str]()
    )
    strangers = sorted(present - set(names))
    if strangers:
        raise BadInput(f"{folder} holds other pictures ({', '.join(strangers)}); empty it first")
    for image, source in kept:
        write_atomically(folder / image.file, source.read_bytes())
    lines = [json.dumps(_line(image), ensure_ascii=False) + "\n" for image, _ in kept]
    write_atomically(folder / METADATA, "".join(lines).encode())
    return folder / METADATA


def _line(image: SetImage) -> dict[str, object]:
    fields = image.model_dump(mode="json", exclude_none=True, exclude={"file", "caption"})
    said = {"file_name": image.file}
    if image.caption is not None:
        said["text"] = image.caption
    return {**said, **fields}
