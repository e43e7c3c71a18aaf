from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.support.cast_frames import Frame
from tools.contracts.faces import Face
from tools.embedders.boxes import overlap
from tools.embedders.photo.faces import DeepFaceEmbedder
from tools.errors import BaseUnavailable, UnknownName
from tools.imaging.pictures import picture_digest
from tools.qc.csfd import distance
from tools.store.database import open_database
from tools.store.face_cache import FaceCache

Cast = dict[str, Frame]
ENVIRONMENT = ("DEEPFACE_HOME", "DEEPFACE_BACKEND_ENGINE", "DEEPFACE_LOG_LEVEL")


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> DeepFaceEmbedder:
    return DeepFaceEmbedder(weights_home=tmp_path_factory.mktemp("weights"))


def _same(first: Face, second: Face) -> bool:
    return overlap(first.box, second.box) > 0.9 and distance(first.embedding, second.embedding) < (
        0.002
    )


def test_faces_are_those_stored_for_the_cast(embedder: DeepFaceEmbedder, cast: Cast) -> None:
    names = ["00000_00.webp", "00002_13.webp", "00004_12.webp"]
    found = embedder.faces([cast[name].image for name in names], thorough=False)
    for name, faces in zip(names, found, strict=True):
        assert len(faces) == 1
        assert faces[0].detector == "hog"
        assert _same(faces[0], cast[name].faces[0]), name
        assert np.linalg.norm(faces[0].embedding) == pytest.approx(1.0)


def test_profile_is_found_only_by_the_thorough_detector(
    embedder: DeepFaceEmbedder, cast: Cast
) -> None:
    profile = cast["00000_03.webp"]
    assert embedder.faces([profile.image], thorough=False) == [[]]
    faces = embedder.faces([profile.image])[0]
    assert [face.detector for face in faces] == ["mmod"]
    assert _same(faces[0], profile.faces[0])


def test_box_and_landmarks_are_in_pixels_of_the_picture_as_given(
    embedder: DeepFaceEmbedder, cast: Cast
) -> None:
    image = cast["00000_00.webp"].image
    small = embedder.faces([image], thorough=False)[0][0]
    large = embedder.faces([image.resize((1024, 1024))], thorough=False)[0][0]
    assert large.box.height == pytest.approx(4 * small.box.height, rel=0.15)
    assert large.landmarks[4][0] == pytest.approx(4 * small.landmarks[4][0], rel=0.05)
    assert distance(small.embedding, large.embedding) < 0.01


def test_mirroring_turns_the_yaw_around(embedder: DeepFaceEmbedder, cast: Cast) -> None:
    image = cast["00002_01.webp"].image
    straight, mirrored = embedder.faces([image, ImageOps.mirror(image)], thorough=False)
    assert straight[0].yaw is not None
    assert mirrored[0].yaw is not None
    assert straight[0].yaw * mirrored[0].yaw < 0


def test_two_people_are_two_faces_largest_first(embedder: DeepFaceEmbedder, cast: Cast) -> None:
    pair = Image.new("RGB", (512, 256))
    pair.paste(cast["00002_13.webp"].image, (0, 0))
    pair.paste(cast["00000_00.webp"].image, (256, 0))
    faces = embedder.faces([pair])[0]
    assert len(faces) == 2
    assert faces[0].box.height > faces[1].box.height
    assert faces[0].box.left > 256


def test_no_face_in_an_empty_picture(embedder: DeepFaceEmbedder) -> None:
    calls: list[tuple[int, int]] = []
    found = embedder.faces(
        [Image.new("RGB", (64, 64))] * 2, on_done=lambda done, total: calls.append((done, total))
    )
    assert found == [[], []]
    assert calls == [(1, 2), (2, 2)]


def test_cache_answers_without_looking_again(tmp_path: Path, cast: Cast) -> None:
    cache = FaceCache(open_database(f"sqlite:///{tmp_path / 'faces.db'}").engine)
    image = cast["00000_00.webp"].image
    planted = cast["00003_00.webp"].faces
    key = {"picture": picture_digest(image), "embedder": "Dlib", "detector": "hog"}
    embedder = DeepFaceEmbedder(weights_home=tmp_path, cache=cache)
    cache.put(**key, faces=planted)
    assert embedder.faces([image]) == [list(planted)]
    other = cast["00002_13.webp"].image
    first = embedder.faces([other])
    assert cache.get(picture=picture_digest(other), embedder="Dlib", detector="hog") == first[0]


def test_environment_is_left_as_it_was(
    tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPFACE_HOME", "/elsewhere")
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    DeepFaceEmbedder(weights_home=tmp_path).faces([cast["00000_00.webp"].image], thorough=False)
    assert {name: os.environ.get(name) for name in ENVIRONMENT} == before


def test_importing_loads_neither_deepface_nor_dlib_and_embedding_no_tensorflow(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; from pathlib import Path; from tools.embedders.photo.faces import DeepFaceEmbedder;"
        "assert not {'deepface', 'dlib', 'cv2', 'torch'} & set(sys.modules);"
        f"DeepFaceEmbedder(weights_home=Path({str(tmp_path)!r}));"
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[4])


def test_unknown_embedder_and_missing_weights_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="no face embedder named 'Dlip'; known: Dlib"):
        DeepFaceEmbedder(embedder="Dlip", weights_home=tmp_path)
    with pytest.raises(BaseUnavailable, match=r"weights of face embedder Facenet missing: .*pth"):
        DeepFaceEmbedder(embedder="Facenet", weights_home=tmp_path)


def test_missing_model_package_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BaseUnavailable, match="pip install"):
        DeepFaceEmbedder(weights_home=tmp_path)


def test_a_turned_head_is_hinted_and_a_wall_is_not(embedder: DeepFaceEmbedder, cast: Cast) -> None:
    turned = cast["00005_14.webp"].image
    assert embedder.hints_of_head(turned)
    assert embedder.hints_of_head(turned.convert("RGBA"))
    assert not embedder.hints_of_head(Image.new("RGB", (256, 256), "teal"))
