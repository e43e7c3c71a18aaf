"""Headings of a script: number, place and time, and where the heading ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.scene.headings import take_slugline


@pytest.mark.parametrize(
    ("line", "number", "place", "light"),
    [
        ("INT. KITCHEN - NIGHT", None, "kitchen", "night"),
        ("12. EXT. PIER - DAWN", 12, "pier", "dawn"),
        ("12A INT./EXT. CAR, DAY", 12, "car", "day"),
        ("EXT/INT TRAIN", None, "train", None),
        ("I/E HOUSE - LATER", None, "house", None),
        ("int. kitchen - night", None, "kitchen", "night"),
        ("INT. BAR - BACK ROOM - DUSK", None, "bar - back room", "dusk"),
        (".SNOWY FOREST #7#", 7, "snowy forest", None),
        ("EST. HARBOUR #3B#", 3, "harbour", None),
    ],
)
def test_the_parts_of_a_heading(
    line: str, number: int | None, place: str, light: str | None
) -> None:
    found = take_slugline(line)
    assert found is not None
    assert (found.number, found.place, found.light) == (number, place, light)
    assert found.text == line[: found.length].strip()


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("INT. KITCHEN - NIGHT. Mara waits.", ". Mara waits."),
        ("EXT. PIER - DAY She runs.", " She runs."),
        ("INT. BAR - NIGHT #4#", ""),
    ],
)
def test_a_heading_ends_where_the_sentence_begins(line: str, rest: str) -> None:
    found = take_slugline(line)
    assert found is not None
    assert line[found.length :] == rest


@pytest.mark.parametrize(
    "line", ["", "Mara waits.", "INTERIOR DESIGN", "...and then", "EXTRA", "12. Mara", "12 people"]
)
def test_what_is_no_heading(line: str) -> None:
    assert take_slugline(line) is None


@given(st.text(max_size=60))
def test_a_heading_is_a_beginning_of_its_line(text: str) -> None:
    line = f"INT. {text}".splitlines()[0]
    found = take_slugline(line)
    if found is not None:
        assert 0 < found.length <= len(line)
        assert line.startswith(found.text)
