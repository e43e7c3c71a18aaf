"""What the detector learns from: whole pictures with heads of every size, and the loss of its maps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tools.compute import Compute
from tools.embedders.drawn.networks import DETECTOR_SIDE, STRIDE, HeadDetector, as_pixels
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.heads import Head
from tools.training.faces.spoil import spoil
from tools.training.faces.views import ground_of, map_of, moved_head, scene_turn, warp

BATCH = 16
_CELLS = DETECTOR_SIDE // STRIDE
_SPREAD = 0.09
"""Standard deviation of a head's heat over its side."""
_UNSURE_SPREAD = 0.16
_UNSURE_WEIGHT = 0.3
_PROFILES = 0.3
"""Share of scenes that are chosen for a head from the side: without, an ear is taken for a face."""


def detector_loss(corpus: FaceCorpus, network: HeadDetector, compute: Compute, step: int) -> Tensor:
    """Mean loss of a fresh batch."""
    chance = np.random.default_rng((corpus.seed, 1, step))
    scenes = [_scene(corpus, chance) for _ in range(BATCH)]
    pictures = as_pixels(torch.from_numpy(np.stack([pixels for pixels, _ in scenes])))
    wanted = torch.from_numpy(np.stack([_wanted(heads) for _, heads in scenes]))
    with compute.autocast():
        maps = network(pictures.to(compute.device))
    return _loss(maps.heat, maps.offset, maps.size, wanted.to(compute.device))


def _scene(corpus: FaceCorpus, chance: np.random.Generator) -> tuple[NDArray[np.uint8], list[Head]]:
    turned = chance.random() < _PROFILES
    index = corpus.any_profile(chance) if turned else corpus.any_picture(chance)
    heads = corpus.heads[index]
    aim = heads[chance.integers(len(heads))]
    turn = scene_turn(aim, chance)
    if chance.random() < 0.25:
        turn = type(turn)(1.0, 0.0, turn.mirrored)
        lands = (DETECTOR_SIDE - aim.x if turn.mirrored else aim.x, aim.y)
    else:
        room = min(aim.side * turn.scale * 0.5, DETECTOR_SIDE * 0.42)
        lands = tuple(chance.uniform(room, DETECTOR_SIDE - room, 2))
    view = map_of(turn, (aim.x, aim.y), (lands[0], lands[1]))
    other = corpus.pixels_of(corpus.any_picture(chance), chance)
    pixels = warp(corpus.pixels_of(index, chance), view, DETECTOR_SIDE, ground_of(other, 256))
    return spoil(pixels, chance, 0.6), [moved_head(head, view, turn) for head in heads]


def _wanted(heads: Sequence[Head]) -> NDArray[np.float32]:
    """Six maps: heat, offset x and y, log size, weight of the last three, weight of the heat."""
    maps = np.zeros((6, _CELLS, _CELLS), np.float32)
    maps[5] = 1.0
    rows, columns = np.mgrid[:_CELLS, :_CELLS] + 0.5
    for head in heads:
        x, y, side = head.x / STRIDE, head.y / STRIDE, head.side / STRIDE
        spread = max(0.7, (_SPREAD if head.sure else _UNSURE_SPREAD) * side)
        away = (columns - x) ** 2 + (rows - y) ** 2
        heat = np.exp(-away / (2 * spread**2))
        column, row = int(x), int(y)
        if 0 <= column < _CELLS and 0 <= row < _CELLS:
            heat[row, column] = 1.0
        maps[0] = np.maximum(maps[0], heat)
        near = away <= (max(1.0, 0.12 * side)) ** 2
        maps[1][near], maps[2][near] = (x - columns + 0.5)[near], (y - rows + 0.5)[near]
        maps[3][near], maps[4][near] = math.log(max(1.0, side)), 1.0 if head.sure else 0.3
        if not head.sure:
            maps[5][away <= (0.6 * side) ** 2] = _UNSURE_WEIGHT
    return maps


def _loss(heat: Tensor, offset: Tensor, size: Tensor, wanted: Tensor) -> Tensor:
    """Penalty-reduced focal loss of the heat (arXiv:1904.07850, equation 1), L1 of place and size."""
    truth, boxes, weight = wanted[:, 0], wanted[:, 4], wanted[:, 5]
    logits = heat[:, 0]
    seen = torch.sigmoid(logits)
    here = (truth == 1.0).float()
    positive = here * (1 - seen) ** 2 * functional.softplus(-logits)
    negative = (1 - here) * (1 - truth) ** 4 * seen**2 * functional.softplus(logits)
    heads = here.sum().clamp(min=1)
    focal = ((positive + negative) * weight).sum() / heads
    held = boxes.sum().clamp(min=1)
    place = ((offset - wanted[:, 1:3]).abs().sum(1) * boxes).sum() / held
    scale = ((size[:, 0] - wanted[:, 3]).abs() * boxes).sum() / held
    return focal + 0.3 * place + 1.0 * scale
