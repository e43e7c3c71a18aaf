from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tools.contracts.briefs import AspectRatio
from tools.errors import BadInput
from tools.imaging.matte import frame_size, matte, parse_ratio

RATIOS = [ratio.value for ratio in AspectRatio]


@pytest.mark.parametrize(
    ("text", "ratio"),
    [("1:1", 1), ("16:9", Fraction(16, 9)), ("2.39:1", Fraction(239, 100)), ("4:5", 0.8)],
)
def test_ratios_are_exact(text: str, ratio: float) -> None:
    assert parse_ratio(text) == pytest.approx(float(ratio), abs=0)


@pytest.mark.parametrize("text", ["", "16", "16:", ":9", "16:0", "a:b", "-1:2", "nan:1"])
def test_no_ratio(text: str) -> None:
    with pytest.raises(BadInput, match="is no aspect ratio; expected for example 16:9"):
        parse_ratio(text)


@given(st.integers(1, 3000), st.integers(1, 3000), st.sampled_from(RATIOS))
def test_a_frame_is_within_a_pixel_of_its_ratio_and_crops_nothing(
    width: int, height: int, text: str
) -> None:
    ratio = parse_ratio(text)
    across, down = frame_size(width, height, ratio)
    assert across >= width
    assert down >= height
    assert across == width or down == height
    assert abs(across - down * ratio) <= 1 or abs(down - across / ratio) <= 1
    assert (across - width) % 2 == (down - height) % 2 == 0


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(RATIOS), st.integers(0, 2**32 - 1))
def test_the_picture_stands_unscaled_in_the_middle_of_black(
    width: int, height: int, text: str, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(1, 256, (height, width, 3), dtype=np.uint8)
    framed = np.asarray(matte(Image.fromarray(pixels), parse_ratio(text)))
    top, left = (framed.shape[0] - height) // 2, (framed.shape[1] - width) // 2
    inside = framed[top : top + height, left : left + width]
    assert np.array_equal(inside, pixels)
    assert int(framed.sum()) == int(pixels.sum()), "all around it is black"
    assert np.array_equal(framed, np.asarray(matte(Image.fromarray(framed), parse_ratio(text))))


def test_a_square_in_wide_formats() -> None:
    assert frame_size(256, 256, parse_ratio("1:1")) == (256, 256)
    assert frame_size(256, 256, parse_ratio("16:9")) == (456, 256)
    assert frame_size(256, 256, parse_ratio("2.39:1")) == (612, 256)
    assert frame_size(256, 256, parse_ratio("9:16")) == (256, 456)
