"""A coarse head pose from five landmarks and the face box. Pure geometry.

The nose base stands in front of the eyes, so it moves aside as the head turns, off the middle of
the eyes and of the box, and the far eye grows narrower. The weights are a least-squares fit on
drawn people of known view; bench/detection.py prints what they tell apart. It is not a goniometer:
a profile, where the far eye is guessed, reads as a three-quarter view; pitch is only a hint.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tools.contracts.model import Box

NOSE_OFF_EYES = 120.0
"""Degrees of yaw per offset of the nose from the middle of the eyes, in eye-corner distances."""
NOSE_OFF_BOX = 130.0
"""Degrees of yaw per offset of the nose from the middle of the box, in box widths."""
EYE_NARROWING = 54.0
"""Degrees of yaw per natural logarithm of the left eye's width over the right one's."""
LEVEL_DROP = 0.325
"""How far the nose base lies below the eyes in a level head, in box widths."""
TILT_SCALE = 300.0
"""Degrees of pitch per box width that the drop is short of that."""
MAX_ANGLE = 90.0


def head_pose(landmarks: Sequence[tuple[float, float]], box: Box) -> tuple[float, float]:
    """Return yaw and pitch in degrees, each within ±90, with head roll taken out.

    Args:
        landmarks: outer and inner corner of the eye on the viewer's right, outer and inner corner
            of the eye on the viewer's left, base of the nose; pixels.
        box: the face's box in the same pixels.

    Returns:
        Yaw, positive when the face turns to the viewer's right; pitch, positive when it tilts up.
    """
    right, right_inner, left, left_inner, nose = landmarks[:5]
    across = (right[0] - left[0], right[1] - left[1])
    width = math.hypot(*across)
    if width == 0 or box.width <= 0:
        return 0.0, 0.0
    from_eyes = (nose[0] - (right[0] + left[0]) / 2, nose[1] - (right[1] + left[1]) / 2)
    aside = (from_eyes[0] * across[0] + from_eyes[1] * across[1]) / width**2
    drop = (from_eyes[1] * across[0] - from_eyes[0] * across[1]) / width / box.width
    off_box = (nose[0] - (box.left + box.right) / 2) / box.width
    narrowing = math.log((math.dist(left, left_inner) + 1) / (math.dist(right, right_inner) + 1))
    yaw = NOSE_OFF_EYES * aside + NOSE_OFF_BOX * off_box + EYE_NARROWING * narrowing
    return _bounded(yaw), _bounded(TILT_SCALE * (LEVEL_DROP - drop))


def _bounded(angle: float) -> float:
    return max(-MAX_ANGLE, min(MAX_ANGLE, angle))
