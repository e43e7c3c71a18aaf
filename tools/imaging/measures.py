"""Numbers about pixels: sharpness, and a hash that near-duplicates share.

Pure numpy on luminance (Rec. 601, 0 to 1). Must not know what the numbers are good for:
thresholds are data of those who judge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box
from tools.imaging.crops import clamp, crop

Luminance = NDArray[np.float64]

SHARPNESS_SIDE = 256


def luminance(picture: Image.Image, box: Box | None = None) -> Luminance:
    """Luminance of a picture or of a box in it; shape (height, width), 0 to 1."""
    if box is not None:
        picture = crop(picture, clamp(box, picture.width, picture.height))
    return np.asarray(picture.convert("L"), dtype=np.float64) / 255.0


def sharpness(picture: Image.Image, box: Box | None = None) -> float:
    """Share of fine detail: variance of the Laplacian over variance of the luminance.

    Independent of brightness and contrast; 0 for a flat picture, 20 for white noise. Larger
    pictures are scaled to 256 pixels on the longer side first, smaller ones stay as they are.
    """
    if box is not None:
        picture = crop(picture, clamp(box, picture.width, picture.height))
    small = picture.convert("L")
    small.thumbnail((SHARPNESS_SIDE, SHARPNESS_SIDE), Image.Resampling.BOX)
    values = luminance(small)
    spread = float(values.var())
    if min(values.shape) < 3 or spread < 1e-6:
        return 0.0
    centre = values[1:-1, 1:-1]
    around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    return float((around - 4 * centre).var()) / spread


def difference_hash(picture: Image.Image) -> int:
    """64 bits, one for a pair of neighbours in a 9×8 miniature: set where it darkens rightward."""
    small = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    values = np.asarray(small, dtype=np.int16)
    bits = (values[:, :-1] > values[:, 1:]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def hash_distance(first: int, second: int) -> int:
    """Bits in which two hashes differ, 0 to 64."""
    return (first ^ second).bit_count()


def pixel_distance(first: Image.Image, second: Image.Image, side: int = 32) -> float:
    """Mean absolute luminance difference of two pictures at `side`×`side`, 0 to 1."""
    pair = [
        luminance(picture.convert("L").resize((side, side), Image.Resampling.BOX))
        for picture in (first, second)
    ]
    return float(np.abs(pair[0] - pair[1]).mean())
