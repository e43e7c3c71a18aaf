from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.tools.training.faces.conftest import COMPUTE, check_loss
from tools.embedders.drawn.networks import CROP_SIDE, POINTS, STRIDE, HeadReader
from tools.training.faces import reader
from tools.training.faces.corpus import FaceCorpus


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


def test_a_point_is_hottest_in_its_cell_and_a_wiped_one_nowhere() -> None:
    heat = reader._heat([(30.0, 50.0), (60.0, 50.0)], gone=(1,))
    row, column = np.unravel_index(heat[0].argmax(), heat[0].shape)
    assert (row, column) == (50 // STRIDE, 30 // STRIDE)
    assert heat[1:].max() == 0.0


def test_a_wiped_part_has_both_of_its_points_gone(
    corpus: FaceCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_EMPTY_SHARE", 0.0)
    for share, hot in ((0.0, POINTS), (1.0, 0)):
        monkeypatch.setattr(reader, "_WIPED", share)
        frontal = replace(corpus, rows=corpus.rows[:1], heads=corpus.heads[:1])
        _, heat, has_points, _ = reader._view(frontal, np.random.default_rng(0))
        assert has_points == 1.0
        assert (heat.max(axis=(1, 2)) > 0.5).sum() == hot


def test_a_crop_beside_a_head_has_no_heat_and_no_turn(
    corpus: FaceCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_EMPTY_SHARE", 1.0)
    for number in range(4):
        chance = np.random.default_rng(number)
        _, heat, has_points, yaw = reader._view(corpus, chance)
        assert (heat.max(), has_points) == (0.0, 1.0), "a crop without a face teaches that"
        assert np.isnan(yaw)
        head = corpus.heads[0][0]
        aim = reader._beside(head, chance)
        assert np.hypot(aim.x - head.x, aim.y - head.y) >= 1.4 * head.side


def test_a_mirrored_profile_turns_the_other_way(
    corpus: FaceCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_EMPTY_SHARE", 0.0)
    profile = replace(corpus, rows=corpus.rows[1:2], heads=corpus.heads[1:2])
    turns = {reader._view(profile, np.random.default_rng(number))[3] for number in range(12)}
    assert turns == {1.0, -1.0}


def test_the_loss_has_gradients_and_depends_on_the_step_alone(corpus: FaceCorpus) -> None:
    torch.manual_seed(0)
    read = HeadReader(widths=(8, 8, 8), out=8)
    check_loss(read, lambda step: reader.reader_loss(corpus, read, COMPUTE, step))
