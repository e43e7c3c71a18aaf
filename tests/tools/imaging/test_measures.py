"""Measures order pictures as the eye does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from tools.contracts.model import Box
from tools.imaging.measures import (
    difference_hash,
    hash_distance,
    luminance,
    pixel_distance,
    sharpness,
)
from tools.imaging.pictures import load_picture

CAST = Path(__file__).parents[2] / "data" / "cast"


@pytest.fixture(scope="module")
def frames() -> list[Image.Image]:
    return [
        load_picture(CAST / f"0000{person}_0{frame}.webp")
        for person in range(3)
        for frame in range(3)
    ]


def test_sharpness_falls_with_every_blur(frames: list[Image.Image]) -> None:
    for frame in frames:
        blurred = [frame.filter(ImageFilter.GaussianBlur(sigma)) for sigma in (0, 1, 2, 4)]
        values = [sharpness(picture) for picture in blurred]
        assert values == sorted(values, reverse=True)
        assert values[0] > 3 * values[1]


def test_sharpness_does_not_depend_on_brightness(frames: list[Image.Image]) -> None:
    for frame in frames:
        dark = ImageEnhance.Brightness(frame).enhance(0.5)
        assert sharpness(dark) == pytest.approx(sharpness(frame), rel=0.15)


def test_sharpness_of_flat_tiny_and_noisy_pictures() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (128, 128), dtype=np.uint8)
    assert sharpness(Image.new("RGB", (64, 64), "grey")) == 0
    assert sharpness(Image.new("RGB", (2, 2))) == 0
    assert sharpness(Image.fromarray(noise)) == pytest.approx(20, rel=0.1)


def test_sharpness_reads_the_box_only(frames: list[Image.Image]) -> None:
    half = frames[0].filter(ImageFilter.GaussianBlur(3))
    half.paste(frames[0].crop((128, 0, 256, 256)), (128, 0))
    left = sharpness(half, Box(left=0, top=0, right=128, bottom=256))
    right = sharpness(half, Box(left=128, top=0, right=900, bottom=256))
    assert right > 10 * left


def test_hashes_of_copies_are_near_and_of_others_far(frames: list[Image.Image]) -> None:
    for frame in frames:
        own = difference_hash(frame)
        for copy in (
            frame.resize((200, 200)),
            frame.filter(ImageFilter.GaussianBlur(1)),
            ImageEnhance.Brightness(frame).enhance(0.8),
        ):
            assert hash_distance(own, difference_hash(copy)) <= 5
    hashes = [difference_hash(frame) for frame in frames]
    apart = [hash_distance(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(apart) > 5


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_hash_distance_is_a_distance(first: int, second: int) -> None:
    assert hash_distance(first, first) == 0
    assert hash_distance(first, second) == hash_distance(second, first) <= 64


def test_hash_of_a_known_picture() -> None:
    ramp = np.tile(np.linspace(255, 0, 90), (80, 1)).astype(np.uint8)
    assert difference_hash(Image.fromarray(ramp)) == 2**64 - 1
    assert difference_hash(Image.fromarray(ramp[:, ::-1])) == 0


def test_luminance_is_cut_to_the_box() -> None:
    picture = Image.new("RGB", (20, 10), "white")
    assert luminance(picture, Box(left=-5, top=2, right=4, bottom=5)).shape == (3, 4)
    assert luminance(picture).max() == 1


def test_pixel_distance_of_copies_and_opposites(frames: list[Image.Image]) -> None:
    assert pixel_distance(frames[0], frames[0]) == 0
    assert pixel_distance(Image.new("RGB", (9, 9)), Image.new("RGB", (50, 20), "white")) == 1
    assert pixel_distance(frames[0], frames[0].resize((128, 128))) < 0.01
    assert pixel_distance(frames[0], frames[3]) > 0.05
