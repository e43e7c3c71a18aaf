"""Where face models lie, and that nothing is downloaded when one is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.embedders.photo import weights
from tools.embedders.photo.weights import deepface_environment, models_folder, place_weights
from tools.errors import BaseUnavailable, StorageFailed, UnknownName

DLIB = "dlib_face_recognition_resnet_model_v1.dat"


def test_the_environment_is_named_for_a_call_and_put_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEEPFACE_HOME", "/before")
    monkeypatch.delenv("DEEPFACE_LOG_LEVEL", raising=False)
    with deepface_environment(tmp_path):
        assert os.environ["DEEPFACE_HOME"] == str(tmp_path)
        assert os.environ["DEEPFACE_BACKEND_ENGINE"] == "pytorch"
    assert os.environ["DEEPFACE_HOME"] == "/before"
    assert "DEEPFACE_LOG_LEVEL" not in os.environ


def test_it_is_put_back_after_an_error_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DEEPFACE_HOME", raising=False)

    def fail() -> None:
        with deepface_environment(tmp_path):
            raise RuntimeError("call")

    with pytest.raises(RuntimeError, match="call"):
        fail()
    assert "DEEPFACE_HOME" not in os.environ


def test_the_shipped_weights_are_linked_once(tmp_path: Path) -> None:
    placed = place_weights("Dlib", tmp_path)
    assert placed == tmp_path / ".deepface" / "weights" / DLIB
    assert placed.resolve() == (models_folder() / DLIB).resolve()
    assert place_weights("Dlib", tmp_path) == placed
    assert [path.name for path in placed.parent.iterdir()] == [DLIB]


def test_weights_of_ones_own_are_left_alone(tmp_path: Path) -> None:
    own = tmp_path / ".deepface" / "weights" / DLIB
    own.parent.mkdir(parents=True)
    own.write_bytes(b"own")
    assert place_weights("Dlib", tmp_path).read_bytes() == b"own"


def test_what_does_not_ship_is_missing_and_says_where_it_is_expected(tmp_path: Path) -> None:
    with pytest.raises(BaseUnavailable, match="weights of face embedder ArcFace missing: expected"):
        place_weights("ArcFace", tmp_path)
    with pytest.raises(UnknownName, match="no face embedder named 'Nobody'; known: Dlib, VGG-Face"):
        place_weights("Nobody", tmp_path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / ".deepface").write_text("a file")
    with pytest.raises(StorageFailed, match="cannot write"):
        place_weights("Dlib", tmp_path)


def test_a_package_without_detectors_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "THOROUGH_FILE", "gone.dat")
    with pytest.raises(BaseUnavailable, match="pip install --force-reinstall"):
        models_folder()
