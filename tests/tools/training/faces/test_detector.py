from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.tools.training.faces.conftest import COMPUTE, check_loss
from tools.embedders.drawn.networks import STRIDE, HeadDetector
from tools.training.faces import detector
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.heads import Head


def test_a_scene_shows_its_heads_where_it_says(corpus: FaceCorpus) -> None:
    for number in range(12):
        pixels, (head,) = detector._scene(corpus, np.random.default_rng(number))
        assert pixels.shape == (256, 256, 3)
        assert 0 < head.x < 256
        assert 0 < head.y < 256


def test_the_head_of_a_scene_is_drawn_where_it_says(corpus: FaceCorpus) -> None:
    """A white picture of one black head: the scene's darkest place is the head's middle."""
    pixels = np.full_like(corpus.pixels, 255)
    for index, (head,) in enumerate(corpus.heads):
        reach = slice(int(head.y) - 20, int(head.y) + 20), slice(int(head.x) - 20, int(head.x) + 20)
        pixels[index][reach] = 0
    plain = replace(corpus, pixels=pixels, redrawn={})
    for number in range(12):
        scene, (head,) = detector._scene(plain, np.random.default_rng(number))
        dark = 255.0 - scene.mean(axis=2)
        dark[dark < dark.max() / 2] = 0
        rows, columns = np.mgrid[:256, :256] + 0.5
        assert (columns * dark).sum() / dark.sum() == pytest.approx(head.x, abs=0.1 * head.side + 2)
        assert (rows * dark).sum() / dark.sum() == pytest.approx(head.y, abs=0.1 * head.side + 2)


def test_maps_of_a_head_peak_in_its_cell_and_say_its_size() -> None:
    head = Head(101.0, 58.0, 40.0, sure=True)
    maps = detector._wanted([head])
    row, column = np.unravel_index(maps[0].argmax(), maps[0].shape)
    assert (row, column) == (58 // STRIDE, 101 // STRIDE)
    assert (column + maps[1][row, column]) * STRIDE == pytest.approx(101.0)
    assert (row + maps[2][row, column]) * STRIDE == pytest.approx(58.0)
    assert math.exp(maps[3][row, column]) * STRIDE == pytest.approx(40.0)
    assert detector._wanted([replace(head, sure=False)])[5].min() < 1.0 == maps[5].min()


def test_a_head_outside_of_the_scene_has_no_peak() -> None:
    maps = detector._wanted([Head(-30.0, 58.0, 40.0, sure=True)])
    assert maps[0].max() < 1.0
    assert maps[4].max() == 0.0, "no cell says its size"


def test_maps_that_say_the_truth_cost_less() -> None:
    wanted = torch.from_numpy(detector._wanted([Head(101.0, 58.0, 40.0, sure=True)]))[None]
    right = torch.logit(wanted[:, :1].clamp(1e-4, 1 - 1e-4)) * 2
    good = detector._loss(right, wanted[:, 1:3], wanted[:, 3:4], wanted)
    moved = detector._loss(right.roll(5, 3), wanted[:, 1:3], wanted[:, 3:4], wanted)
    wrong_size = detector._loss(right, wanted[:, 1:3], wanted[:, 3:4] + 1, wanted)
    assert good < moved
    assert good + 0.5 < wrong_size


def test_the_loss_has_gradients_and_depends_on_the_step_alone(corpus: FaceCorpus) -> None:
    torch.manual_seed(0)
    finder = HeadDetector(widths=(8, 8, 8, 8), out=8)
    check_loss(finder, lambda step: detector.detector_loss(corpus, finder, COMPUTE, step))
