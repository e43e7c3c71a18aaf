from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tools.compute import pretraining_compute, resolve_device
from tools.embedders.drawn.embedder import peaks_of
from tools.embedders.drawn.looking import heads_in
from tools.embedders.drawn.networks import (
    CROP_SIDE,
    POINTS,
    STRIDE,
    HeadDetector,
    HeadEmbedder,
    HeadReader,
)
from tools.training.faces import detector, reader
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.heads import Head
from tools.training.faces.identity import (
    BATCH,
    ArcMargin,
    PeopleBatches,
    identity_loss,
    margin_at,
)
from tools.training.faces.selflabel import label_heads

COMPUTE = pretraining_compute(resolve_device("cpu"))


def test_a_scene_shows_its_heads_where_it_says(corpus: FaceCorpus) -> None:
    for number in range(12):
        pixels, (head,) = detector._scene(corpus, np.random.default_rng(number))
        assert pixels.shape == (256, 256, 3)
        assert 0 < head.x < 256
        assert 0 < head.y < 256


def test_maps_of_a_head_peak_in_its_cell_and_say_its_size() -> None:
    head = Head(101.0, 58.0, 40.0, sure=True)
    maps = detector._wanted([head])
    row, column = np.unravel_index(maps[0].argmax(), maps[0].shape)
    assert (row, column) == (58 // STRIDE, 101 // STRIDE)
    assert (column + maps[1][row, column]) * STRIDE == pytest.approx(101.0)
    assert (row + maps[2][row, column]) * STRIDE == pytest.approx(58.0)
    assert math.exp(maps[3][row, column]) * STRIDE == pytest.approx(40.0)
    assert detector._wanted([replace(head, sure=False)])[5].min() < 1.0 == maps[5].min()


def test_maps_that_say_the_truth_cost_less() -> None:
    wanted = torch.from_numpy(detector._wanted([Head(101.0, 58.0, 40.0, sure=True)]))[None]
    right = torch.logit(wanted[:, :1].clamp(1e-4, 1 - 1e-4)) * 2
    good = detector._loss(right, wanted[:, 1:3], wanted[:, 3:4], wanted)
    moved = detector._loss(right.roll(5, 3), wanted[:, 1:3], wanted[:, 3:4], wanted)
    wrong_size = detector._loss(right, wanted[:, 1:3], wanted[:, 3:4] + 1, wanted)
    assert good < moved
    assert good + 0.5 < wrong_size


def test_the_mouth_lies_below_the_nose() -> None:
    points = ((1.0, 0.0), (0.5, 0.0), (-1.0, 0.0), (-0.5, 0.0), (0.0, 1.0))
    assert reader.six_points(points)[5] == pytest.approx((0.0, 1.5))


def test_a_view_of_the_reader_has_heat_only_where_points_are_known(corpus: FaceCorpus) -> None:
    known = set()
    for number in range(40):
        crop, heat, has_points, yaw = reader._view(corpus, np.random.default_rng(number))
        assert crop.shape == (CROP_SIDE, CROP_SIDE, 3)
        assert heat.shape[0] == POINTS
        known.add(has_points)
        if has_points == 0.0:
            assert heat.max() == 0
            assert abs(yaw) == 1.0, "profiles have no points"
    assert known == {0.0, 1.0}


def test_losses_have_gradients_and_depend_on_the_step_alone(corpus: FaceCorpus) -> None:
    torch.manual_seed(0)
    finder, read = HeadDetector(widths=(8, 8, 8, 8), out=8), HeadReader(widths=(8, 8, 8), out=8)
    losses: tuple[tuple[nn.Module, Callable[[int], Tensor]], ...] = (
        (finder, lambda step: detector.detector_loss(corpus, finder, COMPUTE, step)),
        (read, lambda step: reader.reader_loss(corpus, read, COMPUTE, step)),
    )
    for network, loss in losses:
        network.train()
        first = loss(1)
        first.backward()  # type: ignore[no-untyped-call]
        assert any(p.grad is not None and bool(p.grad.any()) for p in network.parameters())
        assert loss(1).item() == pytest.approx(first.item(), rel=1e-3)
        assert loss(2).item() != first.item()


def test_a_margin_makes_the_own_centre_harder_to_reach() -> None:
    torch.manual_seed(0)
    margin, people = ArcMargin(5), torch.tensor([0, 1, 2])
    embeddings = functional.normalize(margin.centres.detach()[people] + 0.1, dim=1)
    plain, widened = margin(embeddings, people, 0.0), margin(embeddings, people, 0.3)
    assert plain < widened
    assert margin_at(0.0) == 0.0 < margin_at(0.8) < margin_at(1.0)


def test_every_picture_is_shown_once_in_a_round(corpus: FaceCorpus) -> None:
    batches = PeopleBatches(corpus, list(corpus.people().values()))
    count = len(batches.labelled)
    shown = [batches._at(place) for place in range(2 * count)]
    assert sorted(shown[:count]) == sorted(shown[count:]) == sorted(batches.labelled)
    crops, people = batches.batch(0, 0.5)
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


def test_heads_that_were_found_by_ourselves_are_kept(
    corpus: FaceCorpus, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    from tools.contracts.model import Box
    from tools.embedders.boxes import Detection
    from tools.training.faces import selflabel

    unknown = replace(corpus, heads=tuple(h if h and h[0].points else () for h in corpus.heads))
    box = Box(left=70, top=70, right=150, bottom=150)
    monkeypatch.setattr(selflabel, "heads_in", lambda *_: [Detection(box, 0.5, "drawn")])
    path = Path(str(tmp_path)) / "own.json"
    told: list[int] = []
    network = HeadDetector(widths=(8, 8, 8, 8), out=8)
    labelled = label_heads(unknown, network, COMPUTE, path, lambda p: told.append(p.done))
    assert told[-1] == 5
    new = [heads[0] for heads, old in zip(labelled.heads, unknown.heads, strict=True) if not old]
    assert {(head.x, head.y, head.side) for head in new} == {(110.0, 110.0, 80.0)}
    monkeypatch.setattr(selflabel, "heads_in", lambda *_: pytest.fail("looked again"))
    assert label_heads(unknown, network, COMPUTE, path, told.append) == labelled  # type: ignore[arg-type]


def test_an_untrained_detector_is_sure_of_nothing(corpus: FaceCorpus) -> None:
    from PIL import Image

    torch.manual_seed(0)
    network = HeadDetector().eval()
    assert heads_in(network, COMPUTE, Image.fromarray(corpus.pixels[0]), 256, 0.3) == []
    assert peaks_of(torch.full((1, 1, 8, 8), 0.5))[1].item() == pytest.approx(0.5)
