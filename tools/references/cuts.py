"""Where a photo is cut: squares, or rectangles in the shapes of a base's native sizes.

Knows boxes in pixels and the shares of a standing figure; must not know files, faces' finders or flags.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from tools.contracts.bases import nearest_size
from tools.contracts.model import Box, Size
from tools.imaging.crops import clamp, crop, grow, square_around
from tools.references.facets import photo_rules

MARGIN = 1.1
"""How much wider than the person the cut is, where the picture has room."""


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


def square_with_head(person: Box, face: Box, width: int, height: int, least_side: int) -> Box:
    """A square around the person with a margin; where not all of the person fits, the head does."""
    square = square_around(grow(person, MARGIN), width, height, least_side)
    side = square.width
    start = person.top if person.height > side else square.top
    left = _start_with(square.left, side, face.left, face.right, width)
    top = _start_with(start, side, face.top, face.bottom, height)
    return Box(left=left, top=top, right=left + side, bottom=top + side)


def with_person(
    person: Box, width: int, height: int, least_side: int, sizes: Sequence[Size]
) -> Box:
    """The least cut in a native shape with the whole person and a margin.

    Of the shapes the nearest to the picture's own that has room; where none has, the whole picture.
    """
    for shape in _shapes(sizes, width / height):
        wanted = grow(person, MARGIN)
        most = max(wanted.height, wanted.width / shape, least_side, least_side / shape)
        down = min(most, height, width / shape)
        across, down = min(round(down * shape), width), round(down)
        if across >= person.width and down >= person.height:
            left = (person.left + person.right - across) / 2
            top = (person.top + person.bottom - down) / 2
            left = _start_with(np.floor(left), across, person.left, person.right, width)
            top = _start_with(np.floor(top), down, person.top, person.bottom, height)
            return Box(left=left, top=top, right=left + across, bottom=top + down)
    return Box(left=0, top=0, right=width, bottom=height)


def middle_of(width: int, height: int, sizes: Sequence[Size]) -> Box:
    """The largest cut in the native shape nearest to the picture's own, from its middle."""
    shape = _shapes(sizes, width / height)[0]
    down = min(height, width / shape)
    across, down = min(round(down * shape), width), round(down)
    left, top = (width - across) // 2, (height - down) // 2
    return Box(left=left, top=top, right=left + across, bottom=top + down)


def squares(sizes: Sequence[Size]) -> list[Size]:
    """The square by which a photo is known again, and which a base with one size learns."""
    return [Size(width=sizes[0].width, height=sizes[0].width)]


def scaled(picture: Image.Image, cut: Box, sizes: Sequence[Size]) -> Image.Image:
    """Cut out, and made smaller until it just covers the native size of its shape."""
    size = nearest_size(sizes, cut.width / cut.height)
    scale = max(size.width / cut.width, size.height / cut.height)
    if scale >= 1:
        return crop(picture, cut)
    return crop(
        picture,
        cut,
        Size(width=round(cut.width * scale), height=round(cut.height * scale)),
    )


def _shapes(sizes: Sequence[Size], ratio: float) -> list[float]:
    """Ratios of the sizes, width over height, the nearest to a ratio first."""
    shapes = (size.width / size.height for size in sizes)
    return sorted(shapes, key=lambda shape: abs(math.log(shape / ratio)))


def _start_with(start: float, side: float, low: float, high: float, end: float) -> float:
    """Where a stretch of `side` pixels begins, moved to hold low to high, inside 0 to `end`."""
    moved = max(min(start, np.floor(low)), np.ceil(high) - side)
    return float(min(max(moved, 0.0), end - side))
