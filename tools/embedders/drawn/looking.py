"""Run the head detector over a picture and read its maps as boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from tools.compute import Compute
from tools.contracts.model import Box
from tools.embedders.boxes import Detection
from tools.embedders.drawn.networks import STRIDE, HeadDetector, HeadMaps, as_pixels

SURE, FAINT, HINTED = 0.25, 0.2, 0.1
"""Heat of a head that is there, of one in a second look, and of something like one."""
SMALLEST = 10.0
"""Side of the smallest face that is believed, in pixels of what the detector looks at."""
_STEP = 32
"""Sides are filled up to a multiple of this."""
_MOST = 24
BESIDE = 0.75
"""Share of the surest head's heat that another one beside it has at least; a hand has less."""
APART = 0.85
"""Least distance of two heads, in sides of the larger face."""


@torch.no_grad()
def heads_in(
    network: HeadDetector, compute: Compute, image: Image.Image, side: int, bar: float
) -> list[Detection]:
    """Return the heads of a picture, the surest first.

    Args:
        network: the trained detector.
        compute: how to run it.
        image: RGB, any size.
        side: long side of the copy that is looked at, in pixels.
        bar: least heat, 0 to 1.
    """
    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    resample = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS
    pixels = np.asarray(image if size == image.size else image.resize(size, resample))
    right, bottom = -size[0] % _STEP, -size[1] % _STEP
    filled = cv2.copyMakeBorder(pixels, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
    with compute.autocast():
        maps = network(as_pixels(torch.from_numpy(filled)[None]).to(compute.device))
    found = [each for each in _detections(maps, scale, bar) if _inside(each.box, image.size)]
    return _apart(found)


def _apart(found: Sequence[Detection]) -> list[Detection]:
    """Drop what lies upon a surer head: two heads are never nearer than most of a face's side."""
    kept: list[Detection] = []
    for each in sorted(found, key=lambda one: -one.confidence):
        if kept and each.confidence < BESIDE * kept[0].confidence:
            break
        if all(_distance(each.box, other.box) > APART for other in kept):
            kept.append(each)
    return kept


def _distance(first: Box, second: Box) -> float:
    """Between the middles of two faces, in sides of the larger one."""
    across = (first.left + first.right - second.left - second.right) / 2
    down = (first.top + first.bottom - second.top - second.bottom) / 2
    return math.hypot(across, down) / max(first.width, second.width, 1e-6)


def _detections(maps: HeadMaps, scale: float, bar: float) -> list[Detection]:
    """Peaks of the heat above the bar as squares in pixels of the picture."""
    heat = torch.sigmoid(maps.heat[:, 0])
    peaks = heat * (heat == functional.max_pool2d(heat, 3, 1, 1))
    values, places = peaks.flatten().topk(min(_MOST, peaks.numel()))
    columns = heat.shape[2]
    found = []
    for value, place in zip(values.tolist(), places.tolist(), strict=True):
        if value < bar:
            break
        row, column = divmod(place, columns)
        x = (column + float(maps.offset[0, 0, row, column])) * STRIDE
        y = (row + float(maps.offset[0, 1, row, column])) * STRIDE
        half = float(maps.size[0, 0, row, column].clamp(-2, 6).exp()) * STRIDE / 2
        if 2 * half >= SMALLEST:
            edges = [edge / scale for edge in (x - half, y - half, x + half, y + half)]
            box = Box(left=edges[0], top=edges[1], right=edges[2], bottom=edges[3])
            found.append(Detection(box=box, confidence=value, detector="drawn"))
    return found


def _inside(box: Box, size: tuple[int, int]) -> bool:
    """Whether the middle lies in the picture, not in what was filled up."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return 0 <= x < size[0] and 0 <= y < size[1]
