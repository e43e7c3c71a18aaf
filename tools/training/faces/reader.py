"""What the reader learns from: head crops with five landmarks, some of them wiped away.

A crop whose eye was smeared has no peak for that eye, which is how the network learns to say that a
part is missing. The mouth's middle is guessed from the landmarks: it lies as far below the nose as half
of the way from the eyes to the nose. Heads without landmarks teach the turn only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tools.compute import Compute
from tools.embedders.drawn.networks import CROP_SIDE, POINTS, STRIDE, HeadReader, as_pixels
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.heads import QUARTER_TURNS, Head
from tools.training.faces.spoil import Pixels, smear, spoil
from tools.training.faces.views import crop_map, crop_turn, moved_head, warp

BATCH = 48
_CELLS = CROP_SIDE // STRIDE
_SPREAD = 1.1
"""Standard deviation of a point's heat in cells."""
_MOUTH_DROP = 0.5
_WIPED = 0.12
"""Share of crops in which a given part is wiped away."""
_EYES, _NOSE, _MOUTH = ((0, 1), (2, 3)), 4, 5
_EMPTY_SHARE = 0.08
"""Share of crops that hold no face."""


def reader_loss(corpus: FaceCorpus, network: HeadReader, compute: Compute, step: int) -> Tensor:
    """Mean loss of a fresh batch."""
    chance = np.random.default_rng((corpus.seed, 2, step))
    views = [_view(corpus, chance) for _ in range(BATCH)]
    crops = as_pixels(torch.from_numpy(np.stack([view[0] for view in views])))
    heat = torch.from_numpy(np.stack([view[1] for view in views])).to(compute.device)
    known = torch.tensor([view[2] for view in views], device=compute.device)
    yaw = torch.tensor([view[3] for view in views], device=compute.device)
    with compute.autocast():
        read = network(crops.to(compute.device))
    errors = functional.binary_cross_entropy_with_logits(read.heat, heat, reduction="none")
    points = (errors * (1 + 12 * heat)).mean((1, 2, 3))
    turned = torch.isfinite(yaw).float()
    turns = functional.smooth_l1_loss(read.yaw, torch.nan_to_num(yaw), reduction="none", beta=0.2)
    return (points * known).sum() / known.sum().clamp(min=1) * 10 + (
        turns * turned
    ).sum() / turned.sum().clamp(min=1)


def six_points(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The five landmarks and the guessed middle of the mouth."""
    eyes = np.mean(points[:4], axis=0)
    nose = np.asarray(points[4])
    mouth = nose + _MOUTH_DROP * (nose - eyes)
    return (*points[:5], (float(mouth[0]), float(mouth[1])))


def _view(
    corpus: FaceCorpus, chance: np.random.Generator
) -> tuple[Pixels, NDArray[np.float32], float, float]:
    """A crop, its heat, whether its points are known, and its yaw (nan where unknown)."""
    index = corpus.any_picture(chance)
    heads = corpus.heads[index]
    head = heads[chance.integers(len(heads))]
    turn = crop_turn(head, CROP_SIDE, chance, 1.5)
    empty = chance.random() < _EMPTY_SHARE
    aim = _beside(head, chance) if empty else head
    view = crop_map(aim, turn, CROP_SIDE, chance, 1.5)
    crop = warp(
        corpus.pixels[index], view, CROP_SIDE
    )  # a redrawn one may have no eyes to learn from
    if empty:
        return spoil(crop, chance), _heat((), ()), 1.0, float("nan")
    placed = moved_head(head, view, turn)
    points = six_points(placed.points) if placed.points else ()
    wiped = _wiped(chance) if points else ()
    crop = smear(crop, [_place(points, part, placed.side, chance) for part in wiped], chance)
    yaw = QUARTER_TURNS.get(corpus.rows[index].view, float("nan"))
    yaw = -yaw if turn.mirrored else yaw
    gone = {index for part in wiped for index in part}
    return spoil(crop, chance), _heat(points, tuple(gone)), 1.0 if points else 0.0, yaw


def _beside(head: Head, chance: np.random.Generator) -> Head:
    """Somewhere else in the picture: below the chin, or off to a side."""
    down, side = chance.uniform(1.4, 2.2), chance.choice([-1, 1]) * chance.uniform(1.4, 2.2)
    x, y = (head.x, head.y + down * head.side)
    if chance.random() < 0.5:
        x, y = head.x + side * head.side, head.y
    return Head(x, y, head.side, head.sure)


def _wiped(chance: np.random.Generator) -> tuple[tuple[int, ...], ...]:
    parts = (*_EYES, (_NOSE,), (_MOUTH,))
    return tuple(part for part in parts if chance.random() < _WIPED)


def _place(
    points: Sequence[tuple[float, float]],
    part: Sequence[int],
    side: float,
    chance: np.random.Generator,
) -> tuple[float, float, float]:
    x, y = np.mean([points[index] for index in part], axis=0)
    return float(x), float(y), side * float(chance.uniform(0.14, 0.24))


def _heat(points: Sequence[tuple[float, float]], gone: Sequence[int]) -> NDArray[np.float32]:
    maps = np.zeros((POINTS, _CELLS, _CELLS), np.float32)
    rows, columns = np.mgrid[:_CELLS, :_CELLS] + 0.5
    for index, (x, y) in enumerate(points):
        if index not in gone:
            away = (columns - x / STRIDE) ** 2 + (rows - y / STRIDE) ** 2
            maps[index] = np.exp(-away / (2 * _SPREAD**2))
    return maps
