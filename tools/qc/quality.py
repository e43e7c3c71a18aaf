"""Blur, exposure and near-duplicates of pictures. Pure numpy and PIL; of faces it knows boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box
from tools.qc.copies import fingerprint, picture_distance

BLUR_SIDE = 128
"""Sharpness is measured on a crop of at most this side: large photos are not punished."""
SHARP_FACE = 48.0
"""Height in pixels from which sharpness is read on the face, else on the middle of the frame."""
BLURRED = 0.0012
"""Laplacian variance (luma 0 to 1) below which a picture counts as blurred (measured)."""
TOO_DARK, TOO_BRIGHT = 0.03, 0.97
"""Median luma outside these is under- or over-exposed."""
CLIPPED_SHARE = 0.6
"""Share of pixels at black or white from which a picture has lost its detail."""


@dataclass(frozen=True)
class Quality:
    """Measured quality of one picture."""

    sharpness: float
    """Variance of the Laplacian on the face or the middle of the frame; luma 0 to 1."""
    median_luma: float
    clipped: float
    """Share of pixels that are black or white."""
    flags: tuple[str, ...]
    """`blurred`, `too dark`, `too bright`, `clipped`; empty when fine."""


def measure_quality(image: Image.Image, face: Box | None = None) -> Quality:
    """Measure one picture; sharpness on the face where a box is given."""
    luma = np.asarray(image.convert("L"), dtype=np.float64) / 255.0
    sharpness = _sharpness(image, face)
    median = float(np.median(luma))
    clipped = float(np.mean((luma <= 0.004) | (luma >= 0.996)))
    checks = {
        "blurred": sharpness < BLURRED,
        "too dark": median < TOO_DARK and clipped >= CLIPPED_SHARE,
        "too bright": median > TOO_BRIGHT,
        "clipped": clipped >= CLIPPED_SHARE and TOO_DARK <= median <= TOO_BRIGHT,
    }
    flags = tuple(name for name, hit in checks.items() if hit)
    return Quality(sharpness, median, clipped, flags)


def near_duplicates(
    images: Mapping[str, Image.Image], threshold: float
) -> list[tuple[str, str, float]]:
    """Name pairs of pictures that nearly equal each other, with their distance, nearest first.

    Args:
        images: pictures by file name.
        threshold: `Calibration.copy_distance`.
    """
    prints = {name: fingerprint(image) for name, image in images.items()}
    pairs = [
        (first, second, picture_distance(prints[first], prints[second]))
        for first, second in combinations(sorted(prints), 2)
    ]
    return sorted((pair for pair in pairs if pair[2] <= threshold), key=lambda pair: pair[2])


def _sharpness(image: Image.Image, face: Box | None) -> float:
    box = face if face is not None and face.height >= SHARP_FACE else _middle(image)
    left, top = max(0.0, box.left), max(0.0, box.top)
    right, bottom = min(float(image.width), box.right), min(float(image.height), box.bottom)
    size = tuple(max(3, min(BLUR_SIDE, round(side))) for side in (right - left, bottom - top))
    crop = image.convert("L").resize(
        (size[0], size[1]), Image.Resampling.BOX, box=(left, top, right, bottom)
    )
    return float(np.var(_laplacian(np.asarray(crop, dtype=np.float64) / 255.0)))


def _middle(image: Image.Image) -> Box:
    return Box(
        left=image.width / 4,
        top=image.height / 4,
        right=image.width * 3 / 4,
        bottom=image.height * 3 / 4,
    )


def _laplacian(luma: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = luma[1:-1, 1:-1]
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    return around - 4 * inner
