"""How a list of shots opens, where its items begin, and what one of them shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.scene.shot_list import is_direction, list_in, shown_in, sizes_in


@pytest.mark.parametrize(
    ("line", "before", "items"),
    [
        ("Three shots: a wide, a medium as she turns, and a close-up of her hands", "",
         ["a wide", "a medium as she turns", "a close-up of her hands"]),
        ("Mara waits. Two shots: wide; close-up", "Mara waits.", ["wide", "close-up"]),
        ("Shot list: 1. wide, 2. medium", "", ["1. wide", "2. medium"]),
        ("Give me a few setups please: a wide then a close-up", "", ["a wide", "a close-up"]),
    ],
)  # fmt: skip
def test_a_list_that_is_announced(line: str, before: str, items: list[str]) -> None:
    found = list_in(line)
    assert found is not None
    assert (found[0], found[2]) == (before, items)


@pytest.mark.parametrize("line", ["She fires two shots: both miss.", "a wide street", "", "Shots."])
def test_what_announces_no_list(line: str) -> None:
    assert list_in(line) is None


@pytest.mark.parametrize(
    ("line", "direction"),
    [
        ("Close on her hands", True),
        ("1. Wide", True),
        ("Two-shot", True),
        ("Low angle close-up", True),
        ("85mm, close-up of Mara", True),
        ("colseup of Mara", True),
        ("Wide awake, she waits", False),
        ("Mara in a close-up", False),
        ("She waits.", False),
    ],
)
def test_a_line_that_begins_with_a_size(line: str, direction: bool) -> None:
    assert is_direction(line) is direction


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a medium as she turns", "she turns"),
        ("CLOSE ON: Daro's hands", "Daro's hands"),
        ("3. Wide shot of the pier.", "the pier"),
        ("Mara waits", "Mara waits"),
        ("wide", ""),
    ],
)
def test_what_a_listed_shot_shows(text: str, shown: str) -> None:
    assert shown_in(text) == shown


@given(
    st.lists(st.sampled_from(["wide", "close-up", "two-shot", "of", "a", "sea", ","])).map(" ".join)
)
def test_sizes_are_in_reading_order_and_what_is_shown_is_the_lines_own(line: str) -> None:
    starts = [said.start for said in sizes_in(line)]
    assert starts == sorted(starts)
    assert shown_in(line) in line
