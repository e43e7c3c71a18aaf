"""What the embedder learns from: head crops of many people, and an additive angular margin loss.

ArcFace (arXiv:1801.07698): a crop must be nearer to its own person's centre than to any other's by an
angle. Colours change from crop to crop, and part of them is grey, so that faces count and not hair and
skin alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tools.compute import Compute
from tools.embedders.drawn.networks import CROP_SIDE, EMBEDDING, HeadEmbedder, as_pixels
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.spoil import Pixels, spoil
from tools.training.faces.views import crop_map, crop_turn, warp

BATCH = 96
_SCALE = 24.0
_MARGIN = 0.2
_MARGIN_FROM, _MARGIN_GROWS = 0.75, 0.15
"""Share of the stage without a margin, and while it grows: the centres must first lie where their people
are (with a margin from the beginning the loss rose for six rounds)."""
_FIRST_SPOILING, _FULL_SPOILING = 0.3, 0.5
"""How much crops are spoiled at first, and from the middle on; with 1 the people are not learned in time."""


class ArcMargin(nn.Module):
    """A centre for each person, thrown away after training."""

    def __init__(self, people: int) -> None:
        """Place the centres at random."""
        super().__init__()
        self.centres = nn.Parameter(torch.empty(people, EMBEDDING))
        nn.init.xavier_uniform_(self.centres)

    def forward(self, embeddings: Tensor, people: Tensor, margin: float) -> Tensor:
        """Cross-entropy with the own angle widened by a margin in radians."""
        cosines = embeddings @ functional.normalize(self.centres, dim=1).T
        own = cosines.gather(1, people[:, None]).clamp(-1 + 1e-6, 1 - 1e-6)
        widened = torch.cos((torch.acos(own) + margin).clamp(max=math.pi))
        logits = cosines.scatter(1, people[:, None], widened)
        return functional.cross_entropy(_SCALE * logits, people)


class PeopleBatches:
    """Fresh crops of people."""

    def __init__(self, corpus: FaceCorpus, people: Sequence[Sequence[int]]) -> None:
        """Take the picture indices of each person."""
        self.corpus = corpus
        self.labelled = [(index, who) for who, each in enumerate(people) for index in each]
        self._round, self._order = -1, np.arange(0)

    def batch(self, step: int, share: float) -> tuple[Tensor, Tensor]:
        """Crops (b, 3, side, side) and people (b,), each picture once in a round."""
        chosen = [self._at(place) for place in range(step * BATCH, (step + 1) * BATCH)]
        chance = np.random.default_rng((self.corpus.seed, 4, step))
        grown = min(1.0, 2 * share)
        strength = _FIRST_SPOILING + (_FULL_SPOILING - _FIRST_SPOILING) * grown
        crops = np.stack([self._crop(index, chance, strength) for index, _ in chosen])
        people = torch.tensor([who for _, who in chosen])
        return as_pixels(torch.from_numpy(crops)), people

    def _at(self, place: int) -> tuple[int, int]:
        """Picture and person at a place of the endless row, shuffled anew every round."""
        turn, index = divmod(place, len(self.labelled))
        if turn != self._round:
            chance = np.random.default_rng((self.corpus.seed, 3, turn))
            self._round, self._order = turn, chance.permutation(len(self.labelled))
        return self.labelled[int(self._order[index])]

    def _crop(self, index: int, chance: np.random.Generator, strength: float) -> Pixels:
        head = self.corpus.heads[index][0]
        turn = crop_turn(head, CROP_SIDE, chance)
        view = crop_map(head, turn, CROP_SIDE, chance, 1.0)
        crop = warp(self.corpus.pixels_of(index, chance), view, CROP_SIDE)
        return spoil(crop, chance, strength)


def margin_at(share: float) -> float:
    """The margin in radians at a share of the stage."""
    return _MARGIN * min(1.0, max(0.0, share - _MARGIN_FROM) / _MARGIN_GROWS)


def identity_loss(
    batches: PeopleBatches,
    network: HeadEmbedder,
    margin: ArcMargin,
    compute: Compute,
    step: int,
    share: float,
) -> Tensor:
    """Mean loss of a fresh batch."""
    crops, people = batches.batch(step, share)
    with compute.autocast():
        embeddings = network(crops.to(compute.device))
    loss: Tensor = margin(embeddings, people.to(compute.device), margin_at(share))
    return loss
