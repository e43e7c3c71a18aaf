"""A picture folder as tensors on the device: latents, face boxes, tokens, and batches of them.

Pictures of one size go into one `PictureSet`: whole pictures, or character sheets. Must not know
models beyond the tokenizers, and never how a batch is learned.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tools.training.objective import normalised_map
from tools.training.pretrain.captions import anchored_variants, mirrored
from tools.training.pretrain.faces import FaceBoxes
from tools.training.pretrain.parts import Base
from tools.training.pretrain.rows import PictureRow

_NEAR_SHARE = 0.65
"""Share of crops that are centred on a face, if the picture has a box; the others lie anywhere."""
_MARGIN = 0.1
"""A face's box is widened by this share on every side, for chin and brow."""
_NO_BOX = -1.0
_CLOSE, _FAR = 1.6, 0.6
_FOUND, _NOT_FOUND = 1.8, 0.6


@dataclass(frozen=True)
class PretrainBatch:
    """What one step learns from; all on the device."""

    latents: Tensor
    """(count, channels, height, width) float32, channels last."""
    weights: Tensor
    """Loss weights (count, 1, height, width), mean 1 in each picture."""
    tokens: Tensor
    """(count, 2, 77)."""
    time_ids: Tensor
    """(count, 6): original height, width, crop top, left, target height, width, in pixels."""


@dataclass(frozen=True)
class Mixture:
    """How captions and loss are varied within a batch."""

    face_weight: float
    anchored_share: float
    caption_dropout: float


def sampling_weights(rows: Sequence[PictureRow], faces: Sequence[FaceBoxes]) -> Tensor:
    """Return how often each picture is drawn, (rows,), not normalised.

    Close-ups and pictures with a clearly seen face come more often. A face too small to be found in
    a far framing is no fault of the picture.
    """
    weights = []
    for row, face in zip(rows, faces, strict=True):
        far = row.framing.startswith(("full", "three"))
        framing = _CLOSE if "close-up" in row.framing else _FAR if far else 1.0
        clear = _FOUND if face.found else 1.0 if far else _NOT_FOUND
        weights.append(framing * clear)
    return torch.tensor(weights)


class PictureSet:
    """Latents of pictures of one size, with everything that a batch needs of them."""

    def __init__(
        self,
        base: Base,
        latents: Tensor,
        rows: Sequence[PictureRow],
        faces: Sequence[FaceBoxes],
        *,
        variants: int,
        seed: int,
    ) -> None:
        """Prepare tokens and boxes.

        Args:
            base: whose tokenizers, factor and device are used.
            latents: (rows, channels, height, width), scaled.
            rows: in the latents' order.
            faces: in the latents' order.
            variants: anchored versions of each caption; 0 for the plain caption only.
            seed: of the anchors' names.
        """
        self.device, self.factor = base.device, base.factor
        self.latents = latents.to(base.device)
        self.boxes = _boxes(faces, base.factor).to(base.device)
        self.tokens = _tokens(base, rows, variants, seed).to(base.device)
        self.empty = base.tokens([""])[0].to(base.device)
        self.weights = sampling_weights(rows, faces)

    def __len__(self) -> int:
        return len(self.latents)

    def batch(
        self, count: int, mixture: Mixture, chance: torch.Generator, crop_side: int | None = None
    ) -> PretrainBatch:
        """Draw pictures at random, mirrored half of the time, whole or cropped.

        Args:
            count: pictures.
            mixture: see `Mixture`.
            chance: CPU generator; the same state gives the same batch.
            crop_side: side of square crops in latents; None for whole pictures.
        """
        picked = torch.multinomial(
            self.weights, count, replacement=count > len(self), generator=chance
        )
        chosen = picked.to(self.device)
        height, width = self.latents.shape[-2:]
        if crop_side is None:
            top = left = torch.zeros(count, dtype=torch.long, device=self.device)
            size = (height, width)
        else:
            top, left = self._corners(chosen, crop_side, chance)
            size = (crop_side, crop_side)
        flip = (torch.rand(count, generator=chance) < 0.5).to(self.device)
        latents, weights = self._windows(chosen, top, left, size, mixture.face_weight)
        latents = torch.where(flip[:, None, None, None], latents.flip(-1), latents)
        weights = torch.where(flip[:, None, None, None], weights.flip(-1), weights)
        left = torch.where(flip, width - left - size[1], left)
        return PretrainBatch(
            latents=latents.contiguous(memory_format=torch.channels_last),
            weights=normalised_map(weights),
            tokens=self._caption(chosen, flip, mixture, chance),
            time_ids=self._time_ids(top, left, size),
        )

    def whole_time_ids(self, count: int) -> Tensor:
        """Return the size conditioning of whole pictures, (count, 6)."""
        corner = torch.zeros(count, dtype=torch.long, device=self.device)
        height, width = self.latents.shape[-2:]
        return self._time_ids(corner, corner, (height, width))

    def _corners(self, chosen: Tensor, side: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
        """Place crops: most around a face's centre, scattered by a quarter of its size."""
        count = len(chosen)
        which = torch.randint(0, 2, (count,), generator=chance).to(self.device)
        box = self.boxes[chosen, which]
        box = torch.where(box[:, :1] == _NO_BOX, self.boxes[chosen, 0], box)
        near = (torch.rand(count, generator=chance) < _NEAR_SHARE).to(self.device)
        near &= box[:, 0] != _NO_BOX
        corners = []
        for axis, extent in ((1, self.latents.shape[-2]), (0, self.latents.shape[-1])):
            low, high = box[:, axis], box[:, axis + 2]
            scatter = torch.randn(count, generator=chance).to(self.device) * (high - low) / 4
            anywhere = torch.rand(count, generator=chance).to(self.device) * (extent - side)
            corner = torch.where(near, (low + high - side) / 2 + scatter, anywhere)
            corners.append(corner.round().clamp(0, extent - side).long())
        return corners[0], corners[1]

    def _windows(
        self, chosen: Tensor, top: Tensor, left: Tensor, size: tuple[int, int], face_weight: float
    ) -> tuple[Tensor, Tensor]:
        """Cut latents (count, channels, *size) and their loss weights (count, 1, *size)."""
        rows = top[:, None] + torch.arange(size[0], device=self.device)
        columns = left[:, None] + torch.arange(size[1], device=self.device)
        cut = self.latents[chosen[:, None, None], :, rows[:, :, None], columns[:, None, :]]
        inside = torch.zeros(len(chosen), *size, dtype=torch.bool, device=self.device)
        for box in self.boxes[chosen].unbind(1):
            across = _within(columns, box[:, 0:1], box[:, 2:3])
            inside |= _within(rows, box[:, 1:2], box[:, 3:4])[:, :, None] & across[:, None, :]
        return cut.permute(0, 3, 1, 2).float(), torch.where(inside, face_weight, 1.0)[:, None]

    def _caption(
        self, chosen: Tensor, flip: Tensor, mixture: Mixture, chance: torch.Generator
    ) -> Tensor:
        count, versions = len(chosen), self.tokens.shape[2]
        version = torch.zeros(count, dtype=torch.long)
        if versions > 1:
            other = torch.randint(1, versions, (count,), generator=chance)
            anchored = torch.rand(count, generator=chance) < mixture.anchored_share
            version = torch.where(anchored, other, version)
        dropped = torch.rand(count, generator=chance) < mixture.caption_dropout
        tokens = self.tokens[chosen, flip.long(), version.to(self.device)]
        return torch.where(dropped.to(self.device)[:, None, None], self.empty, tokens).long()

    def _time_ids(self, top: Tensor, left: Tensor, size: tuple[int, int]) -> Tensor:
        height, width = self.latents.shape[-2:]
        whole = torch.tensor([height, width], device=self.device).expand(len(top), 2)
        target = torch.tensor(size, device=self.device).expand(len(top), 2)
        corner = torch.stack([top, left], dim=1)
        return torch.cat([whole, corner, target], dim=1).float() * self.factor


def _within(positions: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Mark positions (count, n) inside the widened interval (count, 1); without a box, none."""
    margin = _MARGIN * (high - low)
    marked = (positions >= (low - margin).floor()) & (positions <= (high + margin).floor())
    return marked & (low != _NO_BOX)


def _boxes(faces: Sequence[FaceBoxes], factor: int) -> Tensor:
    """Boxes in latents, (pictures, 2, 4): left, top, right, bottom; -1 where there is none."""
    boxes = torch.full((len(faces), 2, 4), _NO_BOX)
    for index, face in enumerate(faces):
        for slot, box in enumerate(face.boxes[:2]):
            edges = torch.tensor([box.left, box.top, box.right, box.bottom])
            boxes[index, slot] = edges.clamp_min(0) / factor
    return boxes


def _tokens(base: Base, rows: Sequence[PictureRow], variants: int, seed: int) -> Tensor:
    """Token ids (pictures, plain or mirrored, version, encoder, 77)."""
    chance = random.Random(seed)
    captions = [
        version
        for row in rows
        for caption in (row.text, mirrored(row.text))
        for version in (caption, *anchored_variants(caption, variants, chance))
    ]
    ids = base.tokens(captions)
    return ids.view(len(rows), 2, variants + 1, *ids.shape[1:])
