from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import ImageOps

from tests.support.creatures import fox
from tests.support.tiny_models import build_tiny_dinov2
from tools.embedders.appearance.embedder import AppearanceEmbedder
from tools.errors import BaseUnavailable
from tools.store.database import open_database
from tools.store.face_cache import FaceCache


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_dinov2(tmp_path_factory.mktemp("dino"))


def test_every_picture_has_one_figure_with_a_unit_embedding(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    embedder = AppearanceEmbedder(str(folder), device="cpu")
    found = embedder.faces([fox(), fox(110)], on_done=lambda *done: told.append(done))
    assert [len(faces) for faces in found] == [1, 1]
    assert told == [(1, 2), (2, 2)]
    for (face,) in found:
        assert face.detector == "figure"
        assert np.linalg.norm(face.embedding) == pytest.approx(1.0)
    assert embedder.hints_of_head(fox())


def test_where_the_figure_stands_counts_less_than_what_it_is(folder: Path) -> None:
    embedder = AppearanceEmbedder(str(folder), device="cpu")
    here, there, other = (
        np.asarray(faces[0].embedding)
        for faces in embedder.faces([fox(60), fox(100), ImageOps.invert(fox(60))])
    )
    assert 1 - here @ there < 1 - here @ other


def test_what_was_seen_is_kept_under_the_networks_own_name(folder: Path, tmp_path: Path) -> None:
    cache = FaceCache(open_database(f"sqlite:///{tmp_path / 'faces.db'}").engine)
    first = AppearanceEmbedder(str(folder), device="cpu", cache=cache).faces([fox()])
    assert AppearanceEmbedder(str(folder), device="cpu", cache=cache).faces([fox()]) == first


def test_without_weights_it_says_how_to_get_them() -> None:
    with pytest.raises(BaseUnavailable, match="the appearance embedder is not installed: "):
        AppearanceEmbedder("nowhere")


def test_a_folder_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "dinov2", "hidden_size": 32}')
    with pytest.raises(BaseUnavailable, match="no readable DINOv2 weights"):
        AppearanceEmbedder(str(tmp_path))
