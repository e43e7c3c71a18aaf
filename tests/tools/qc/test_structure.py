"""Faces fall into groups that are further apart than they are wide."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.contracts.verdicts import Calibration
from tools.qc.calibration import load_calibration
from tools.qc.structure import face_groups, pair_threshold

Faces = NDArray[np.float64]


@st.composite
def faces(draw: st.DrawFn) -> Faces:
    """Two to sixteen unit vectors of any directions."""
    count, dimensions = draw(st.integers(2, 16)), draw(st.integers(2, 12))
    seed = draw(st.integers(0, 2**32 - 1))
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _mean_distance(one: Faces, other: Faces) -> float:
    return float(np.mean(1.0 - one @ other.T))


@given(faces(), st.floats(0.05, 1.5))
def test_groups_are_further_apart_than_they_are_wide(vectors: Faces, apart: float) -> None:
    groups = face_groups(list(vectors), apart)
    assert sorted(index for group in groups for index in group) == list(range(len(vectors)))
    for group in groups:
        count = len(group)
        if count > 1:
            own = vectors[list(group)]
            pairs = _mean_distance(own, own) * count / (count - 1)
            assert pairs <= apart + 1e-9
    for at, group in enumerate(groups):
        for other in groups[at + 1 :]:
            assert _mean_distance(vectors[list(group)], vectors[list(other)]) > apart - 1e-9


@given(faces(), st.floats(0.05, 1.5))
def test_the_largest_group_comes_first(vectors: Faces, apart: float) -> None:
    sizes = [len(group) for group in face_groups(list(vectors), apart)]
    assert sizes == sorted(sizes, reverse=True)


def test_of_equal_groups_the_one_that_begins_first_comes_first() -> None:
    assert face_groups([(0.0, 1.0), (1.0, 0.0), (0.0, 1.0), (1.0, 0.0)], 0.5) == ((0, 2), (1, 3))


def test_none_or_one_face_is_at_most_one_group() -> None:
    assert face_groups([], 0.1) == ()
    assert face_groups([(1.0, 0.0)], 0.1) == ((0,),)


def test_a_record_without_a_pair_threshold_has_one_by_its_threshold() -> None:
    record = Calibration(
        name="x", embedder="x", detector="x", threshold=0.2, origin="made up", copy_distance=0.03
    )
    assert pair_threshold(record) == pytest.approx(0.3)
    assert pair_threshold(record.model_copy(update={"pair_threshold": 0.25})) == 0.25


def test_the_people_of_the_cast_are_one_group_each(
    people: dict[str, list[tuple[float, ...]]],
) -> None:
    apart = pair_threshold(load_calibration("maquette"))
    for name, embeddings in people.items():
        large = [group for group in face_groups(embeddings, apart) if len(group) > 1]
        assert len(large) == 1, name
