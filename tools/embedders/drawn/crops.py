"""Head crops: the square around a face in which its hair and chin are seen too. Pure geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box
from tools.embedders.drawn.networks import CROP_SIDE

CONTEXT = 1.8
"""Side of a crop over that of the face's box."""


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


def crop_scale(box: Box) -> float:
    """Pixels of the crop for one of the picture."""
    return CROP_SIDE / (CONTEXT * _side(box))


def crop_corner(box: Box) -> tuple[float, float]:
    """Left and top of the crop in pixels of the picture."""
    half = CONTEXT * _side(box) / 2
    return (box.left + box.right) / 2 - half, (box.top + box.bottom) / 2 - half


def _side(box: Box) -> float:
    return max(4.0, (box.width + box.height) / 2)
