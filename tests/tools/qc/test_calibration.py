from __future__ import annotations

import numpy as np
import pytest

from tools.errors import BadInput, UnknownName
from tools.qc.calibration import (
    calibrate,
    labelled_pairs,
    load_calibration,
    measure,
    shipped_calibrations,
)
from tools.qc.csfd import centroid, distance

Labelled = dict[str, list[np.ndarray]]


def _people(count: int, spread: float, seed: int = 0) -> Labelled:
    """People whose faces lie around own directions, six each."""
    generator = np.random.default_rng(seed)
    return {
        f"p{index}": list(centre + spread * generator.normal(size=(6, 32)))
        for index, centre in enumerate(generator.normal(size=(count, 32)))
    }


def test_threshold_lets_the_stated_share_of_strangers_through() -> None:
    people = _people(30, 0.6)
    calibration = calibrate(people, name="x", data="made-up people", false_accept_rate=0.1)
    assert measure(calibration, people).false_accept_rate == pytest.approx(0.1, abs=0.005)
    assert calibration.people == 30
    assert calibration.origin == "calibrated on made-up people"


def test_well_separated_people_are_told_apart_on_people_never_seen() -> None:
    calibration = calibrate(_people(30, 0.1), name="x", data="d")
    found = measure(calibration, _people(12, 0.1, seed=7))
    assert found.recall == 1.0
    assert found.false_accept_rate < 0.15


def test_the_pair_threshold_is_where_a_face_at_the_threshold_lies_from_a_persons_faces() -> None:
    people = _people(30, 0.3)
    calibration = calibrate(people, name="x", data="d")
    assert calibration.pair_threshold is not None
    faces = np.asarray([face / np.linalg.norm(face) for face in people["p0"]])
    centre = centroid(list(faces))
    aside = np.random.default_rng(1).normal(size=centre.shape)
    aside -= (aside @ centre) * centre
    cosine = 1 - calibration.threshold
    at = cosine * centre + np.sqrt(1 - cosine**2) * aside / np.linalg.norm(aside)
    assert np.mean(1 - faces @ at) == pytest.approx(calibration.pair_threshold, abs=0.03)
    assert calibration.pair_threshold > calibration.threshold


def test_turned_faces_have_a_threshold_where_enough_are_known() -> None:
    people = _people(30, 0.1)
    turned = {name: [face + 0.1 for face in faces[:2]] for name, faces in people.items()}
    told = calibrate(people, name="x", data="d", turned=turned)
    own = [
        distance(face, centroid(people[name])) for name, faces in turned.items() for face in faces
    ]
    assert told.turned_threshold is not None
    assert np.mean(np.asarray(own) <= told.turned_threshold) == pytest.approx(0.99, abs=0.02)
    few = dict(list(turned.items())[:5])
    assert calibrate(people, name="x", data="d", turned=few).turned_threshold is None


def test_pairs_count_own_against_the_others_and_every_other_centroid() -> None:
    pairs = labelled_pairs(_people(3, 0.3))
    assert len(pairs.own) == 18
    assert len(pairs.impostor) == 36


def test_people_with_few_faces_are_left_out_and_too_few_people_refused() -> None:
    people = _people(2, 0.3)
    people["p1"] = people["p1"][:3]
    with pytest.raises(BadInput, match="at least two people with 4 readable faces each, found 1"):
        calibrate(people, name="x", data="d")
    with pytest.raises(BadInput, match=r"between 0 and 1, got 1\.5"):
        calibrate(_people(3, 0.3), name="x", data="d", false_accept_rate=1.5)


def test_shipped_maquette_threshold_holds_on_the_eight_people_of_the_cast(
    people: dict[str, list[tuple[float, ...]]],
) -> None:
    calibration = load_calibration("maquette")
    assert calibration.people is not None
    assert calibration.people >= 100
    found = measure(calibration, people)
    assert found.recall >= 0.95
    assert found.precision >= 0.95
    assert found.false_accept_rate <= 0.05


def test_published_threshold_is_marked_as_such() -> None:
    photo = load_calibration("photo")
    assert photo.threshold == 0.07
    assert photo.origin.startswith("published: DeepFace")
    assert photo.precision is None
    others = {"photo-facenet", "photo-openface", "photo-deepid"}
    assert set(shipped_calibrations()) == {"maquette", "photo", "drawn", *others}


def test_unknown_calibration_names_the_shipped_ones() -> None:
    with pytest.raises(UnknownName, match="shipped: drawn, maquette, photo"):
        load_calibration("anime")
