"""The pictures of a folder in memory, with heads, people and what the base made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.training.faces.heads import Head
from tools.training.faces.spoil import Pixels
from tools.training.pretrain.rows import PictureRow

SIDE = 256
"""Side that pictures are held at, in pixels."""
_REDRAWN_SHARE = 0.3


@dataclass(frozen=True)
class FaceCorpus:
    """What the networks learn from."""

    rows: tuple[PictureRow, ...]
    pixels: NDArray[np.uint8]
    """(n, 256, 256, 3)."""
    heads: tuple[tuple[Head, ...], ...]
    redrawn: Mapping[int, Sequence[Pixels]]
    """Pictures as the base draws them, by index."""
    seed: int

    def pixels_of(self, index: int, chance: np.random.Generator) -> Pixels:
        """A picture, or now and then what the base made of it."""
        copies = self.redrawn.get(index, ())
        if copies and chance.random() < _REDRAWN_SHARE:
            return copies[int(chance.integers(len(copies)))]
        picture: Pixels = self.pixels[index]
        return picture

    def any_picture(self, chance: np.random.Generator) -> int:
        """Choose one with a head in it."""
        indices = self.all_complete
        return int(indices[chance.integers(len(indices))])

    def any_profile(self, chance: np.random.Generator) -> int:
        """Choose a head from the side, or any where there are none."""
        indices = self.profiles if len(self.profiles) else self.all_complete
        return int(indices[chance.integers(len(indices))])

    @cached_property
    def all_complete(self) -> NDArray[np.int64]:
        """Indices of the pictures in which everybody's head is known."""
        return np.asarray([each for each in range(len(self.rows)) if self.complete(each)])

    @cached_property
    def profiles(self) -> NDArray[np.int64]:
        """Indices of the single pictures with a known head from the side."""
        kept = [each for each in self.all_complete if "profile" in self.rows[each].view]
        return np.asarray(kept, dtype=np.int64)

    def complete(self, index: int) -> bool:
        """Whether the heads of everybody in a picture are known."""
        return len(self.heads[index]) == (2 if self.rows[index].kind == "pair" else 1)

    def people(self) -> dict[str, list[int]]:
        """Indices of single pictures with a known head, by person."""
        found: dict[str, list[int]] = {}
        for index, row in enumerate(self.rows):
            if row.kind == "single" and row.person and self.heads[index]:
                found.setdefault(row.person, []).append(index)
        return found


def load_pixels(
    folder: Path, rows: Sequence[PictureRow], progress: ProgressSink
) -> NDArray[np.uint8]:
    """Read pictures, (n, 256, 256, 3).

    Raises:
        BadInput: no pictures, or one of another size.
        BadPicture: a picture cannot be read.
    """
    if not rows:
        raise BadInput(f"{folder}: holds no pictures of one or two people")
    pixels = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
    for index, row in enumerate(rows):
        picture = load_picture(folder / row.file_name)
        if picture.size != (SIDE, SIDE):
            raise BadInput(f"{row.file_name}: expected {SIDE}×{SIDE} pixels, found {picture.size}")
        pixels[index] = np.asarray(picture)
        if index % 100 == 99 or index + 1 == len(rows):
            progress(Progress(stage="read pictures", done=index + 1, total=len(rows)))
    return pixels
