from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.tools.training.faces.conftest import COMPUTE
from tools.embedders.drawn.networks import CROP_SIDE, HeadEmbedder
from tools.embedders.drawn.weights import load_networks, shipped_weights
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.identity import (
    BATCH,
    FROM_NOTHING,
    GOING_ON,
    ArcMargin,
    PeopleBatches,
    identity_loss,
)


def test_a_margin_makes_the_own_centre_harder_to_reach() -> None:
    torch.manual_seed(0)
    margin, people = ArcMargin(5), torch.tensor([0, 1, 2])
    embeddings = functional.normalize(margin.centres.detach()[people] + 0.1, dim=1)
    plain, widened = margin(embeddings, people, 0.0), margin(embeddings, people, 0.3)
    assert plain < widened


def test_the_margin_comes_late_for_a_new_network_and_at_once_for_one_that_goes_on() -> None:
    assert FROM_NOTHING.at(0.0) == FROM_NOTHING.at(0.5) == GOING_ON.at(0.0) == 0.0
    assert 0.0 < FROM_NOTHING.at(0.6) < FROM_NOTHING.at(0.9) == FROM_NOTHING.at(1.0)
    assert GOING_ON.at(0.1) > FROM_NOTHING.at(0.1)
    assert GOING_ON.at(1.0) == FROM_NOTHING.at(1.0)


def test_centres_are_placed_where_a_network_sees_its_people(corpus: FaceCorpus) -> None:
    batches = PeopleBatches(corpus, list(corpus.people().values()))
    network = load_networks(shipped_weights()).embedder
    placed, scattered = ArcMargin(5), ArcMargin(5)
    placed.place(batches, network, COMPUTE)
    crops, people = batches.batch(7)
    seen = network(crops)
    assert placed(seen, people, 0.0) < 0.5 * scattered(seen, people, 0.0)
    assert placed.centres.norm(dim=1).tolist() == pytest.approx([1.0] * 5, abs=1e-3)


def test_without_a_margin_the_loss_is_the_plain_cross_entropy_of_scaled_cosines() -> None:
    torch.manual_seed(0)
    margin, people = ArcMargin(4), torch.tensor([0, 3])
    embeddings = functional.normalize(torch.randn(2, margin.centres.shape[1]), dim=1)
    cosines = embeddings @ functional.normalize(margin.centres, dim=1).T
    plain = functional.cross_entropy(24.0 * cosines, people)
    assert margin(embeddings, people, 0.0).item() == pytest.approx(plain.item(), rel=1e-4)


def test_the_rounds_are_shuffled_anew_and_the_same_seed_does_it_alike(corpus: FaceCorpus) -> None:
    people = list(corpus.people().values())
    count = sum(map(len, people))
    one, two = (PeopleBatches(corpus, people) for _ in range(2))
    shown = [one._at(place) for place in range(2 * count)]
    assert shown[:count] != shown[count:]
    assert [two._at(place) for place in reversed(range(2 * count))][::-1] == shown
    assert (one.batch(3)[0] == two.batch(3)[0]).all()


def test_every_picture_is_shown_once_in_a_round(corpus: FaceCorpus) -> None:
    batches = PeopleBatches(corpus, list(corpus.people().values()))
    count = len(batches.labelled)
    shown = [batches._at(place) for place in range(2 * count)]
    assert sorted(shown[:count]) == sorted(shown[count:]) == sorted(batches.labelled)
    crops, people = batches.batch(0)
    assert crops.shape == (BATCH, 3, CROP_SIDE, CROP_SIDE)
    assert people.max() == 4


def test_people_are_told_apart_after_a_few_steps(corpus: FaceCorpus) -> None:
    torch.manual_seed(0)
    batches = PeopleBatches(corpus, list(corpus.people().values()))
    network, margin = HeadEmbedder(widths=(8, 16, 16), depth=1), ArcMargin(5)
    optimizer = torch.optim.Adam([*network.parameters(), *margin.parameters()], 0.01)
    losses = []
    for step in range(12):
        loss = identity_loss(batches, network, margin, COMPUTE, step, 0.0)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
