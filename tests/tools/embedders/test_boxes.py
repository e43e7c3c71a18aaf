from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.model import Box
from tools.embedders.boxes import Detection, group_detections, overlap, same_face


def _square(left: float, top: float, side: float) -> Box:
    return Box(left=left, top=top, right=left + side, bottom=top + side)


boxes = st.builds(_square, st.floats(-50, 50), st.floats(-50, 50), st.floats(1, 80))


@given(boxes, boxes)
def test_overlap_is_symmetric_and_one_only_for_the_same(first: Box, second: Box) -> None:
    assert overlap(first, second) == overlap(second, first)
    assert 0.0 <= overlap(first, second) <= 1.0 + 1e-9
    assert same_face(first, first)


def test_half_shifted_squares_share_a_third() -> None:
    assert abs(overlap(_square(0, 0, 10), _square(5, 0, 10)) - 1 / 3) < 1e-9


def test_a_small_box_on_the_same_centre_is_the_same_face_and_a_neighbour_is_not() -> None:
    assert same_face(_square(0, 0, 100), _square(35, 35, 30))
    assert not same_face(_square(0, 0, 100), _square(110, 0, 100))


def test_groups_are_led_by_the_surest() -> None:
    weak = Detection(_square(1, 1, 50), -0.1, "hog", "512")
    sure = Detection(_square(0, 0, 50), 0.9, "hog", "1024")
    other = Detection(_square(200, 0, 50), 0.4, "hog", "512")
    assert group_detections([weak, other, sure]) == [[sure, weak], [other]]
