from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.training.faces.spoil import smear, spoil


def test_spoiling_changes_a_picture_and_the_same_dice_do_it_alike() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    one, two = (spoil(pixels, np.random.default_rng(5)) for _ in range(2))
    assert (one == two).all()
    changed = [(spoil(pixels, np.random.default_rng(n)) != pixels).any() for n in range(12)]
    assert sum(changed) > 8
    assert one.shape == pixels.shape
    assert one.dtype == np.uint8


def test_a_smear_takes_a_mark_away_and_leaves_the_rest() -> None:
    pixels = np.full((96, 96, 3), 180, np.uint8)
    pixels[28:33, 28:33] = 0
    pixels[68:73, 68:73] = 0
    smeared = smear(pixels, [(30, 30, 12)], np.random.default_rng(0))
    assert smeared[28:33, 28:33].min() > 60
    assert (smeared[68:73, 68:73] == 0).all()
    assert smear(pixels, [], np.random.default_rng(0)) is pixels


def test_no_strength_leaves_a_picture_alone() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (48, 48, 3), dtype=np.uint8)
    for number in range(12):
        spoiled = spoil(pixels, np.random.default_rng(number), 0.0)
        assert np.abs(spoiled.astype(int) - pixels).max() <= 1, "but for rounding"


def test_more_strength_takes_a_picture_further_from_what_it_was() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (48, 48, 3), dtype=np.uint8)

    def away(strength: float) -> float:
        spoiled = [spoil(pixels, np.random.default_rng(n), strength) for n in range(30)]
        return float(np.mean([np.abs(each.astype(int) - pixels).mean() for each in spoiled]))

    assert away(0.2) < away(0.6) < away(1.0)


@given(
    st.integers(min_value=9, max_value=70),
    st.integers(min_value=9, max_value=70),
    st.integers(min_value=0, max_value=2**32 - 1),
)
def test_a_spoiled_picture_keeps_its_shape(height: int, width: int, seed: int) -> None:
    pixels = np.full((height, width, 3), 128, np.uint8)
    spoiled = spoil(pixels, np.random.default_rng(seed))
    assert spoiled.shape == pixels.shape
    assert spoiled.dtype == np.uint8


def test_every_place_is_smeared() -> None:
    pixels = np.full((96, 96, 3), 180, np.uint8)
    for at in (20, 70):
        pixels[at - 2 : at + 3, at - 2 : at + 3] = 0
    smeared = smear(pixels, [(20, 20, 12), (70, 70, 12)], np.random.default_rng(0))
    assert smeared[20, 20].min() > 60
    assert smeared[70, 70].min() > 60
