from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.store.database import Database
from tools.store.face_cache import FaceCache, FaceRecord
from tools.store.model import new_id

numbers = st.floats(-1e4, 1e4, width=32)
faces = st.builds(
    Face,
    box=st.builds(Box, left=numbers, top=numbers, right=numbers, bottom=numbers),
    landmarks=st.lists(st.tuples(numbers, numbers), min_size=5, max_size=5).map(tuple),
    confidence=numbers,
    detector=st.sampled_from(["hog", "mmod"]),
    embedding=st.lists(numbers, min_size=2, max_size=8).map(tuple),
    yaw=st.none() | st.floats(-180, 180),
    pitch=st.none() | st.floats(-180, 180),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(found=st.lists(faces, max_size=3))
def test_faces_come_back_as_they_were(database: Database, found: list[Face]) -> None:
    cache, picture = FaceCache(database.engine), new_id() * 2
    assert cache.get(picture=picture, embedder="Dlib", detector="hog") is None
    cache.put(picture=picture, embedder="Dlib", detector="hog", faces=found)
    assert cache.get(picture=picture, embedder="Dlib", detector="hog") == found


def test_no_face_is_remembered_and_not_the_same_as_not_looked_at(database: Database) -> None:
    cache = FaceCache(database.engine)
    cache.put(picture="a" * 64, embedder="Dlib", detector="hog", faces=[])
    assert cache.get(picture="a" * 64, embedder="Dlib", detector="hog") == []
    assert cache.get(picture="a" * 64, embedder="Dlib", detector="mmod") is None
    assert cache.get(picture="a" * 64, embedder="Facenet", detector="hog") is None


def test_the_first_answer_stays(database: Database) -> None:
    cache = FaceCache(database.engine)
    face = Face(
        box=Box(left=0, top=0, right=1, bottom=1),
        landmarks=(),
        confidence=1.0,
        detector="hog",
        embedding=(0.6, 0.8),
    )
    cache.put(picture="a" * 64, embedder="Dlib", detector="hog", faces=[face])
    cache.put(picture="a" * 64, embedder="Dlib", detector="hog", faces=[])
    assert cache.get(picture="a" * 64, embedder="Dlib", detector="hog") == [face]
    with database.reading() as session:
        assert len(session.exec(select(FaceRecord)).all()) == 1
