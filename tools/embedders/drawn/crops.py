"""Crops around a face: the square with hair and chin, and the one with shoulders. Pure geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box
from tools.embedders.drawn.networks import CROP_SIDE, OUTFIT_SIDE

CONTEXT = 1.8
"""Side of a crop over that of the face's box."""
OUTFIT_CONTEXT, OUTFIT_DROP = 3.4, 0.5
"""The same of a crop with shoulders, and how far its middle lies below the face's, in sides of the face."""
LEAST_INSIDE = 0.12
"""Share of the lower half of such a crop that must lie in the picture for clothes to be seen."""


def crop_of(image: Image.Image, box: Box, zoom: float = 1.0) -> NDArray[np.uint8]:
    """Cut a head out of a picture, (CROP_SIDE, CROP_SIDE, 3); the picture's edge goes on outside.

    Args:
        image: RGB.
        box: the face's.
        zoom: above 1 shows less of what is around the face.
    """
    import cv2

    scale, half = crop_scale(box) * zoom, CROP_SIDE / 2
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    pixels = np.asarray(image)
    if scale < 0.7:  # bilinear alone would skip pixels
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    view = np.array([[scale, 0, half - x * scale], [0, scale, half - y * scale]])
    crop: NDArray[np.uint8] = cv2.warpAffine(
        pixels,
        view,
        (CROP_SIDE, CROP_SIDE),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return crop


def outfit_map(
    x: float, y: float, side: float, zoom: float = 1.0, *, mirrored: bool = False
) -> NDArray[np.float64]:
    """The 2×3 matrix that takes the picture to a crop of head and shoulders.

    Args:
        x: middle of the face in pixels.
        y: likewise.
        side: of the face's box.
        zoom: above 1 shows less.
        mirrored: left and right are exchanged.
    """
    scale = OUTFIT_SIDE / (OUTFIT_CONTEXT * side) * zoom
    across, half = -scale if mirrored else scale, OUTFIT_SIDE / 2
    middle = y + OUTFIT_DROP * side
    return np.array([[across, 0, half - x * across], [0, scale, half - middle * scale]])


def outfit_crop(pixels: NDArray[np.uint8], view: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Cut head and shoulders out, (OUTFIT_SIDE, OUTFIT_SIDE, 4).

    The fourth channel is 255 inside of the picture; outside, the picture's edge goes on.
    """
    import cv2

    inside = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    size = (OUTFIT_SIDE, OUTFIT_SIDE)
    if (scale := float(view[1, 1])) < 0.7:  # bilinear alone would skip pixels
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    colours = cv2.warpAffine(
        pixels, view, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mask = cv2.warpAffine(inside, view, size, flags=cv2.INTER_NEAREST)
    crop: NDArray[np.uint8] = np.dstack([colours, mask])
    return crop


def shows_clothes(crop: NDArray[np.uint8]) -> bool:
    """Whether enough of what lies below the face is in the picture."""
    return float((crop[OUTFIT_SIDE // 2 :, :, 3] > 0).mean()) >= LEAST_INSIDE


def crop_scale(box: Box) -> float:
    """Pixels of the crop for one of the picture."""
    return CROP_SIDE / (CONTEXT * face_side(box))


def crop_corner(box: Box) -> tuple[float, float]:
    """Left and top of the crop in pixels of the picture."""
    half = CONTEXT * face_side(box) / 2
    return (box.left + box.right) / 2 - half, (box.top + box.bottom) / 2 - half


def face_side(box: Box) -> float:
    """Mean side of a face's box in pixels."""
    return max(4.0, (box.width + box.height) / 2)
