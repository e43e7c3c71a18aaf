"""Perceived colour of an area, and which of some named colours it is nearest to.

Pure numpy. Lab is CIE L*a*b* of sRGB under D65: lightness 0 to 100, two colour axes around 0. Must
not know what the area shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box
from tools.imaging.crops import clamp, crop

Lab = tuple[float, float, float]

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])
_LIGHTNESS_COUNTS = 0.5
"""Light changes how bright a garment is more than which colour it is."""


def median_lab(picture: Image.Image, box: Box) -> Lab:
    """Return the Lab colour of the median red, green and blue inside a box of the picture."""
    area = crop(picture.convert("RGB"), clamp(box, picture.width, picture.height))
    red, green, blue = np.median(np.asarray(area).reshape(-1, 3), axis=0)
    return rgb_to_lab((float(red), float(green), float(blue)))


def rgb_to_lab(colour: tuple[float, float, float]) -> Lab:
    """Convert sRGB, 0 to 255, to Lab."""
    share = np.array(colour) / 255.0
    linear: NDArray[np.float64] = np.where(
        share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4
    )
    ratios = _TO_XYZ @ linear / _WHITE
    x, y, z = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def nearest_colour(colour: Lab, names: Mapping[str, Lab]) -> str:
    """Return the name whose colour is nearest, lightness counting half.

    Raises:
        ValueError: no names.
    """
    return min(names, key=lambda name: _distance(colour, names[name]))


def _distance(first: Lab, second: Lab) -> float:
    lightness, green_red, blue_yellow = (a - b for a, b in zip(first, second, strict=True))
    return math.hypot(_LIGHTNESS_COUNTS * lightness, green_red, blue_yellow)
