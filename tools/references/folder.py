"""A folder of pictures with an optional `metadata.jsonl`: read as it is, written as a set.

Knows the lines of the file (the Hugging Face image-folder form: `file_name`, `text` and further
fields); must not know what a set is good for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import ReferenceImage, Tilt
from tools.errors import BadInput
from tools.imaging.pictures import list_pictures, write_atomically
from tools.textfiles import lines_of, read_text_file

METADATA = "metadata.jsonl"
SUFFIXES_OF_VALUES = ("", " view", " expression", " shot")
"""Words that other sets leave away: `frontal` is read as `frontal view`."""

Word = TypeVar("Word", bound=StrEnum)
Row = Mapping[str, object]


class FolderImage(Contract):
    """A picture of a folder with what its line says; None = not said or not understood."""

    path: Path
    caption: str | None = None
    layer: Layer | None = None
    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    tilt: Tilt | None = None
    light: str | None = None
    place: str | None = None


def read_folder(folder: Path) -> tuple[FolderImage, ...]:
    """The pictures of a folder in name order, each with its line of `metadata.jsonl`, if any.

    Raises:
        BadInput: no such folder, no pictures in it, or a metadata file that is broken or names
            pictures that are not there.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    paths = list_pictures(folder)
    if not paths:
        raise BadInput(f"{folder}: no PNG, JPEG or WebP picture in it")
    rows = _read_rows(folder / METADATA)
    missing = sorted(set(rows) - {path.name for path in paths})
    if missing:
        raise BadInput(
            f"{METADATA} names pictures that are not in the folder: {', '.join(missing)}"
        )
    return tuple(_folder_image(path, rows.get(path.name, {})) for path in paths)


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


def _folder_image(path: Path, row: Row) -> FolderImage:
    return FolderImage(
        path=path,
        caption=_text(row.get("text")),
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


def write_folder(images: Sequence[tuple[ReferenceImage, Path]], folder: Path) -> Path:
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
    present = {path.name for path in list_pictures(folder)} if folder.is_dir() else set()
    strangers = sorted(present - set(names))
    if strangers:
        raise BadInput(f"{folder} holds other pictures ({', '.join(strangers)}); empty it first")
    for image, source in kept:
        write_atomically(folder / image.file, source.read_bytes())
    lines = [json.dumps(_line(image), ensure_ascii=False) + "\n" for image, _ in kept]
    write_atomically(folder / METADATA, "".join(lines).encode())
    return folder / METADATA


def _line(image: ReferenceImage) -> dict[str, object]:
    fields = image.model_dump(mode="json", exclude_none=True, exclude={"file", "caption"})
    said = {"file_name": image.file}
    if image.caption is not None:
        said["text"] = image.caption
    return {**said, **fields}
