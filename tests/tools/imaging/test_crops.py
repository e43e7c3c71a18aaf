"""Squares stay inside, crops come back where they were, canvases continue edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tools.contracts.model import Box, Size
from tools.imaging.crops import (
    Placement,
    clamp,
    crop,
    grow,
    overlap,
    paste_back,
    place,
    square_around,
)

sides = st.integers(1, 400)
places = st.floats(-300, 700, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(places), draw(places)
    across, down = draw(st.floats(0.5, 500)), draw(st.floats(0.5, 500))
    return Box(left=left, top=top, right=left + across, bottom=top + down)


def noise(width: int, height: int) -> Image.Image:
    values = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


@given(boxes(), sides, sides, st.integers(1, 300))
def test_squares_are_whole_square_and_inside(box: Box, width: int, height: int, least: int) -> None:
    square = square_around(box, width, height, least)
    assert square.width == square.height >= min(least, width, height)
    assert 0 <= square.left < square.right <= width
    assert 0 <= square.top < square.bottom <= height
    assert square.left == int(square.left)


@given(st.integers(50, 400), st.integers(50, 400), st.data())
def test_a_square_holds_its_box_where_there_is_room(
    width: int, height: int, data: st.DataObject
) -> None:
    longest = min(width, height) - 1
    left = data.draw(st.floats(0, width - 2))
    top = data.draw(st.floats(0, height - 2))
    across = data.draw(st.floats(1, min(longest, width - left)))
    down = data.draw(st.floats(1, min(longest, height - top)))
    box = Box(left=left, top=top, right=left + across, bottom=top + down)
    square = square_around(box, width, height)
    assert square.left <= box.left + 1
    assert square.right >= box.right - 1
    assert square.top <= box.top + 1
    assert square.bottom >= box.bottom - 1


@given(boxes(), sides, sides)
def test_clamped_boxes_are_inside_and_not_empty(box: Box, width: int, height: int) -> None:
    inside = clamp(box, width, height)
    assert 0 <= inside.left < inside.right <= width
    assert 0 <= inside.top < inside.bottom <= height
    assert clamp(inside, width, height) == inside


@given(boxes(), st.floats(0.1, 4))
def test_growing_keeps_the_centre(box: Box, factor: float) -> None:
    grown = grow(box, factor)
    assert grown.width == pytest.approx(box.width * factor, abs=1e-6)
    assert grown.left + grown.right == pytest.approx(box.left + box.right, abs=1e-6)


@given(boxes(), boxes())
def test_overlap_is_symmetric_and_bounded(first: Box, second: Box) -> None:
    assert overlap(first, second) == pytest.approx(overlap(second, first))
    assert 0 <= overlap(first, second) <= 1
    assert overlap(first, first) == pytest.approx(1)


def test_overlap_of_known_boxes() -> None:
    first = Box(left=0, top=0, right=10, bottom=10)
    second = Box(left=5, top=0, right=15, bottom=10)
    apart = Box(left=20, top=20, right=30, bottom=30)
    assert overlap(first, second) == pytest.approx(1 / 3)
    assert overlap(first, apart) == 0


@given(boxes())
def test_a_crop_pasted_back_changes_nothing(box: Box) -> None:
    picture = noise(60, 40)
    whole = clamp(box, 60, 40)
    assert paste_back(picture, crop(picture, whole), whole).tobytes() == picture.tobytes()


def test_pasting_keeps_every_byte_outside_and_obeys_the_mask() -> None:
    picture = noise(60, 40)
    box = Box(left=10, top=5, right=30, bottom=25)
    mask = Image.new("L", picture.size)
    mask.paste(255, (10, 5, 20, 25))
    pasted = np.asarray(paste_back(picture, Image.new("RGB", (64, 64), "red"), box, mask))
    before = np.asarray(picture)
    assert (pasted[5:25, 10:20] == (255, 0, 0)).all()
    assert (pasted[5:25, 20:30] == before[5:25, 20:30]).all()
    assert (pasted[:, 30:] == before[:, 30:]).all()
    assert (pasted[:5] == before[:5]).all()
    assert picture.tobytes() == noise(60, 40).tobytes()


def test_crops_resample_to_a_size_and_refuse_the_outside() -> None:
    picture = noise(60, 40)
    cut = crop(picture, Box(left=0, top=0, right=20, bottom=20), Size(width=64, height=64))
    assert cut.size == (64, 64)
    with pytest.raises(ValueError, match="does not lie inside 60×40"):
        crop(picture, Box(left=-1, top=0, right=20, bottom=20))


@given(st.floats(0.05, 4), st.floats(-200, 300), st.floats(-200, 300))
def test_a_canvas_is_full_size_and_flat_where_the_picture_is(
    scale: float, offset_x: float, offset_y: float
) -> None:
    placement = Placement(scale=scale, offset_x=offset_x, offset_y=offset_y)
    canvas = place(Image.new("RGB", (32, 24), (9, 90, 200)), placement, Size(width=80, height=64))
    assert canvas.size == (80, 64)
    assert np.abs(np.asarray(canvas).astype(int) - (9, 90, 200)).max() <= 1


def test_a_canvas_keeps_the_picture_sharp_and_carries_edges_outward() -> None:
    picture = Image.new("RGB", (40, 40), "blue")
    picture.paste("yellow", (0, 30, 40, 40))
    placed = place(
        picture, Placement(scale=1.0, offset_x=30, offset_y=10), Size(width=100, height=100)
    )
    assert crop(placed, Box(left=30, top=10, right=70, bottom=50)).tobytes() == picture.tobytes()
    assert placed.getpixel((50, 95)) == (255, 255, 0)
    assert placed.getpixel((5, 15)) == (0, 0, 255)
    assert placed.getpixel((5, 95)) == placed.getpixel((95, 95)) == (255, 255, 0)


def test_below_a_row_the_sides_go_on_as_they_are_there() -> None:
    picture = Image.new("RGB", (40, 40), "blue")
    picture.paste("yellow", (0, 30, 40, 40))
    where = Placement(scale=1.0, offset_x=30, offset_y=10)
    placed = place(picture, where, Size(width=100, height=100), sides_to=20)
    assert crop(placed, Box(left=30, top=10, right=70, bottom=50)).tobytes() == picture.tobytes()
    for column in (5, 95):
        assert placed.getpixel((column, 45)) == placed.getpixel((column, 95)) == (0, 0, 255)
    assert placed.getpixel((50, 95)) == (255, 255, 0), "what lies below goes on"
