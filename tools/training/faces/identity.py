"""What the embedder learns from: head crops of many people, and an additive angular margin loss.

ArcFace (arXiv:1801.07698): a crop must be nearer to its own person's centre than to any other's by an
angle. Colours change from crop to crop, and part of them is grey, so that faces count and not hair and
skin alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
_MARGIN = 0.3
_SPOILING = 0.6
"""How much crops are spoiled; with 1 the people are not learned in time."""
_JITTER = 1.8
"""How much more crops are moved and scaled than the others': a detector's boxes differ from view to view."""


@dataclass(frozen=True)
class MarginPlan:
    """When the margin comes, as shares of the stage."""

    begins: float
    grows: float

    def at(self, share: float) -> float:
        """The margin in radians at a share of the stage."""
        return _MARGIN * min(1.0, max(0.0, share - self.begins) / self.grows)


FROM_NOTHING = MarginPlan(0.5, 0.3)
"""The centres must first lie where their people are: with a margin from the beginning the loss rose for six
rounds."""
GOING_ON = MarginPlan(0.0, 0.2)
"""For an embedder that has learned before, whose centres are placed by it."""


class ArcMargin(nn.Module):
    """A centre for each person, thrown away after training."""

    def __init__(self, people: int) -> None:
        """Place the centres at random."""
        super().__init__()
        self.centres = nn.Parameter(torch.empty(people, EMBEDDING))
        nn.init.xavier_uniform_(self.centres)

    @torch.no_grad()
    def place(self, batches: PeopleBatches, network: HeadEmbedder, compute: Compute) -> None:
        """Put each centre where a trained network sees its person."""
        sums = torch.zeros_like(self.centres)
        network.eval()
        for step in range(math.ceil(len(batches.labelled) / BATCH)):
            crops, people = batches.batch(step)
            with compute.autocast():
                seen = network(crops.to(compute.device))
            sums.index_add_(0, people.to(sums.device), seen.float())
        self.centres.copy_(functional.normalize(sums, dim=1))

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

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Crops (b, 3, side, side) and people (b,), each picture once in a round."""
        chosen = [self._at(place) for place in range(step * BATCH, (step + 1) * BATCH)]
        chance = np.random.default_rng((self.corpus.seed, 4, step))
        crops = np.stack([self._crop(index, chance) for index, _ in chosen])
        people = torch.tensor([who for _, who in chosen])
        return as_pixels(torch.from_numpy(crops)), people

    def _at(self, place: int) -> tuple[int, int]:
        """Picture and person at a place of the endless row, shuffled anew every round."""
        turn, index = divmod(place, len(self.labelled))
        if turn != self._round:
            chance = np.random.default_rng((self.corpus.seed, 3, turn))
            self._round, self._order = turn, chance.permutation(len(self.labelled))
        return self.labelled[int(self._order[index])]

    def _crop(self, index: int, chance: np.random.Generator) -> Pixels:
        head = self.corpus.heads[index][0]
        turn = crop_turn(head, CROP_SIDE, chance, _JITTER)
        view = crop_map(head, turn, CROP_SIDE, chance, _JITTER)
        crop = warp(self.corpus.pixels_of(index, chance), view, CROP_SIDE)
        return spoil(crop, chance, _SPOILING)


def identity_loss(
    batches: PeopleBatches,
    network: HeadEmbedder,
    centres: ArcMargin,
    compute: Compute,
    step: int,
    margin: float,
) -> Tensor:
    """Mean loss of a fresh batch under a margin in radians."""
    crops, people = batches.batch(step)
    with compute.autocast():
        embeddings = network(crops.to(compute.device))
    loss: Tensor = centres(embeddings, people.to(compute.device), margin)
    return loss
