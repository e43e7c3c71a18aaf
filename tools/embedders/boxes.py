"""Overlap of boxes and merging of detections of the same face. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.contracts.model import Box

SAME_FACE_OVERLAP = 0.35
"""Intersection over union from which two detections are the same face."""


@dataclass(frozen=True)
class Detection:
    """A face box as a detector gave it, in pixels of the picture."""

    box: Box
    confidence: float
    detector: str
    pass_name: str = ""
    """Which copy of the picture it was seen in."""


def overlap(first: Box, second: Box) -> float:
    """Return intersection over union, 0 to 1."""
    width = min(first.right, second.right) - max(first.left, second.left)
    height = min(first.bottom, second.bottom) - max(first.top, second.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (first.width * first.height + second.width * second.height - shared)


def same_face(first: Box, second: Box) -> bool:
    """Say whether two boxes hold one face: they overlap, or share their centre."""
    if overlap(first, second) >= SAME_FACE_OVERLAP:
        return True
    small, large = sorted((first, second), key=lambda box: box.width * box.height)
    return (
        abs((small.left + small.right) - (large.left + large.right)) < large.width / 2
        and abs((small.top + small.bottom) - (large.top + large.bottom)) < large.height / 2
    )


def group_detections(detections: Sequence[Detection]) -> list[list[Detection]]:
    """Group detections of the same face, the surest first in each group and among groups."""
    groups: list[list[Detection]] = []
    for detection in sorted(detections, key=lambda each: -each.confidence):
        for group in groups:
            if same_face(group[0].box, detection.box):
                group.append(detection)
                break
        else:
            groups.append([detection])
    return groups
