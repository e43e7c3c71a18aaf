from __future__ import annotations

import cv2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tests.support.cast_frames import Frame
from tests.support.creatures import fox
from tools.contracts.model import Box
from tools.embedders.appearance.figure import WORKING_SIDE, figure_box

SIDE = 256


def wall_with(
    *boxes: tuple[int, int, int, int], size: tuple[int, int] = (SIDE, SIDE)
) -> Image.Image:
    """Orange boxes before a plain wall; right and bottom are exclusive."""
    picture = Image.new("RGB", size, "lightblue")
    for left, top, right, bottom in boxes:
        ImageDraw.Draw(picture).rectangle((left, top, right - 1, bottom - 1), fill="orange")
    return picture


def edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def test_the_figure_is_found_where_it_stands() -> None:
    box = figure_box(fox(left=110))
    assert abs(box.left - 110) < 12
    assert abs(box.right - 200) < 12
    assert abs(box.top - 60) < 12
    assert abs(box.bottom - 230) < 12


def test_a_plain_wall_is_its_own_figure() -> None:
    box = figure_box(Image.new("RGB", (120, 80), "grey"))
    assert (box.left, box.top, box.right, box.bottom) == (0, 0, 120, 80)


@settings(max_examples=20)
@given(st.integers(20, 90), st.integers(20, 90), st.integers(70, 140), st.integers(70, 140))
def test_the_box_lies_around_a_figure_wherever_it_stands(
    left: int, top: int, width: int, height: int
) -> None:
    wanted = (left, top, left + width, top + height)
    assert edges(figure_box(wall_with(wanted))) == pytest.approx(
        wanted, abs=SIDE / WORKING_SIDE * 2
    )


@pytest.mark.parametrize("times", [0.25, 3])
def test_a_copy_of_another_size_gives_the_same_box_in_its_own_pixels(times: float) -> None:
    picture = wall_with((40, 64, 120, 200))
    copy = picture.resize((round(SIDE * times), round(SIDE * times)), Image.Resampling.BOX)
    own = [edge / times for edge in edges(figure_box(copy))]
    assert own == pytest.approx(edges(figure_box(picture)), abs=6)


def test_each_axis_has_its_own_scale() -> None:
    box = figure_box(wall_with((300, 30, 500, 130), size=(601, 150)))
    assert edges(box) == pytest.approx((300, 30, 500, 130), abs=8)


def test_of_two_figures_the_larger_one_is_meant() -> None:
    box = figure_box(wall_with((30, 60, 70, 100), (110, 60, 220, 200)))
    assert edges(box) == pytest.approx((110, 60, 220, 200), abs=4)


def test_a_speck_is_no_figure() -> None:
    assert edges(figure_box(wall_with((120, 120, 136, 136)))) == (0, 0, SIDE, SIDE)


def test_a_figure_may_be_cut_by_the_lower_edge() -> None:
    box = figure_box(wall_with((70, 80, 190, SIDE)))
    assert edges(box) == pytest.approx((70, 80, 190, SIDE), abs=4)


@pytest.mark.parametrize("name", ["00000_00.webp", "00002_08.webp"])
def test_the_same_picture_always_has_the_same_box(cast: dict[str, Frame], name: str) -> None:
    """Whatever OpenCV has drawn lots for before: without a seed the cut of these two hangs on it."""
    boxes = []
    for seed in range(3):
        cv2.setRNGSeed(seed)
        boxes.append(figure_box(cast[name].image))
    assert boxes[1:] == boxes[:-1]


@pytest.mark.parametrize("name", ["00000_10.webp", "00002_13.webp", "00003_14.webp"])
def test_the_figure_of_a_person_holds_the_face(cast: dict[str, Frame], name: str) -> None:
    (face,) = cast[name].faces
    box = figure_box(cast[name].image)
    assert box.left <= (face.box.left + face.box.right) / 2 <= box.right
    assert box.top <= (face.box.top + face.box.bottom) / 2 <= box.bottom
