"""Which part of a picture is kept for training, and how much each part of it counts.

Knows boxes, masks and cuts in pixels; must not know models or captions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from tools.contracts.bases import BaseRow
from tools.contracts.model import Box, Size
from tools.contracts.training import LoraConfig, TrainingImage
from tools.imaging.crops import clamp
from tools.imaging.pictures import load_picture

_HEAD_SIDES, _HEAD_ABOVE, _HEAD_BELOW = 0.5, 0.7, 0.5
"""How far hair, ears and beard reach beyond a face box, in face widths and heights."""

_STEP = 32
"""Pixels that an eight-fold autoencoder and a U-Net's two halvings divide without a rest."""


@dataclass(frozen=True)
class Frame:
    """The rectangle cut from a scaled picture; all numbers in pixels after scaling."""

    scale: float
    height: int
    width: int
    """Height and width of the whole scaled picture."""
    top: int
    left: int
    """Below 0 where the cut is larger than the picture: what lies beside it is black and not learned."""
    size: Size
    """Of the cut."""

    def box(self, box: Box) -> Box:
        """Move a box from the picture as given into the cut; it may reach outside."""
        return Box(
            left=box.left * self.scale - self.left,
            top=box.top * self.scale - self.top,
            right=box.right * self.scale - self.left,
            bottom=box.bottom * self.scale - self.top,
        )

    def cut(self, picture: Image.Image, resample: Image.Resampling) -> Image.Image:
        """Scale a picture and cut the rectangle out of it."""
        scaled = picture.resize((self.width, self.height), resample)
        right, bottom = self.left + self.size.width, self.top + self.size.height
        return scaled.crop((self.left, self.top, right, bottom))

    @property
    def padded(self) -> bool:
        """Whether the cut reaches beyond the picture."""
        return self.width < self.size.width or self.height < self.size.height

    @property
    def picture(self) -> Box:
        """Where the whole scaled picture lies in the cut."""
        return Box(
            left=-self.left,
            top=-self.top,
            right=self.width - self.left,
            bottom=self.height - self.top,
        )


def training_sizes(row: BaseRow, config: LoraConfig) -> tuple[Size, ...]:
    """The sizes that pictures may be learned in: the row's native ones at the run's resolution.

    A base with one native size learns from squares. Sizes that crops do not fit into are left out.
    """
    square = Size(width=config.resolution, height=config.resolution)
    if len(row.sizes) == 1:
        return (square,)
    factor = config.resolution / min(row.sizes[0].width, row.sizes[0].height)
    scaled = [
        Size(width=_whole(size.width * factor), height=_whole(size.height * factor))
        for size in row.sizes
    ]
    least = config.crop_side or 0
    return tuple(size for size in scaled if min(size.width, size.height) >= least) or (square,)


def frame_for(image: TrainingImage, width: int, height: int, sizes: Sequence[Size]) -> Frame:
    """Choose the size that a picture is learned in, and where it is cut.

    Of several the one nearest to the picture's own ratio in which the person is whole; where there is
    none, the nearest one with the picture made small enough. With one size nothing is held whole.

    Args:
        image: its boxes are in pixels of the picture as given.
        width: of the picture.
        height: of the picture.
        sizes: at least one.
    """
    if len(sizes) == 1:
        return _frame(image, width, height, sizes[0])
    keep = _to_keep(image, width, height)
    order = sorted(sizes, key=lambda size: abs(math.log(size.width / size.height * height / width)))
    frames = [_frame(image, width, height, size, keep) for size in order]
    return next((frame for frame in frames if not frame.padded), frames[0])


def _frame(
    image: TrainingImage, width: int, height: int, size: Size, keep: Box | None = None
) -> Frame:
    """Scale until the picture covers the size and `keep` fits; centre on the face, person or picture."""
    scale = max(size.width / width, size.height / height)
    if keep is not None:
        scale = min(scale, size.width / keep.width, size.height / keep.height)
    scaled = round(width * scale), round(height * scale)
    centre = image.face or image.person or Box(left=0, top=0, right=width, bottom=height)
    left = _start(centre.left, centre.right, scale, size.width)
    top = _start(centre.top, centre.bottom, scale, size.height)
    if keep is not None:
        left = _shifted(left, keep.left * scale, keep.right * scale, size.width)
        top = _shifted(top, keep.top * scale, keep.bottom * scale, size.height)
    return Frame(
        scale=scale,
        height=scaled[1],
        width=scaled[0],
        top=_inside(top, size.height, scaled[1]),
        left=_inside(left, size.width, scaled[0]),
        size=size,
    )


def _start(first: float, last: float, scale: float, side: int) -> int:
    """Where a cut of `side` begins that is centred between two places."""
    return round((first + last) / 2 * scale - side / 2)


def _shifted(start: int, first: float, last: float, side: int) -> int:
    """The start moved as little as it takes to have two places inside."""
    return min(max(start, math.ceil(last - side)), math.floor(first))


def _inside(start: int, side: int, whole: int) -> int:
    """The start moved into a picture; a cut that is larger has it in its middle."""
    return (whole - side) // 2 if whole < side else min(max(start, 0), whole - side)


def _to_keep(image: TrainingImage, width: int, height: int) -> Box | None:
    """What must not be cut: the person, else the head around the face."""
    person = image.person or (grown_face(image.face) if image.face else None)
    return None if person is None or image.regularisation else clamp(person, width, height)


def _whole(pixels: float) -> int:
    return max(2 * _STEP, _STEP * round(pixels / _STEP))


def grown_face(face: Box) -> Box:
    """The head around a face box: hair, ears and beard too."""
    return Box(
        left=face.left - _HEAD_SIDES * face.width,
        top=face.top - _HEAD_ABOVE * face.height,
        right=face.right + _HEAD_SIDES * face.width,
        bottom=face.bottom + _HEAD_BELOW * face.height,
    )


def loss_map(
    image: TrainingImage, frame: Frame, cells: tuple[int, int], config: LoraConfig
) -> Tensor:
    """How much each latent cell counts.

    Inside the person 1, outside `outside_weight`, and inside the face `face_weight` times that.
    The person is the mask, else the person's box, else the grown face box, else everything. What
    lies beside the picture counts nothing.

    Args:
        image: with its boxes.
        frame: what was cut from it.
        cells: height and width of the latent.
        config: the run's weights.

    Returns:
        (height, width) float32, not normalised.
    """
    person = _person_share(image, frame, cells)
    weights = config.outside_weight + (1 - config.outside_weight) * person
    if image.face is not None:
        face = box_share(frame.box(image.face), frame.size, cells)
        weights = weights * (1 + (config.face_weight - 1) * face)
    if frame.padded:
        weights = weights * box_share(frame.picture, frame.size, cells)
    return weights.clamp_min(1e-6)


def box_share(box: Box, size: Size, cells: tuple[int, int]) -> Tensor:
    """Share of each of (height, width) cells of a cut that a box covers."""

    def covered(first: float, last: float, side: int, count: int) -> Tensor:
        edges = torch.arange(count + 1) * side / count
        ends = torch.minimum(edges[1:], torch.tensor(last))
        starts = torch.maximum(edges[:-1], torch.tensor(first))
        return (ends - starts).clamp_min(0) * count / side

    down = covered(box.top, box.bottom, size.height, cells[0])
    return down[:, None] * covered(box.left, box.right, size.width, cells[1])[None, :]


def _person_share(image: TrainingImage, frame: Frame, cells: tuple[int, int]) -> Tensor:
    if image.regularisation:
        return torch.ones(cells)
    if image.mask is not None:
        mask = frame.cut(load_picture(image.mask).convert("L"), Image.Resampling.BOX)
        pixels = torch.from_numpy(np.asarray(mask, np.float32) / 255)
        return interpolate(pixels[None, None], size=cells, mode="area")[0, 0]
    if image.person is not None:
        return box_share(frame.box(image.person), frame.size, cells)
    if image.face is not None:
        return box_share(frame.box(grown_face(image.face)), frame.size, cells)
    return torch.ones(cells)
