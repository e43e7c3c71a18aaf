"""Which part of a picture is kept for training, and how much each part of it counts.

Knows boxes, masks and squares in pixels; must not know models or captions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from tools.contracts.model import Box
from tools.contracts.training import LoraConfig, TrainingImage
from tools.imaging.pictures import load_picture

_HEAD_SIDES, _HEAD_ABOVE, _HEAD_BELOW = 0.5, 0.7, 0.5
"""How far hair, ears and beard reach beyond a face box, in face widths and heights."""


@dataclass(frozen=True)
class Square:
    """The square cut from a scaled picture; all numbers in pixels after scaling."""

    scale: float
    height: int
    width: int
    """Height and width of the whole scaled picture."""
    top: int
    left: int
    side: int

    def box(self, box: Box) -> Box:
        """Move a box from the picture as given into the square; it may reach outside."""
        return Box(
            left=box.left * self.scale - self.left,
            top=box.top * self.scale - self.top,
            right=box.right * self.scale - self.left,
            bottom=box.bottom * self.scale - self.top,
        )

    def cut(self, picture: Image.Image, resample: Image.Resampling) -> Image.Image:
        """Scale a picture and cut the square out of it."""
        scaled = picture.resize((self.width, self.height), resample)
        return scaled.crop((self.left, self.top, self.left + self.side, self.top + self.side))


def square_for(image: TrainingImage, width: int, height: int, side: int) -> Square:
    """Scale the shorter side to `side` and centre the square on the face, person or picture."""
    scale = side / min(width, height)
    scaled_width, scaled_height = round(width * scale), round(height * scale)
    centre = image.face or image.person or Box(left=0, top=0, right=width, bottom=height)
    left = round((centre.left + centre.right) / 2 * scale - side / 2)
    top = round((centre.top + centre.bottom) / 2 * scale - side / 2)
    return Square(
        scale=scale,
        height=scaled_height,
        width=scaled_width,
        top=min(max(top, 0), scaled_height - side),
        left=min(max(left, 0), scaled_width - side),
        side=side,
    )


def grown_face(face: Box) -> Box:
    """The head around a face box: hair, ears and beard too."""
    return Box(
        left=face.left - _HEAD_SIDES * face.width,
        top=face.top - _HEAD_ABOVE * face.height,
        right=face.right + _HEAD_SIDES * face.width,
        bottom=face.bottom + _HEAD_BELOW * face.height,
    )


def loss_map(image: TrainingImage, square: Square, cells: int, config: LoraConfig) -> Tensor:
    """How much each latent cell counts.

    Inside the person 1, outside `outside_weight`, and inside the face `face_weight` times that.
    The person is the mask, else the person's box, else the grown face box, else everything.

    Returns:
        (cells, cells) float32, not normalised.
    """
    person = _person_share(image, square, cells)
    weights = config.outside_weight + (1 - config.outside_weight) * person
    if image.face is not None:
        face = box_share(square.box(image.face), square.side, cells)
        weights = weights * (1 + (config.face_weight - 1) * face)
    return weights.clamp_min(1e-6)


def box_share(box: Box, side: int, cells: int) -> Tensor:
    """Share of each of (cells, cells) cells of a square of `side` pixels that a box covers."""

    def covered(first: float, last: float) -> Tensor:
        edges = torch.arange(cells + 1) * side / cells
        ends = torch.minimum(edges[1:], torch.tensor(last))
        starts = torch.maximum(edges[:-1], torch.tensor(first))
        return (ends - starts).clamp_min(0) * cells / side

    return covered(box.top, box.bottom)[:, None] * covered(box.left, box.right)[None, :]


def _person_share(image: TrainingImage, square: Square, cells: int) -> Tensor:
    if image.regularisation:
        return torch.ones(cells, cells)
    if image.mask is not None:
        mask = square.cut(load_picture(image.mask).convert("L"), Image.Resampling.BOX)
        pixels = torch.from_numpy(np.asarray(mask, np.float32) / 255)
        return interpolate(pixels[None, None], size=(cells, cells), mode="area")[0, 0]
    if image.person is not None:
        return box_share(square.box(image.person), square.side, cells)
    if image.face is not None:
        return box_share(square.box(grown_face(image.face)), square.side, cells)
    return torch.ones(cells, cells)
