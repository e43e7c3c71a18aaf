"""Where the figure of a picture stands: GrabCut between the picture's rim and its middle.

Knows pixels only. What comes out is a box, never nothing: a picture without a clear figure is its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box

WORKING_SIDE = 160
"""Long side of the copy that is cut, in pixels: the cost grows with its area."""
RIM = 0.04
"""Share of each side that is taken for background to begin with."""
_ROUNDS = 3
_LEAST_SHARE = 0.02
"""A figure smaller than this share of the picture is none."""


def figure_box(image: Image.Image) -> Box:
    """Return the box around the figure, in pixels; the whole picture where nothing stands out."""
    import cv2

    scale = min(1.0, WORKING_SIDE / max(image.size))
    size = (max(8, round(image.width * scale)), max(8, round(image.height * scale)))
    pixels = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BOX))
    mask = np.full(pixels.shape[:2], cv2.GC_PR_FGD, np.uint8)
    rim = max(1, round(RIM * min(size)))
    mask[:rim], mask[:, :rim], mask[:, -rim:] = cv2.GC_BGD, cv2.GC_BGD, cv2.GC_BGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(pixels, mask, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = _largest((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD))
    if found is None:
        return Box(left=0, top=0, right=image.width, bottom=image.height)
    left, top, width, height = found
    across, down = image.width / size[0], image.height / size[1]
    return Box(
        left=left * across,
        top=top * down,
        right=(left + width) * across,
        bottom=(top + height) * down,
    )


def _largest(mask: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the largest patch."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return None
    best = stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))]
    if best[cv2.CC_STAT_AREA] < _LEAST_SHARE * mask.size:
        return None
    return int(best[0]), int(best[1]), int(best[2]), int(best[3])
