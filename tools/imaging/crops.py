"""Squares, crops and canvases: where a rectangle lies and what is cut or pasted there.

Knows geometry and pixels; must not know faces, people or prompts. Boxes are in pixels, right and
bottom exclusive; a *whole* box has integer sides inside its picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from tools.contracts.model import Box, Size

RESAMPLE = Image.Resampling.LANCZOS


def grow(box: Box, factor: float) -> Box:
    """Scale a box about its centre; 1 keeps it."""
    extra_x = box.width * (factor - 1) / 2
    extra_y = box.height * (factor - 1) / 2
    return Box(
        left=box.left - extra_x,
        top=box.top - extra_y,
        right=box.right + extra_x,
        bottom=box.bottom + extra_y,
    )


def clamp(box: Box, width: int, height: int) -> Box:
    """The part of a box inside a picture, in whole pixels and never empty."""
    left = min(max(int(np.floor(box.left)), 0), width - 1)
    top = min(max(int(np.floor(box.top)), 0), height - 1)
    right = min(max(int(np.ceil(box.right)), left + 1), width)
    bottom = min(max(int(np.ceil(box.bottom)), top + 1), height)
    return Box(left=left, top=top, right=right, bottom=bottom)


def square_around(box: Box, width: int, height: int, least_side: int = 1) -> Box:
    """The smallest whole square around a box that stays inside the picture.

    The side is the box's longer side, at least `least_side`, at most the picture's shorter side;
    near an edge the square is moved, not cut. Where the box is larger than that, its middle is
    kept.
    """
    side = min(max(round(max(box.width, box.height)), least_side, 1), width, height)
    left = round((box.left + box.right - side) / 2)
    top = round((box.top + box.bottom - side) / 2)
    left = min(max(left, 0), width - side)
    top = min(max(top, 0), height - side)
    return Box(left=left, top=top, right=left + side, bottom=top + side)


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    across = min(first.right, second.right) - max(first.left, second.left)
    down = min(first.bottom, second.bottom) - max(first.top, second.top)
    shared = max(across, 0.0) * max(down, 0.0)
    whole = first.width * first.height + second.width * second.height - shared
    return shared / whole if whole > 0 else 0.0


def whole_corners(box: Box) -> tuple[int, int, int, int]:
    """Left, top, right, bottom as integers, for Pillow."""
    return round(box.left), round(box.top), round(box.right), round(box.bottom)


def crop(picture: Image.Image, box: Box, size: Size | None = None) -> Image.Image:
    """Cut a whole box out and, when a size is given, resample it to that size (Lanczos).

    Raises:
        ValueError: the box reaches outside the picture or is empty.
    """
    corners = whole_corners(box)
    left, top, right, bottom = corners
    if not (0 <= left < right <= picture.width and 0 <= top < bottom <= picture.height):
        raise ValueError(f"box {corners} does not lie inside {picture.width}×{picture.height}")
    cut = picture.crop(corners)
    return cut if size is None else cut.resize((size.width, size.height), RESAMPLE)


def paste_back(
    picture: Image.Image, patch: Image.Image, box: Box, mask: Image.Image | None = None
) -> Image.Image:
    """A copy of the picture with the patch resampled into a whole box; for face repair.

    Args:
        picture: stays as it is outside the box, byte for byte.
        patch: any size; resampled to the box when it differs.
        box: whole box inside the picture.
        mask: mode "L" over the whole picture, white = take the patch; None takes all of it.
    """
    left, top, right, bottom = whole_corners(box)
    fitted = patch.convert(picture.mode)
    if fitted.size != (right - left, bottom - top):
        fitted = fitted.resize((right - left, bottom - top), RESAMPLE)
    result = picture.copy()
    result.paste(fitted, (left, top), mask.crop((left, top, right, bottom)) if mask else None)
    return result


@dataclass(frozen=True)
class Placement:
    """Where a scaled picture lies on a canvas: `canvas = scale * picture + offset`, in pixels."""

    scale: float
    offset_x: float
    offset_y: float


def place(
    picture: Image.Image,
    placement: Placement,
    size: Size,
    *,
    sides_to: float | None = None,
    blur: float = 6.0,
) -> Image.Image:
    """Draw a scaled picture on a canvas and carry its edges outward where it does not reach.

    Args:
        picture: the picture.
        placement: where it lies.
        size: of the canvas; what lies outside is cut.
        sides_to: row of the picture down to which its left and right edge are carried outward as they
            are; below it they go on as they are there. None carries them to the bottom.
        blur: pixels by which the continued edges are blurred, so that image-to-image sees colours to go
            on from but no streaks to keep.
    """
    width = max(1, round(picture.width * placement.scale))
    height = max(1, round(picture.height * placement.scale))
    left, top = round(placement.offset_x), round(placement.offset_y)
    scaled = picture.resize((width, height), RESAMPLE)
    columns = np.clip(np.arange(size.width) - left, 0, width - 1)
    rows = np.clip(np.arange(size.height) - top, 0, height - 1)
    pixels = np.asarray(scaled)
    continued = pixels[rows][:, columns]
    if sides_to is not None:
        beside = columns + left != np.arange(size.width)
        lowest = min(max(round(sides_to * placement.scale), 0), height - 1)
        continued[:, beside] = pixels[np.minimum(rows, lowest)][:, columns[beside]]
    canvas = Image.fromarray(continued).filter(ImageFilter.GaussianBlur(blur))
    canvas.paste(scaled, (left, top))
    return canvas
