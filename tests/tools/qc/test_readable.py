from __future__ import annotations

import pytest

from tests.support.cast_frames import Frame
from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.contracts.photography import Framing, View
from tools.embedders.appearance.embedder import DETECTOR as FIGURE
from tools.embedders.drawn import embedder as drawn
from tools.qc.readable import Readability, reading_of, unseen_is_expected


def face(detector: str, height: float) -> Face:
    """A face whose box is half as wide as it is high."""
    return Face(
        box=Box(left=10, top=20, right=10 + height / 2, bottom=20 + height),
        landmarks=(),
        confidence=1.0,
        detector=detector,
        embedding=(0.6, 0.8),
    )


@pytest.mark.parametrize(
    ("detector", "height", "reading"),
    [
        ("hog", 31.5, Readability.SMALL),
        ("hog", 32, Readability.GOOD),
        ("mmod", 31.5, Readability.SMALL),
        ("mmod", 32, Readability.TURNED),
        ("drawn", 19.5, Readability.SMALL),
        ("drawn", 20, Readability.GOOD),
        ("drawn-faint", 19.5, Readability.SMALL),
        ("drawn-faint", 20, Readability.TURNED),
        ("figure", 1, Readability.GOOD),
    ],
)
def test_a_face_is_read_by_its_height_and_by_who_found_it(
    detector: str, height: float, reading: Readability
) -> None:
    assert reading_of(face(detector, height)) is reading


@pytest.mark.parametrize(
    ("detector", "reading"),
    [
        (drawn.WELL_READ, Readability.GOOD),
        (drawn.FAINTLY_READ, Readability.TURNED),
        (FIGURE, Readability.GOOD),
    ],
)
def test_names_are_those_that_the_embedders_give(detector: str, reading: Readability) -> None:
    assert reading_of(face(detector, 24)) is reading
    assert reading_of(face(detector, 64)) is reading


def test_frontal_close_ups_of_the_cast_are_well_read_and_profiles_are_not(
    cast: dict[str, Frame],
) -> None:
    readings = {
        (frame.view, reading_of(found))
        for frame in cast.values()
        if frame.framing is Framing.CLOSE_UP
        for found in frame.faces
    }
    assert (View.FRONTAL, Readability.GOOD) in readings
    for view in (View.LEFT_PROFILE, View.RIGHT_PROFILE):
        assert (view, Readability.GOOD) not in readings
        assert (view, Readability.TURNED) in readings


def test_small_heads_of_the_cast_are_in_small_framings(cast: dict[str, Frame]) -> None:
    small = [
        frame.framing
        for frame in cast.values()
        for found in frame.faces
        if reading_of(found) is Readability.SMALL
    ]
    assert small
    assert all(unseen_is_expected(framing, None) for framing in small)


SMALL = {Framing.THREE_QUARTER, Framing.FULL, Framing.WIDE}
ASIDE = {View.LEFT_PROFILE, View.RIGHT_PROFILE}


@pytest.mark.parametrize("framing", [None, *Framing])
@pytest.mark.parametrize("view", [None, *View])
def test_no_face_is_expected_of_small_shots_and_of_profiles_only(
    framing: Framing | None, view: View | None
) -> None:
    assert unseen_is_expected(framing, view) is (framing in SMALL or view in ASIDE)
