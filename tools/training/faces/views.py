"""Cut and turn pictures for training: whole pictures with heads of any size, and crops of one head.

Pure geometry on uint8 pixels; a map is the 2×3 matrix that takes the picture's pixels to the view's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.embedders.drawn.crops import CONTEXT
from tools.training.faces.heads import Head
from tools.training.faces.spoil import Pixels

Map = NDArray[np.float64]
SMALLEST, LARGEST = 12.0, 190.0
"""Sides of the faces that the detector learns, in pixels of what it looks at."""


@dataclass(frozen=True)
class Turn:
    """How a view differs from the picture."""

    scale: float
    degrees: float
    mirrored: bool


def map_of(turn: Turn, centre: tuple[float, float], lands: tuple[float, float]) -> Map:
    """The map that turns and scales about a centre and lands it on a point of the view."""
    angle = math.radians(turn.degrees)
    flip = -1.0 if turn.mirrored else 1.0
    a, b = turn.scale * math.cos(angle), turn.scale * math.sin(angle)
    matrix = np.array([[a * flip, -b, 0.0], [b * flip, a, 0.0]])
    matrix[:, 2] = np.asarray(lands) - matrix[:, :2] @ np.asarray(centre)
    return matrix


def moved(points: Sequence[tuple[float, float]], view: Map) -> NDArray[np.float64]:
    """Take points of the picture to the view, (n, 2)."""
    array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    placed: NDArray[np.float64] = array @ view[:, :2].T + view[:, 2]
    return placed


def moved_head(head: Head, view: Map, turn: Turn) -> Head:
    """Take a head to the view."""
    (x, y), *_ = moved([(head.x, head.y)], view)
    ordered = head.mirrored_points if turn.mirrored else head.points
    points = tuple((float(x), float(y)) for x, y in moved(ordered, view)) if ordered else ()
    return Head(float(x), float(y), head.side * turn.scale, head.sure, points)


def crop_turn(head: Head, side: int, chance: np.random.Generator, jitter: float = 1.0) -> Turn:
    """A crop's scale and turn: `CONTEXT` of the face's side, a tenth more or less."""
    scale = side / (CONTEXT * head.side) * math.exp(chance.normal(0, 0.08 * jitter))
    return Turn(scale, chance.normal(0, 6 * jitter), bool(chance.random() < 0.5))


def crop_map(head: Head, turn: Turn, side: int, chance: np.random.Generator, jitter: float) -> Map:
    """A crop's map: the head lands near the middle."""
    off = chance.normal(0, 0.04 * jitter, 2) * side
    return map_of(turn, (head.x, head.y), (side / 2 + off[0], side / 2 + off[1]))


def scene_turn(head: Head, chance: np.random.Generator) -> Turn:
    """A scene's scale so that the head gets any size, small ones as often as large ones."""
    wanted = math.exp(chance.uniform(math.log(SMALLEST), math.log(LARGEST)))
    scale = float(np.clip(wanted / head.side, 0.1, 1.6))
    return Turn(scale, chance.normal(0, 7), bool(chance.random() < 0.5))


def warp(pixels: Pixels, view: Map, side: int, ground: Pixels | None = None) -> Pixels:
    """Draw the view; what lies outside of the picture is the ground, or the picture's edge."""
    import cv2

    scale = math.sqrt(abs(np.linalg.det(view[:, :2])))
    if scale < 0.7:  # bilinear alone would skip pixels
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    if ground is None:
        edge: Pixels = cv2.warpAffine(
            pixels, view, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return edge
    drawn: Pixels = cv2.warpAffine(
        pixels,
        view,
        (side, side),
        dst=ground.copy(),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    return drawn


def ground_of(pixels: Pixels, side: int) -> Pixels:
    """A ground from a picture's upper corner, where no person stands."""
    import cv2

    corner = pixels[: len(pixels) // 6, : pixels.shape[1] // 6]
    ground: Pixels = cv2.resize(corner, (side, side), interpolation=cv2.INTER_CUBIC)
    return ground
