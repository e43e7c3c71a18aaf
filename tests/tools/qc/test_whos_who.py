from __future__ import annotations

import numpy as np
import pytest

from tests.support.cast_frames import Frame
from tools.contracts.faces import Face
from tools.contracts.verdicts import Outcome
from tools.qc.calibration import load_calibration
from tools.qc.whos_who import assign_faces

Cast = dict[str, Frame]
People = dict[str, list[tuple[float, ...]]]


@pytest.fixture
def two(people: People) -> People:
    return {"Mara": people["cast-1"], "Iven": people["cast-2"]}


def test_each_character_gets_the_own_face_in_any_order(cast: Cast, two: People) -> None:
    faces = [cast["00002_13.webp"].faces[0], cast["00001_13.webp"].faces[0]]
    found = assign_faces(faces, two, load_calibration("maquette"))
    assert found.outcome is Outcome.PASS, found.reasons
    assert [each.face for each in found.assignments] == [1, 0]
    assert all(each.margin is not None and each.margin > 0.02 for each in found.assignments)


def test_blended_face_is_rejected(cast: Cast, two: People) -> None:
    first, second = cast["00001_13.webp"].faces[0], cast["00002_13.webp"].faces[0]
    mean = np.asarray(first.embedding) + np.asarray(second.embedding)
    blend = first.model_copy(update={"embedding": tuple(mean / np.linalg.norm(mean))})
    found = assign_faces([blend, second], two, load_calibration("maquette"))
    assert found.outcome is Outcome.REJECT
    assert "blended face" in found.reasons[0]


def test_same_face_twice_is_rejected(cast: Cast, two: People) -> None:
    faces = [cast["00001_13.webp"].faces[0], cast["00001_06.webp"].faces[0]]
    assert assign_faces(faces, two, load_calibration("maquette")).outcome is Outcome.REJECT


def test_head_count_knows_who_is_turned_away(cast: Cast, two: People) -> None:
    faces: list[Face] = [cast["00001_13.webp"].faces[0]]
    calibration = load_calibration("maquette")
    missing = assign_faces(faces, two, calibration)
    assert missing.outcome is Outcome.REJECT
    assert "1 faces found, 2 expected of 2 characters" in missing.reasons
    away = assign_faces(faces, two, calibration, turned_away=frozenset({"Iven"}))
    assert away.outcome is Outcome.PASS, away.reasons
    assert away.assignments[1].reason == "turned away, as the shot says"


def test_no_faces_and_a_crowd_are_rejected(cast: Cast, two: People) -> None:
    calibration = load_calibration("maquette")
    assert assign_faces([], two, calibration).outcome is Outcome.REJECT
    crowd = [cast[f"0000{person}_13.webp"].faces[0] for person in (0, 1, 2)]
    assert "3 faces found" in assign_faces(crowd, two, calibration).reasons[0]
