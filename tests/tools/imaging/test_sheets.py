"""Contact sheets show every picture, its tone and its words inside the sheet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from tools.imaging.sheets import TONES, SheetCell, Tone, contact_sheet, plain_text, thumbnail

FILLS = ("red", "lime", "blue", "cyan", "magenta", "yellow", "navy")


def cells(count: int, tone: Tone = Tone.NONE) -> list[SheetCell]:
    return [
        SheetCell(Image.new("RGB", (50, 80), FILLS[index]), f"{index}A T1", ("CSFD 0.1",), tone)
        for index in range(count)
    ]


def count_colour(sheet: Image.Image, name: str) -> int:
    return int((np.asarray(sheet) == ImageColor.getrgb(name)).all(axis=2).sum())


@pytest.mark.parametrize(("count", "columns"), [(1, 5), (5, 5), (6, 5), (7, 3), (7, 1)])
def test_every_picture_is_shown_whole(count: int, columns: int) -> None:
    sheet = contact_sheet(cells(count), title="Seven", columns=columns, side=100)
    for name in FILLS[:count]:
        assert count_colour(sheet, name) >= 60 * 100


@pytest.mark.parametrize("tone", [Tone.PASS, Tone.REVIEW, Tone.REJECT])
def test_a_tone_is_a_frame_and_a_word(tone: Tone) -> None:
    plain = contact_sheet(cells(1), title="t", side=100)
    toned = contact_sheet(cells(1, tone), title="t", side=100)
    assert toned.height > plain.height
    column = np.asarray(toned)[:, :122]
    below = (column == TONES[tone]).all(axis=2)[150:]
    assert below.any(), "the word is written in the tone's colour under the picture"
    assert (np.asarray(toned) == TONES[tone]).all(axis=2).sum() > 4 * 4 * 100


def test_long_words_are_broken_and_the_sheet_grows() -> None:
    short = contact_sheet(cells(1), title="t", side=100)
    cell = SheetCell(Image.new("RGB", (10, 10)), "x" * 200, ("several words " * 20,))
    grown = contact_sheet([cell], title="t", side=100)
    assert grown.width == short.width
    assert grown.height > short.height + 200
    assert (np.asarray(grown)[:, -6:] == np.asarray(grown)[0, 0]).all(), "text runs over the edge"


def test_the_same_cells_give_the_same_bytes() -> None:
    first = contact_sheet(cells(3, Tone.PASS), title="Same", side=64)
    assert first.tobytes() == contact_sheet(cells(3, Tone.PASS), title="Same", side=64).tobytes()


def test_nothing_to_show_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one cell"):
        contact_sheet([], title="empty")
    with pytest.raises(ValueError, match="one column"):
        contact_sheet(cells(1), title="none", columns=0)


@given(st.text(max_size=60))
def test_plain_text_has_only_letters_of_the_font(text: str) -> None:
    assert all(" " <= letter <= "~" for letter in plain_text(text))


def test_plain_text_keeps_what_it_can() -> None:
    assert plain_text("Zoë — 0.05 ≤ 0.07, 2×3") == "Zoe - 0.05 <= 0.07, 2x3"
    assert plain_text("日") == "?"


def test_thumbnails_fit_and_never_grow() -> None:
    assert thumbnail(Image.new("RGB", (400, 200)), 100).size == (100, 50)
    assert thumbnail(Image.new("L", (40, 20)), 100).size == (40, 20)
    assert thumbnail(Image.new("L", (40, 20)), 100).mode == "RGB"
