"""Tell whether a picture nearly equals or mirrors another one. Pure numpy and PIL."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 32
Fingerprint = NDArray[np.float64]
"""32×32 luminance of mean 0.5 and fixed contrast, 0 to 1 for most pixels."""
CONTRAST = 0.2
"""Standard deviation that every fingerprint is brought to, so that exposure does not count."""


def fingerprint(image: Image.Image) -> Fingerprint:
    """Reduce a picture to its layout of light and dark, shape (32, 32).

    Brightness and contrast are normalised: a brighter print of a picture is still a copy.
    """
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    luma = np.asarray(small, dtype=np.float64) / 255.0
    spread = max(float(luma.std()), 0.01)
    normalised: Fingerprint = (luma - luma.mean()) / spread * CONTRAST + 0.5
    return normalised


def picture_distance(first: Fingerprint, second: Fingerprint) -> float:
    """Return the mean absolute difference, 0 = same layout; the mirror image counts too."""
    straight = np.mean(np.abs(first - second))
    mirrored = np.mean(np.abs(first - second[:, ::-1]))
    return float(min(straight, mirrored))


def nearest_picture(
    image: Image.Image, training_pictures: Mapping[str, Fingerprint]
) -> tuple[str, float] | None:
    """Name the training picture nearest in layout, with its distance; None without any."""
    mine = fingerprint(image)
    distances = {name: picture_distance(mine, other) for name, other in training_pictures.items()}
    if not distances:
        return None
    nearest = min(distances, key=lambda name: distances[name])
    return nearest, distances[nearest]


def copied_from(
    image: Image.Image, training_pictures: Mapping[str, Fingerprint], threshold: float
) -> str | None:
    """Name the training picture that a take nearly equals, if any.

    Args:
        image: the take.
        training_pictures: fingerprints by file name.
        threshold: `Calibration.copy_distance`.
    """
    nearest = nearest_picture(image, training_pictures)
    return nearest[0] if nearest is not None and nearest[1] <= threshold else None


def repeats(pictures: Mapping[str, Fingerprint], threshold: float) -> dict[str, str]:
    """Name the pictures that nearly equal or mirror an earlier one, each with the first of its kind.

    Args:
        pictures: fingerprints by file name, in order.
        threshold: `Calibration.copy_distance`.
    """
    firsts: dict[str, Fingerprint] = {}
    found: dict[str, str] = {}
    for name, mine in pictures.items():
        same = (first for first in firsts if picture_distance(mine, firsts[first]) <= threshold)
        first = next(same, None)
        if first is None:
            firsts[name] = mine
        else:
            found[name] = first
    return found
