from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tiny_models import build_tiny_dinov2
from tools.contracts.embedders import PictureKind
from tools.embedders.appearance.embedder import AppearanceEmbedder
from tools.embedders.drawn.embedder import DrawnEmbedder
from tools.embedders.photo.faces import DeepFaceEmbedder
from tools.embedders.table import (
    embedder_files,
    embedder_row,
    embedder_rows,
    model_named,
    open_embedder,
)
from tools.errors import BaseUnavailable, UnknownName
from tools.qc.calibration import load_calibration
from tools.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, device="cpu")


def test_each_kind_of_picture_has_a_row_and_each_shipped_threshold_is_its_own(
    settings: Settings,
) -> None:
    rows = embedder_rows()
    assert {kind for row in rows.values() for kind in row.kinds} == set(PictureKind)
    for row in rows.values():
        if row.calibration is not None:
            found = load_calibration(row.calibration)
            assert found.embedder == model_named(row.name, settings)


def test_a_row_opens_its_own_room(settings: Settings, tmp_path: Path) -> None:
    assert isinstance(open_embedder("photo", settings, None), DeepFaceEmbedder)
    assert isinstance(open_embedder("Dlib", settings, None), DeepFaceEmbedder)
    assert isinstance(open_embedder("drawn", settings, None), DrawnEmbedder)
    tiny = Settings(home=tmp_path, appearance=str(build_tiny_dinov2(tmp_path / "dino")))
    assert isinstance(open_embedder("appearance", tiny, None), AppearanceEmbedder)


def test_a_deepface_model_belongs_to_photographs_and_needs_its_own_weights(
    settings: Settings,
) -> None:
    for model in ("Facenet", "OpenFace", "DeepID"):
        assert embedder_row(model).name == "photo"
        with pytest.raises(BaseUnavailable, match=f"weights of face embedder {model} missing"):
            open_embedder(model, settings, None)


def test_the_settings_say_which_model_sees_photographs(tmp_path: Path) -> None:
    facenet = Settings(home=tmp_path, embedder="Facenet")
    assert model_named("photo", facenet) == "Facenet"
    assert model_named("Dlib", facenet) == "Dlib"
    assert model_named("drawn", facenet) == "drawn"


def test_an_unknown_name_lists_those_there_are(settings: Settings) -> None:
    with pytest.raises(UnknownName, match="no face embedder named 'nobody'; known: photo, drawn"):
        open_embedder("nobody", settings, None)


def test_where_weights_lie_is_said_or_how_to_get_them(settings: Settings) -> None:
    rows = embedder_rows()
    assert embedder_files(rows["drawn"], settings).endswith("weights.safetensors")
    assert "dlib_face_recognition" in embedder_files(rows["photo"], settings)
    with pytest.raises(BaseUnavailable, match="the appearance embedder is not installed"):
        embedder_files(rows["appearance"], settings)
