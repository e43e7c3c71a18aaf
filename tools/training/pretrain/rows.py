"""The lines of a picture folder's `metadata.jsonl`.

Knows the fields that training reads; other fields are left alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tools.errors import BadInput
from tools.textfiles import lines_of, text_of

METADATA = "metadata.jsonl"


@dataclass(frozen=True)
class PictureRow:
    """One picture with its caption."""

    file_name: str
    text: str
    kind: str = "single"
    """`single`, `pair` or `sheet` (several portraits side by side, wider than high)."""
    framing: str = ""
    view: str = ""
    person: str = ""
    """Whose picture it is; empty where it is not said."""

    @property
    def is_sheet(self) -> bool:
        """Whether it is a character sheet, which has its own size."""
        return self.kind == "sheet"


def read_rows(folder: Path) -> list[PictureRow]:
    """Read the rows of a picture folder, in file order.

    Raises:
        BadInput: no metadata, a line without `file_name` and `text`, a missing picture; the message
            names the line.
    """
    path = folder / METADATA
    try:
        text = text_of(path.read_bytes(), path.name)
    except OSError as error:
        raise BadInput(
            f"{folder}: expected a {METADATA} with file_name and text a line ({error.strerror})"
        ) from error
    rows = [_row(line, f"{path}:{number}") for number, line in lines_of(text)]
    if not rows:
        raise BadInput(f"{path}: holds no pictures")
    missing = [row.file_name for row in rows if not (folder / row.file_name).is_file()]
    if missing:
        raise BadInput(f"{folder}: {len(missing)} pictures are missing, first {missing[0]}")
    return rows


def _row(line: str, where: str) -> PictureRow:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not JSON ({error.msg})") from error
    match fields:
        case {"file_name": str(name), "text": str(text)} if text:
            return PictureRow(
                file_name=name,
                text=text,
                kind=str(fields.get("kind", "single")),
                framing=str(fields.get("shot") or ""),
                view=str(fields.get("view") or ""),
                person=str(fields.get("person", "")),
            )
    raise BadInput(f"{where}: expected an object with file_name and text")
