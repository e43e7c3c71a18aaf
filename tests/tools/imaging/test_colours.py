from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tools.contracts.model import Box
from tools.imaging.colours import median_lab, nearest_colour, rgb_to_lab

channel = st.floats(0, 255)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.2, 80.1, 67.2)),
        ((0, 0, 255), (32.3, 79.2, -107.9)),
    ],
)
def test_known_colours(rgb: tuple[float, ...], lab: tuple[float, ...]) -> None:
    red, green, blue = rgb
    assert rgb_to_lab((red, green, blue)) == pytest.approx(lab, abs=0.2)


@given(channel)
def test_greys_have_no_hue_and_get_lighter(value: float) -> None:
    lightness, green_red, blue_yellow = rgb_to_lab((value, value, value))
    assert (green_red, blue_yellow) == pytest.approx((0, 0), abs=0.1)
    assert lightness <= rgb_to_lab((255.0, 255.0, 255.0))[0]


def test_the_median_reads_the_box_only_and_no_specks() -> None:
    picture = Image.new("RGB", (20, 20), "blue")
    picture.paste("red", (0, 10, 20, 20))
    picture.paste("white", (0, 10, 3, 12))
    box = Box(left=0, top=10, right=20, bottom=20)
    assert median_lab(picture, box) == pytest.approx(rgb_to_lab((255, 0, 0)))


def test_lightness_counts_half() -> None:
    names = {"darker": (40.0, 0.0, 0.0), "reddish": (60.0, 11.0, 0.0)}
    assert nearest_colour((60.0, 0.0, 0.0), names) == "darker"
    assert nearest_colour((60.0, 1.5, 0.0), names) == "reddish"
