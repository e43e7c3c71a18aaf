from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.tools.training.faces.conftest import COLOURS, COMPUTE, HAIRS, check_loss
from tools.embedders.drawn.networks import (
    GARMENT_COLOURS,
    HAIR_COLOURS,
    OUTFIT_SIDE,
    OutfitReader,
)
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.outfit import (
    BATCH,
    OutfitBatches,
    OutfitLabel,
    outfit_labels,
    outfit_loss,
)
from tools.training.pretrain.rows import PictureRow


def rows(*texts: str, person: str = "0") -> list[PictureRow]:
    return [PictureRow(f"{n}.png", text, person=person) for n, text in enumerate(texts)]


def test_what_one_caption_names_holds_for_all_of_a_persons_pictures() -> None:
    said = rows(
        "close-up photo of a man, short red hair, frontal view",
        "photo of a man, wearing a teal sports top, SAME Bo: a tall man",
        "medium shot film still of a man",
    )
    teal, red = GARMENT_COLOURS.index("teal"), HAIR_COLOURS.index("red")
    assert outfit_labels(said) == {"0": OutfitLabel(teal, red)}


@pytest.mark.parametrize(
    ("caption", "hair"),
    [
        ("bald head", "bald"),
        ("grey bob haircut", "grey"),
        ("black afro hair", "black"),
        ("braided blonde hair", "blonde"),
        ("white hair in a ponytail", "white"),
    ],
)
def test_every_form_of_hair_is_read(caption: str, hair: str) -> None:
    found = outfit_labels(rows(f"photo of a woman, {caption}, wearing a red dress"))
    assert HAIR_COLOURS[found["0"].hair] == hair


def test_who_is_contradicted_or_not_told_teaches_nothing() -> None:
    torn = rows("a man, short red hair, wearing a red coat", "a man, red hair, wearing a blue coat")
    assert outfit_labels(torn) == {}
    assert outfit_labels(rows("a man, short red hair")) == {}
    assert outfit_labels(rows("a man, red hair, wearing a red coat", person="")) == {}


def test_a_batch_shows_heads_with_shoulders_and_their_labels(corpus: FaceCorpus) -> None:
    batches = OutfitBatches(corpus, outfit_labels(corpus.rows))
    crops, garments, hairs = batches.batch(0)
    assert crops.shape == (BATCH, 4, OUTFIT_SIDE, OUTFIT_SIDE)
    assert {GARMENT_COLOURS[each] for each in garments.tolist()} == set(COLOURS)
    assert {HAIR_COLOURS[each] for each in hairs.tolist()} == set(HAIRS)
    assert set(np.unique(crops[:, 3])) == {0.0, 1.0}, "part of a crop lies outside of the picture"
    again = OutfitBatches(corpus, outfit_labels(corpus.rows)).batch(0)
    assert (again[0] == crops).all()


def test_the_loss_has_gradients_and_falls(corpus: FaceCorpus) -> None:
    torch.manual_seed(0)
    batches = OutfitBatches(corpus, outfit_labels(corpus.rows))
    network = OutfitReader(widths=(8, 8, 16, 16))
    network.eval()  # without dropout a step says the same twice
    check_loss(network, lambda step: outfit_loss(batches, network.eval(), COMPUTE, step))
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    losses = []
    for step in range(8):
        loss = outfit_loss(batches, network.train(), COMPUTE, step)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
