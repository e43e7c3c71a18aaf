"""Make a picture look like what goes wrong: blur, colour casts, noise, few pixels, a smeared eye.

Pure on uint8 pixels (h, w, 3); every chance comes from the generator that is given.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def spoil(pixels: Pixels, chance: np.random.Generator, strength: float = 1.0) -> Pixels:
    """Apply a random few of: cast, gamma, grey, few pixels, blur, noise.

    Args:
        pixels: the picture.
        chance: where the dice come from.
        strength: 0 leaves it nearly alone, 1 is the full range.
    """
    import cv2

    height, width = pixels.shape[:2]
    if chance.random() < 0.4 * strength:
        few = chance.uniform(0.22, 0.8)
        size = (max(8, round(width * few)), max(8, round(height * few)))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if chance.random() < 0.3 * strength:
        pixels = cv2.GaussianBlur(pixels, (0, 0), chance.uniform(0.4, 1.8) * width / 96)
    values = (pixels / 255.0).astype(np.float32)
    values = _coloured(values, chance, strength)
    if chance.random() < 0.3 * strength:
        noise = chance.standard_normal(values.shape, dtype=np.float32)
        values = values + chance.uniform(0.01, 0.06) * noise
    spoiled: Pixels = (values.clip(0, 1) * 255).astype(np.uint8)
    return spoiled


def smear(
    pixels: Pixels, places: Sequence[tuple[float, float, float]], chance: np.random.Generator
) -> Pixels:
    """Wipe round places away as a half-drawn face has them.

    Args:
        pixels: a crop.
        places: x, y and radius in pixels.
        chance: where the dice come from.
    """
    import cv2

    if not places:
        return pixels
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    mask = np.zeros((height, width), np.float32)
    for x, y, radius in places:
        away = np.hypot((columns - x), (rows - y) * chance.uniform(0.9, 1.4)) / radius
        mask = np.maximum(mask, np.clip(3.0 - 2.5 * away, 0, 1))
    spread = float(np.mean([radius for *_, radius in places])) * chance.uniform(0.6, 1.2)
    kept = (1 - mask) + 1e-3  # only what stays may flow in
    flow = cv2.GaussianBlur(pixels * kept[..., None], (0, 0), spread)
    wiped = flow / (cv2.GaussianBlur(kept, (0, 0), spread)[..., None] + 1e-4)
    mixed = pixels * (1 - mask[..., None]) + wiped * mask[..., None]
    smeared: Pixels = mixed.clip(0, 255).astype(np.uint8)
    return smeared


def _coloured(
    values: NDArray[np.float32], chance: np.random.Generator, strength: float
) -> NDArray[np.float32]:
    """Another light: channel gains, gamma, saturation, a gradient from one side."""
    if chance.random() < 0.7 * strength:
        gains = np.exp(chance.normal(0, 0.22, 3)).astype(np.float32)
        values = values * gains * np.float32(np.exp(chance.normal(0, 0.2)))
    if chance.random() < 0.4 * strength:
        values = np.clip(values, 0, 1) ** np.float32(np.exp(chance.normal(0, 0.25)))
    if chance.random() < 0.35 * strength:
        grey = values.mean(axis=2, keepdims=True)
        values = grey + (values - grey) * np.float32(chance.uniform(0.0, 1.3))
    if chance.random() < 0.25 * strength:
        ramp = np.linspace(chance.uniform(0.4, 1.0), chance.uniform(0.7, 1.3), values.shape[1])
        values = values * ramp[None, :, None].astype(np.float32)
    return values.astype(np.float32)
