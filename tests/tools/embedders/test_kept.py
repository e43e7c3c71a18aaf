from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.embedders.kept import KeptFaces
from tools.imaging.pictures import picture_digest
from tools.store.database import open_database
from tools.store.face_cache import FaceCache

FACE = Face(
    box=Box(left=1, top=2, right=33, bottom=34),
    landmarks=(),
    confidence=1.0,
    detector="figure",
    embedding=(0.6, 0.8),
)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[FaceCache]:
    database = open_database(f"sqlite:///{tmp_path / 'faces.db'}")
    yield FaceCache(database.engine)
    database.close()


class Eyes:
    """Sees the same faces every time, and counts how often it looked."""

    def __init__(self, *faces: Face) -> None:
        self.faces, self.looks = list(faces), 0

    def __call__(self) -> list[Face]:
        self.looks += 1
        return self.faces


def never() -> list[Face]:
    pytest.fail("looked again")


def picture(colour: str = "teal") -> Image.Image:
    return Image.new("RGB", (12, 9), colour)


def test_without_a_cache_every_picture_is_looked_at_anew_and_none_is_digested() -> None:
    kept, eyes = KeptFaces("drawn", None), Eyes(FACE)
    assert kept.digest(picture()) == ""
    assert [kept.faces("", "near", eyes) for _ in range(3)] == [[FACE]] * 3
    assert eyes.looks == 3


def test_a_picture_is_known_by_its_pixels(cache: FaceCache) -> None:
    kept = KeptFaces("drawn", cache)
    assert kept.digest(picture()) == picture_digest(picture()) != kept.digest(picture("red"))


@pytest.mark.parametrize("eyes", [Eyes(FACE), Eyes()], ids=["one face", "none"])
def test_a_picture_is_looked_at_once(cache: FaceCache, eyes: Eyes) -> None:
    """Also one without faces: that nobody is there is known too."""
    kept = KeptFaces("drawn", cache)
    digest = kept.digest(picture())
    assert kept.faces(digest, "near", eyes) == eyes.faces
    assert kept.faces(digest, "near", never) == eyes.faces
    assert KeptFaces("drawn", cache).faces(digest, "near", never) == eyes.faces
    assert eyes.looks == 1


@pytest.mark.parametrize(
    ("embedder", "detector", "colour"),
    [("other", "near", "teal"), ("drawn", "far-2", "teal"), ("drawn", "near", "red")],
)
def test_another_embedder_detector_or_picture_is_looked_at(
    cache: FaceCache, embedder: str, detector: str, colour: str
) -> None:
    known = KeptFaces("drawn", cache)
    known.faces(known.digest(picture()), "near", Eyes(FACE))
    asked, eyes = KeptFaces(embedder, cache), Eyes()
    assert asked.faces(asked.digest(picture(colour)), detector, eyes) == []
    assert eyes.looks == 1
    assert known.faces(known.digest(picture()), "near", never) == [FACE]


def test_a_look_that_failed_is_not_kept(cache: FaceCache) -> None:
    kept = KeptFaces("drawn", cache)
    digest = kept.digest(picture())
    broken: Callable[[], list[Face]] = lambda: [][0]  # noqa: E731
    with pytest.raises(IndexError):
        kept.faces(digest, "near", broken)
    assert kept.faces(digest, "near", Eyes(FACE)) == [FACE]
