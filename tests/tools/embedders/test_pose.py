from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cast_frames import Frame
from tools.contracts.model import Box
from tools.contracts.photography import View
from tools.embedders.pose import head_pose

BOX = Box(left=0, top=0, right=100, bottom=100)
FRONTAL = [(78.0, 40.0), (60.0, 40.0), (22.0, 40.0), (40.0, 40.0), (50.0, 72.5)]


def test_symmetric_level_face_looks_straight_ahead() -> None:
    assert head_pose(FRONTAL, BOX) == pytest.approx((0.0, 0.0), abs=0.5)


@given(st.floats(-15, 15))
def test_mirrored_face_has_the_opposite_yaw(offset: float) -> None:
    turned = [*FRONTAL[:4], (50.0 + offset, 72.5)]
    mirrored = [*FRONTAL[:4], (50.0 - offset, 72.5)]
    yaw, pitch = head_pose(turned, BOX)
    assert head_pose(mirrored, BOX) == pytest.approx((-yaw, pitch), abs=1e-6)
    assert math.copysign(1, yaw) == math.copysign(1, offset) or abs(yaw) < 1e-6


def test_nose_higher_means_head_tilted_up() -> None:
    assert head_pose([*FRONTAL[:4], (50.0, 65.0)], BOX)[1] > 10
    assert head_pose([*FRONTAL[:4], (50.0, 80.0)], BOX)[1] < -10


def test_degenerate_landmarks_give_no_angle() -> None:
    assert head_pose([(1.0, 1.0)] * 5, BOX) == (0.0, 0.0)


def test_yaw_sign_follows_the_cast(cast: dict[str, Frame]) -> None:
    """A "three-quarter left view" shows the face turned to the viewer's right."""
    means = {}
    for view in (View.THREE_QUARTER_LEFT, View.FRONTAL, View.THREE_QUARTER_RIGHT):
        faces = [frame.faces[0] for frame in cast.values() if frame.view is view and frame.faces]
        means[view] = sum(head_pose(face.landmarks, face.box)[0] for face in faces) / len(faces)
    assert means[View.THREE_QUARTER_LEFT] > 25
    assert abs(means[View.FRONTAL]) < 10
    assert means[View.THREE_QUARTER_RIGHT] < -25
