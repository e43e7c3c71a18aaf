"""Lenses as directors say them, in one way of writing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.camera import camera_words
from tools.language.picture.lens import lenses_in


def meanings(small: str) -> list[str]:
    return [said.meaning for said in lenses_in(small)]


@pytest.mark.parametrize(
    ("small", "lenses"),
    [
        ("on an 85", ["85mm"]),
        ("85mm, close", ["85mm"]),
        ("a 50 mm lens at f/2.8", ["50mm"]),
        ("with the 35 millimetres lens", ["35mm"]),
        ("through a 24-70mm", ["24-70mm"]),
        ("wide, 35, dawn", ["35mm"]),
        ("a long lens", ["long lens"]),
        ("shot on anamorphic", ["anamorphic"]),
        ("on 35 people", []),
        ("on an 85%", []),
        ("she is 85", []),
        ("12mm2", []),
    ],
)
def test_what_is_a_lens(small: str, lenses: list[str]) -> None:
    assert meanings(small) == lenses


def test_the_span_holds_what_leads_to_the_lens_and_its_stop() -> None:
    small = "close-up shot with an 85mm at f2"
    (said,) = lenses_in(small)
    assert small[said.start : said.end].endswith("85mm at f2")
    assert "close-up" not in small[said.start : said.end]


def test_two_lenses_stand_in_reading_order() -> None:
    assert meanings("35mm, then on an 85") == ["35mm", "85mm"]


@given(st.sampled_from(camera_words().lengths), st.sampled_from(["mm", " mm", " millimetres"]))
def test_every_length_is_written_in_one_way(length: int, unit: str) -> None:
    assert meanings(f"{length}{unit}") == [f"{length}mm"]


@given(st.text("0123456789m -,on", max_size=40))
def test_lenses_do_not_overlap(small: str) -> None:
    found = lenses_in(small)
    assert all(one.end <= other.start for one, other in pairwise(found))
