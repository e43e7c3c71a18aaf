"""Where photos are cut, as pure geometry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.model import Box, Size
from tools.references.cuts import middle_of, person_around, with_person

SIZES = [Size(width=100, height=100), Size(width=160, height=80), Size(width=80, height=160)]
SIDES = st.integers(64, 3000)


def test_a_person_reaches_to_the_feet_or_to_the_frame() -> None:
    face = Box(left=100, top=50, right=120, bottom=70)
    assert person_around(face, 400, 400).bottom == 260
    assert person_around(face, 400, 150).bottom == 150


@given(SIDES, SIDES, st.integers(1, 400))
def test_a_cut_has_the_whole_person_and_a_native_shape_where_one_has_room(
    width: int, height: int, least: int
) -> None:
    person = Box(left=width // 3, top=height // 4, right=width // 2 + 1, bottom=height)
    cut = with_person(person, width, height, min(least, width, height), SIZES)
    assert 0 <= cut.left <= person.left
    assert person.right <= cut.right <= width
    assert 0 <= cut.top <= person.top
    assert person.bottom <= cut.bottom <= height
    if (cut.width, cut.height) != (width, height):
        off = [abs(cut.width - cut.height * size.width / size.height) for size in SIZES]
        assert min(off) <= 2


def test_the_shape_is_the_pictures_own_while_it_has_room_and_the_cut_no_larger_than_it_must() -> (
    None
):
    small = Box(left=500, top=100, right=600, bottom=300)
    assert with_person(small, 1600, 800, 64, SIZES) == Box(left=330, top=90, right=770, bottom=310)
    wide = Box(left=0, top=300, right=1000, bottom=400)
    assert with_person(wide, 1000, 1900, 64, SIZES).width == 1000


def test_where_no_shape_has_room_the_picture_stays_whole() -> None:
    tall = Box(left=0, top=0, right=100, bottom=900)
    assert with_person(tall, 100, 900, 64, SIZES) == tall


@pytest.mark.parametrize(
    ("width", "height", "cut"),
    [
        (300, 100, Box(left=50, top=0, right=250, bottom=100)),
        (101, 100, Box(left=0, top=0, right=100, bottom=100)),
        (100, 300, Box(left=0, top=50, right=100, bottom=250)),
    ],
)
def test_the_middle_is_cut_in_the_nearest_shape(width: int, height: int, cut: Box) -> None:
    assert middle_of(width, height, SIZES) == cut
