"""What the outfit reader learns from: head and shoulders with the colours that captions name.

A caption leaves words out now and then, but a person of a picture folder wears the same in all pictures,
so that what one caption names holds for all. A folder whose captions contradict each other is no
teacher: such people are left out. Colours stay as they are, since they are what is learned.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tools.compute import Compute
from tools.embedders.drawn.crops import outfit_crop, outfit_map
from tools.embedders.drawn.networks import (
    GARMENT_COLOURS,
    HAIR_COLOURS,
    OUTFIT_SIDE,
    OutfitReader,
    as_outfit_pixels,
)
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.heads import Head
from tools.training.faces.spoil import Pixels
from tools.training.pretrain.rows import PictureRow

BATCH = 64
_SMOOTHING = 0.05
_GARMENT = re.compile(rf"\bwearing an? ({'|'.join(GARMENT_COLOURS)}) ")
_HAIR = re.compile(rf"\b({'|'.join(HAIR_COLOURS[:-1])}) (?:hair|bob haircut|afro hair)\b")
_BALD = re.compile(r"\bbald head\b")


@dataclass(frozen=True)
class OutfitLabel:
    """What a person wears, as places in the colour lists."""

    garment: int
    hair: int


def outfit_labels(rows: Sequence[PictureRow]) -> dict[str, OutfitLabel]:
    """Read what each person wears from all of their captions; who is not told or contradicted."""
    garments: dict[str, Counter[str]] = {}
    hairs: dict[str, Counter[str]] = {}
    for row in rows:
        if row.kind != "single" or not row.person:
            continue
        garments.setdefault(row.person, Counter()).update(_GARMENT.findall(row.text))
        hairs.setdefault(row.person, Counter()).update(
            ["bald"] if _BALD.search(row.text) else _HAIR.findall(row.text)
        )
    return {
        person: OutfitLabel(
            GARMENT_COLOURS.index(next(iter(garments[person]))),
            HAIR_COLOURS.index(next(iter(hairs[person]))),
        )
        for person in garments
        if len(garments[person]) == len(hairs[person]) == 1
    }


class OutfitBatches:
    """Fresh crops with labels."""

    def __init__(self, corpus: FaceCorpus, labels: Mapping[str, OutfitLabel]) -> None:
        """Take the single pictures with a known head whose person's outfit is known."""
        self.corpus = corpus
        self.labelled = [
            (index, labels[person])
            for person, indices in corpus.people().items()
            if person in labels
            for index in indices
        ]

    def batch(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Crops (b, 4, side, side), garments (b,), hairs (b,)."""
        chance = np.random.default_rng((self.corpus.seed, 6, step))
        chosen = [self.labelled[at] for at in chance.integers(len(self.labelled), size=BATCH)]
        crops = np.stack([self._crop(index, chance) for index, _ in chosen])
        garments = torch.tensor([label.garment for _, label in chosen])
        hairs = torch.tensor([label.hair for _, label in chosen])
        return as_outfit_pixels(torch.from_numpy(crops)), garments, hairs

    def _crop(self, index: int, chance: np.random.Generator) -> Pixels:
        head: Head = self.corpus.heads[index][0]
        x, y = (float(at + chance.normal(0, 0.13) * head.side) for at in (head.x, head.y))
        zoom = math.exp(chance.normal(0, 0.12))
        view = outfit_map(x, y, head.side, zoom, mirrored=bool(chance.random() < 0.5))
        crop = outfit_crop(self.corpus.pixels_of(index, chance), view)
        return np.dstack([_worn_down(crop[..., :3], chance), crop[..., 3:]])


def outfit_loss(
    batches: OutfitBatches, network: OutfitReader, compute: Compute, step: int
) -> Tensor:
    """Mean loss of a fresh batch over both parts."""
    crops, garments, hairs = batches.batch(step)
    with compute.autocast():
        read = network(crops.to(compute.device))
    return sum(
        (
            functional.cross_entropy(
                logits.float(), labels.to(compute.device), label_smoothing=_SMOOTHING
            )
            for logits, labels in ((read.garment, garments), (read.hair, hairs))
        ),
        start=torch.zeros((), device=compute.device),
    )


def _worn_down(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """Few pixels, a little noise and a little more or less light: nothing that changes a colour's name."""
    import cv2

    size = (OUTFIT_SIDE, OUTFIT_SIDE)
    if chance.random() < 0.25:
        few = round(OUTFIT_SIDE * chance.uniform(0.25, 0.8))
        small = cv2.resize(pixels, (few, few), interpolation=cv2.INTER_AREA)
        pixels = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
    values = pixels.astype(np.float64)
    if chance.random() < 0.3:
        values *= np.exp(chance.normal(0, 0.06, 3)) * np.exp(chance.normal(0, 0.12))
    if chance.random() < 0.2:
        values += chance.normal(0, chance.uniform(2, 10), values.shape)
    worn: Pixels = values.clip(0, 255).astype(np.uint8)
    return worn
