"""Where the heads of a picture folder are: found, guessed from alike pictures, or found later by ourselves.

A head is the square that dlib's HOG detector draws: brows to chin. HOG sees frontal and half-turned
faces only; the camera of such a folder is steady, so a profile's face lies where the frontal ones of
the same framing lie, moved to the side to which it looks (measured with dlib's MMOD: 0.12 of the face's
width).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import TypeAdapter, ValidationError

from tools.contracts.model import Box, Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BadInput
from tools.imaging.pictures import load_picture, write_json
from tools.training.pretrain.faces import RawBoxes
from tools.training.pretrain.rows import PictureRow

QUARTER_TURNS = {
    "frontal": 0.0,
    "three-quarter left": 0.45,
    "three-quarter right": -0.45,
    "left profile": 1.0,
    "right profile": -1.0,
}
"""Yaw by view in quarter turns to the viewer's right: a left view shows the face's left side."""
_PROFILE_SHIFT, _PROFILE_RISE = 0.12, 0.04
_ENOUGH = 5
"""Detections of a framing from which its mean says where a face should be."""
_STEADY = 0.14
"""Spread of alike heads over their side up to which their mean teaches as a find does: 0.08 in close-ups,
0.13 in medium close-ups, 0.22 in medium shots."""
_CHUNK = 32


class FoundHead(Contract):
    """A detected face as it is kept beside the run."""

    box: Box
    points: tuple[tuple[float, float], ...]
    """Outer and inner corner of each eye, base of the nose; pixels."""


@dataclass(frozen=True)
class Head:
    """A face's square in pixels of the picture."""

    x: float
    y: float
    side: float
    sure: bool
    """Seen by a detector, or guessed where alike heads hardly differ; else off by up to a third."""
    points: tuple[tuple[float, float], ...] = ()

    @property
    def mirrored_points(self) -> tuple[tuple[float, float], ...]:
        """The points in the order in which the mirrored face has them."""
        return tuple(self.points[index] for index in (2, 3, 0, 1, 4)) if self.points else ()


ReadHeads = Callable[[Image.Image, Sequence[Box] | None], Sequence[FoundHead]]
"""Detects faces with landmarks; with boxes given, only fits the landmarks inside them."""


def find_heads(
    rows: Sequence[PictureRow],
    folder: Path,
    path: Path,
    read: ReadHeads,
    given: RawBoxes | None,
    progress: ProgressSink,
) -> dict[str, tuple[FoundHead, ...]]:
    """Detect the faces of all pictures that the kept file does not name yet.

    Args:
        rows: the pictures.
        folder: where they are.
        path: kept file; written after every chunk, read at the next call.
        read: the detector.
        given: boxes found before; a fractional one is a guess and does not count.
        progress: told after every chunk.

    Raises:
        BadInput: the kept file is not one of ours.
    """
    kind = TypeAdapter(dict[str, tuple[FoundHead, ...]])
    try:
        found = kind.validate_json(path.read_bytes()) if path.is_file() else {}
    except ValidationError as error:
        raise BadInput(f"{path}: not a file of found heads; move it away") from error
    missing = [row for row in rows if row.file_name not in found]
    for start in range(0, len(missing), _CHUNK):
        for row in missing[start : start + _CHUNK]:
            boxes = None if given is None else _detected(given.get(row.file_name, ()))
            picture = load_picture(folder / row.file_name)
            found[row.file_name] = tuple(read(picture, boxes)) if boxes or given is None else ()
        write_json(path, kind.dump_python(found, mode="json"))
        done = min(start + _CHUNK, len(missing))
        progress(Progress(stage="find faces", done=done, total=len(missing)))
    return found


def heads_of(
    rows: Sequence[PictureRow], found: Mapping[str, Sequence[FoundHead]]
) -> list[tuple[Head, ...]]:
    """Return the heads of each row: the detected ones, else one guess for a lone person.

    A guess is the mean of the same framing and view, else of the framing's frontal ones, moved for a
    profile; a framing in which none was detected gets none.
    """
    seen = [tuple(map(_head, found.get(row.file_name, ()))) for row in rows]
    means = _means(rows, seen)
    return [
        heads[:1] if row.kind == "single" and heads else heads or _guess(row, means)
        for row, heads in zip(rows, seen, strict=True)
    ]


def _detected(boxes: Sequence[Sequence[float]]) -> list[Box]:
    return [
        Box(left=box[0], top=box[1], right=box[2], bottom=box[3])
        for box in boxes
        if all(isinstance(edge, int) for edge in box)
    ]


def _head(found: FoundHead) -> Head:
    box = found.box
    return Head(
        (box.left + box.right) / 2,
        (box.top + box.bottom) / 2,
        (box.width + box.height) / 2,
        sure=True,
        points=found.points,
    )


def _means(
    rows: Sequence[PictureRow], seen: Sequence[Sequence[Head]]
) -> dict[tuple[str, str], Head]:
    groups: defaultdict[tuple[str, str], list[Head]] = defaultdict(list)
    for row, heads in zip(rows, seen, strict=True):
        if row.kind == "single" and heads:
            groups[row.framing, row.view].append(heads[0])
    return {key: _mean(heads) for key, heads in groups.items() if len(heads) >= _ENOUGH}


def _mean(heads: Sequence[Head]) -> Head:
    """The middle of alike heads; as good as a find where they hardly differ."""
    squares = np.asarray([[head.x, head.y, head.side] for head in heads])
    x, y, side = squares.mean(axis=0).tolist()
    spread = float(squares[:, :2].std(axis=0).max()) / side
    return Head(x, y, side, sure=spread <= _STEADY)


def _guess(row: PictureRow, means: Mapping[tuple[str, str], Head]) -> tuple[Head, ...]:
    if row.kind != "single":
        return ()
    if (row.framing, row.view) in means:
        return (means[row.framing, row.view],)
    frontal = means.get((row.framing, "frontal"))
    if frontal is None:
        return ()
    turn = QUARTER_TURNS.get(row.view, 0.0)
    moved = replace(
        frontal,
        x=frontal.x + turn * _PROFILE_SHIFT * frontal.side,
        y=frontal.y - abs(turn) * _PROFILE_RISE * frontal.side,
    )
    return (moved,)
