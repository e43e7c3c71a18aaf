from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.training.faces.heads import Head
from tools.training.faces.views import (
    LARGEST,
    SMALLEST,
    Turn,
    crop_map,
    crop_turn,
    ground_of,
    map_of,
    moved,
    moved_head,
    scene_turn,
    warp,
)

HEAD = Head(
    100, 120, 60, sure=True, points=((115, 110), (105, 110), (85, 110), (95, 110), (100, 130))
)
TURNS = st.builds(
    Turn,
    scale=st.floats(min_value=0.2, max_value=2),
    degrees=st.floats(min_value=-20, max_value=20),
    mirrored=st.booleans(),
)


@given(TURNS, st.floats(min_value=-50, max_value=50), st.floats(min_value=-50, max_value=50))
def test_a_map_keeps_lengths_but_for_its_scale(turn: Turn, x: float, y: float) -> None:
    view = map_of(turn, (10, 20), (48, 48))
    centre, point = moved([(10, 20), (10 + x, 20 + y)], view)
    assert centre == pytest.approx((48, 48))
    assert np.hypot(*(point - centre)) == pytest.approx(turn.scale * np.hypot(x, y), abs=1e-6)


@given(TURNS)
def test_the_viewers_left_eye_stays_the_left_one(turn: Turn) -> None:
    placed = moved_head(HEAD, map_of(turn, (100, 120), (48, 48)), turn)
    right, left = np.mean(placed.points[:2], axis=0), np.mean(placed.points[2:4], axis=0)
    assert left[0] < right[0]
    assert placed.side == pytest.approx(60 * turn.scale)


def test_small_heads_are_drawn_as_often_as_large_ones() -> None:
    chance = np.random.default_rng(0)
    sides = np.asarray([scene_turn(HEAD, chance).scale * HEAD.side for _ in range(400)])
    assert sides.min() >= SMALLEST - 1
    assert sides.max() <= LARGEST + 1
    assert 0.25 < np.mean(sides < 30) < 0.5


def test_a_crop_holds_its_head_near_the_middle() -> None:
    chance = np.random.default_rng(1)
    pixels = np.zeros((256, 256, 3), np.uint8)
    pixels[115:126, 95:106] = 255
    for _ in range(10):
        turn = crop_turn(HEAD, 96, chance)
        crop = warp(pixels, crop_map(HEAD, turn, 96, chance, 1.0), 96).mean(axis=2)
        rows, columns = np.mgrid[:96, :96]
        assert abs((columns * crop).sum() / crop.sum() - 48) < 18
        assert abs((rows * crop).sum() / crop.sum() - 48) < 18


def test_what_lies_outside_of_the_picture_is_the_ground() -> None:
    pixels = np.full((256, 256, 3), 200, np.uint8)
    ground = ground_of(np.full((256, 256, 3), 30, np.uint8), 256)
    view = map_of(Turn(0.25, 0, mirrored=False), (128, 128), (64, 64))
    drawn = warp(pixels, view, 256, ground)
    assert (drawn[64, 64] == 200).all()
    assert (drawn[200, 200] == 30).all()
