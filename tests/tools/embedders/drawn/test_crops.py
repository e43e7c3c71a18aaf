from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tools.contracts.model import Box
from tools.embedders.drawn.crops import (
    CONTEXT,
    OUTFIT_CONTEXT,
    OUTFIT_DROP,
    crop_corner,
    crop_of,
    crop_scale,
    outfit_crop,
    outfit_map,
    shows_clothes,
)
from tools.embedders.drawn.networks import CROP_SIDE, OUTFIT_SIDE

EDGES = st.floats(min_value=-50, max_value=300)
SIDES = st.floats(min_value=8, max_value=200)


@given(EDGES, EDGES, SIDES)
def test_a_boxs_middle_is_the_crops_middle(left: float, top: float, side: float) -> None:
    box = Box(left=left, top=top, right=left + side, bottom=top + side)
    corner, scale = crop_corner(box), crop_scale(box)
    assert (left + side / 2 - corner[0]) * scale == pytest.approx(CROP_SIDE / 2)
    assert (top + side / 2 - corner[1]) * scale == pytest.approx(CROP_SIDE / 2)
    assert side * scale == pytest.approx(CROP_SIDE / CONTEXT)


@pytest.mark.parametrize("side", [20, 60, 150])
def test_a_mark_in_the_box_is_where_the_geometry_says(side: int) -> None:
    picture = Image.new("RGB", (256, 256), "black")
    x, y, mark = 100, 120, max(2, side // 10)
    ImageDraw.Draw(picture).rectangle((x, y, x + mark - 1, y + mark - 1), fill="white")
    box = Box(left=90, top=100, right=90 + side, bottom=100 + side)
    light = crop_of(picture, box).astype(float).mean(axis=2)
    rows, columns = np.mgrid[:CROP_SIDE, :CROP_SIDE]
    corner, scale = crop_corner(box), crop_scale(box)
    wanted = (x + (mark - 1) / 2 - corner[0]) * scale, (y + (mark - 1) / 2 - corner[1]) * scale
    assert (columns * light).sum() / light.sum() == pytest.approx(wanted[0], abs=1.0)
    assert (rows * light).sum() / light.sum() == pytest.approx(wanted[1], abs=1.0)


def test_outside_of_the_picture_its_edge_goes_on() -> None:
    picture = Image.new("RGB", (64, 64), (10, 200, 30))
    crop = crop_of(picture, Box(left=-40, top=-40, right=20, bottom=20))
    assert crop.shape == (CROP_SIDE, CROP_SIDE, 3)
    assert (crop == (10, 200, 30)).all()


@given(EDGES, EDGES, SIDES, st.booleans())
def test_shoulders_lie_below_the_face_in_the_middle(
    x: float, y: float, side: float, mirrored: bool
) -> None:
    view = outfit_map(x, y, side, mirrored=mirrored)
    below = view @ (x, y + OUTFIT_DROP * side, 1)
    assert below == pytest.approx((OUTFIT_SIDE / 2, OUTFIT_SIDE / 2))
    edge = view @ (x + side * OUTFIT_CONTEXT / 2, y, 1)
    assert edge[0] == pytest.approx(0 if mirrored else OUTFIT_SIDE, abs=1e-6)


def test_a_crop_says_what_of_it_lies_in_the_picture() -> None:
    pixels = np.full((200, 200, 3), (10, 200, 30), np.uint8)
    inside = outfit_crop(pixels, outfit_map(100, 60, 40))
    assert inside.shape == (OUTFIT_SIDE, OUTFIT_SIDE, 4)
    assert (inside[..., :3] == (10, 200, 30)).all()
    assert shows_clothes(inside)
    cut_off = outfit_crop(pixels, outfit_map(100, 130, 120))
    assert (cut_off[..., :3] == (10, 200, 30)).all(), "the edge goes on"
    assert not cut_off[-1, :, 3].any()
    assert not shows_clothes(cut_off)
