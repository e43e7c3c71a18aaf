"""Slates and takes as they are written and said."""

from __future__ import annotations

import pytest

from tools.language.slate import slates_in, takes_in


@pytest.mark.parametrize(
    ("say", "slates"),
    [
        ("12a", ("12A",)),
        ("shoot 12a and b", ("12A", "12B")),
        ("12a to d", ("12A", "12B", "12C", "12D")),
        ("12g to k", ("12G", "12H", "12J", "12K")),
        ("12a, 13b and c", ("12A", "13B", "13C")),
        ("12i and 12o", ()),
        ("on a 35mm", ()),
        ("the 4th", ()),
        ("4 of them", ()),
        ("in her 20s", ()),
    ],
)
def test_slates(say: str, slates: tuple[str, ...]) -> None:
    assert slates_in(say).slates == slates


@pytest.mark.parametrize(
    ("say", "takes"),
    [
        ("12a t3", ("12A T3",)),
        ("4b take 2 yes, 4b t1 no", ("4B T2", "4B T1")),
        ("12a", ()),
    ],
)
def test_takes(say: str, takes: tuple[str, ...]) -> None:
    assert tuple(take.label for take in takes_in(say)) == takes
