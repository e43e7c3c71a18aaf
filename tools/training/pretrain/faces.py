"""Face boxes of a picture folder: read, found where they are missing, guessed where none was found.

A file maps picture names to boxes [left, top, right, bottom] in pixels. Whole numbers are a
detection; fractions are a mean box, a guess. Must not know a detector: it is given as a function.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from pydantic import TypeAdapter, ValidationError

from tools.contracts.model import Box
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BadInput
from tools.imaging.pictures import load_picture, write_json
from tools.training.pretrain.rows import PictureRow

FindFaces = Callable[[Sequence[Image.Image]], Sequence[Sequence[Box]]]
"""Boxes of all faces of each picture, in pixels."""

RawBoxes = dict[str, list[tuple[int | float, int | float, int | float, int | float]]]

_CHUNK = 32
_ENOUGH = 5
"""Detections from which a mean box is worth more than none."""


@dataclass(frozen=True)
class FaceBoxes:
    """Boxes of one picture, at most two, clearest first."""

    boxes: tuple[Box, ...] = ()
    found: bool = False
    """Whether a detector saw them; a mean box only says where a face should be."""


def read_boxes(path: Path) -> RawBoxes:
    """Read a file of face boxes.

    Raises:
        BadInput: not such a file.
    """
    try:
        return TypeAdapter(RawBoxes).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadInput(
            f"{path}: expected JSON with [left, top, right, bottom] boxes under each picture's name"
        ) from error


def find_missing(
    rows: Sequence[PictureRow], folder: Path, path: Path, find: FindFaces, progress: ProgressSink
) -> RawBoxes:
    """Look for faces in the pictures that the file does not name; it is kept after every chunk."""
    boxes = read_boxes(path) if path.exists() else {}
    missing = [row for row in rows if row.file_name not in boxes]
    for start in range(0, len(missing), _CHUNK):
        chunk = missing[start : start + _CHUNK]
        found = find([load_picture(folder / row.file_name) for row in chunk])
        for row, faces in zip(chunk, found, strict=True):
            boxes[row.file_name] = [_whole(face) for face in faces]
        write_json(path, boxes)
        progress(Progress(stage="faces", done=start + len(chunk), total=len(missing)))
    return boxes


def face_boxes(
    rows: Sequence[PictureRow], raw: Mapping[str, Sequence[Sequence[float]]]
) -> list[FaceBoxes]:
    """Return boxes for each row; a lone person without a detection gets the mean of alike ones.

    Alike is the same framing and view, else the same framing; five detections make a mean.
    """
    seen = [_detected(raw.get(row.file_name, ())) for row in rows]
    means = _mean_boxes(rows, seen)
    result = []
    for row, boxes in zip(rows, seen, strict=True):
        guess = _guess(row, raw.get(row.file_name, ()), means)
        result.append(FaceBoxes(boxes[:2], True) if boxes else FaceBoxes(guess, False))
    return result


def _detected(boxes: Sequence[Sequence[float]]) -> tuple[Box, ...]:
    return tuple(_box(box) for box in boxes if all(isinstance(edge, int) for edge in box))


def _guess(
    row: PictureRow, listed: Sequence[Sequence[float]], means: Mapping[tuple[str, str], Box]
) -> tuple[Box, ...]:
    if listed:
        return tuple(_box(box) for box in listed)[:2]
    if row.kind != "single":
        return ()
    mean = means.get((row.framing, row.view)) or means.get((row.framing, ""))
    return (mean,) if mean else ()


def _mean_boxes(
    rows: Sequence[PictureRow], seen: Sequence[Sequence[Box]]
) -> dict[tuple[str, str], Box]:
    groups: defaultdict[tuple[str, str], list[Box]] = defaultdict(list)
    for row, boxes in zip(rows, seen, strict=True):
        if row.kind == "single" and boxes:
            for key in {(row.framing, row.view), (row.framing, "")}:
                groups[key].append(boxes[0])
    return {key: _mean(boxes) for key, boxes in groups.items() if len(boxes) >= _ENOUGH}


def _mean(boxes: Sequence[Box]) -> Box:
    count = len(boxes)
    return Box(
        left=sum(box.left for box in boxes) / count,
        top=sum(box.top for box in boxes) / count,
        right=sum(box.right for box in boxes) / count,
        bottom=sum(box.bottom for box in boxes) / count,
    )


def _box(edges: Sequence[float]) -> Box:
    left, top, right, bottom = edges
    return Box(left=left, top=top, right=right, bottom=bottom)


def _whole(box: Box) -> tuple[int, int, int, int]:
    return round(box.left), round(box.top), round(box.right), round(box.bottom)
