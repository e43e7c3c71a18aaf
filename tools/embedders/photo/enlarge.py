"""Copies of pictures for detectors: resized, and with contrast stretched where it is dark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def resized(image: Image.Image, side: int) -> tuple[NDArray[np.uint8], float]:
    """Return the picture with its long side at `side`, and the factor."""
    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    resample = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS
    return np.asarray(image.resize(size, resample)), scale


def stretch_contrast(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Equalise luminance locally (CLAHE), which brings faces out of night and candlelight."""
    import cv2

    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(lab[..., 0])
    stretched: NDArray[np.uint8] = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    return stretched
