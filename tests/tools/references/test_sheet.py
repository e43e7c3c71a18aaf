"""Sheets are cut where their grid is, and the sheet that agrees best is chosen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tools.errors import BadInput
from tools.references.sheet import SheetAgreement, cut_sheet, rank_sheets


def portrait(number: int, width: int, height: int) -> Image.Image:
    """Noise whose red says which portrait it is."""
    values = np.random.default_rng(number).integers(0, 256, (height, width, 3), dtype=np.uint8)
    values[:, :, 0] = number * 25
    return Image.fromarray(values)


def sheet(
    rows: int,
    columns: int,
    *,
    side: tuple[int, int] = (96, 96),
    gutter: int = 0,
    empty: int = 0,
    colour: str = "white",
) -> Image.Image:
    """A grid of portraits with gutters between and around; the last `empty` cells stay blank."""
    across, down = side
    size = (columns * (across + gutter) + gutter, rows * (down + gutter) + gutter)
    picture = Image.new("RGB", size, colour)
    for number in range(rows * columns - empty):
        row, column = divmod(number, columns)
        corner = (gutter + column * (across + gutter), gutter + row * (down + gutter))
        picture.paste(portrait(number, across, down), corner)
    return picture


def numbers(portraits: tuple[Image.Image, ...]) -> list[float]:
    return [float(np.asarray(cut)[:, :, 0].mean()) / 25 for cut in portraits]


def test_the_maquettes_sheet_is_cut_into_six_squares_in_reading_order() -> None:
    portraits = cut_sheet(sheet(2, 3, side=(128, 128)), 2, 3)
    assert [cut.size for cut in portraits] == [(128, 128)] * 6
    assert numbers(portraits) == [0, 1, 2, 3, 4, 5]
    assert {cut.mode for cut in portraits} == {"RGB"}


@settings(max_examples=25)
@given(
    st.sampled_from([(2, 3), (3, 2), (2, 4), (4, 2), (1, 6), (1, 7), (8, 1)]),
    st.integers(2, 30),
    st.sampled_from(["white", "black", "#808080"]),
    st.sampled_from([(96, 96), (80, 110), (120, 70)]),
)
def test_gutters_show_the_grid(
    grid: tuple[int, int], gutter: int, colour: str, side: tuple[int, int]
) -> None:
    made = sheet(*grid, side=side, gutter=gutter, colour=colour)
    portraits = cut_sheet(made)
    assert numbers(portraits) == list(range(grid[0] * grid[1]))
    assert {cut.size for cut in portraits} == {(min(side), min(side))}


@pytest.mark.parametrize("grid", [(2, 3), (3, 2), (2, 4), (1, 7)])
def test_without_gutters_the_only_division_into_squares_is_taken(grid: tuple[int, int]) -> None:
    assert numbers(cut_sheet(sheet(*grid))) == list(range(grid[0] * grid[1]))


def test_an_empty_cell_is_left_out() -> None:
    assert numbers(cut_sheet(sheet(2, 4, empty=1), 2, 4)) == [0, 1, 2, 3, 4, 5, 6]


def test_tall_cells_keep_their_top_and_wide_ones_their_middle() -> None:
    tall = sheet(2, 3, side=(80, 120))
    assert np.array_equal(
        np.asarray(cut_sheet(tall, 2, 3)[0]), np.asarray(portrait(0, 80, 120))[:80]
    )
    wide = sheet(2, 3, side=(120, 80))
    assert np.array_equal(
        np.asarray(cut_sheet(wide, 2, 3)[0]), np.asarray(portrait(0, 120, 80))[:, 20:100]
    )


@pytest.mark.parametrize(
    ("picture", "grid", "message"),
    [
        (sheet(2, 2), (2, 2), "6 to 8 portraits, found 4"),
        (sheet(3, 3), (3, 3), "6 to 8 portraits, found 9"),
        (sheet(2, 3, empty=1), (2, 3), "found 5; give rows and columns"),
        (sheet(2, 3, side=(40, 40)), (2, 3), "smaller than 64 pixels"),
        (sheet(2, 3), (0, 3), "1 to 8 rows and columns, not 0x3"),
        (sheet(2, 3), (2, 99), "1 to 8 rows and columns, not 2x99"),
        (portrait(1, 300, 290), (None, None), "cannot tell the grid of a 300×290 sheet"),
        (Image.new("RGB", (384, 256), "grey"), (2, 3), "found 0"),
    ],
)
def test_what_is_no_sheet_is_refused(
    picture: Image.Image, grid: tuple[int | None, int | None], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        cut_sheet(picture, *grid)


def agreement(name: str, *distances: float | None) -> SheetAgreement:
    return SheetAgreement(name, distances)


def test_the_sheet_that_agrees_best_is_chosen() -> None:
    loose, tight = agreement("loose", 0.1, 0.12, 0.1), agreement("tight", 0.04, 0.05, 0.03)
    assert rank_sheets([loose, tight], unreadable_as=0.14)[0].index == 1


def test_unreadable_faces_count_against_a_sheet() -> None:
    blank = agreement("blank", 0.03, 0.03, None, None, None, None)
    read = agreement("read", 0.06, 0.06, 0.06, 0.06, 0.06, 0.06)
    ranked = rank_sheets([blank, read], unreadable_as=0.14)
    assert [sheet.name for sheet in ranked] == ["read", "blank"]
    assert ranked[1].score == pytest.approx((0.06 + 4 * 0.14) / 6)


def test_ties_go_to_the_better_worst_portrait_and_then_to_the_first() -> None:
    uneven, even = agreement("uneven", 0.02, 0.08), agreement("even", 0.05, 0.05)
    again = agreement("again", 0.05, 0.05)
    ranked = rank_sheets([uneven, even, again], unreadable_as=0.14)
    assert [sheet.name for sheet in ranked] == ["even", "again", "uneven"]


def test_one_face_alone_agrees_with_nobody() -> None:
    single = agreement("single", 0.0, None, None)
    pair = agreement("pair", 0.3, 0.3, None)
    ranked = rank_sheets([single, pair], unreadable_as=0.14)
    assert [(sheet.name, sheet.readable) for sheet in ranked] == [("pair", 2), ("single", 1)]
