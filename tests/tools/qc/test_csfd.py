from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tools.contracts.verdicts import Outcome
from tools.errors import BadInput
from tools.qc.csfd import (
    centroid,
    combined_ratio,
    distance,
    outcome_of_ratio,
    sequence_distances,
    set_distances,
    take_distance,
)

X, Y = (1.0, 0.0), (0.0, 1.0)
DIAGONAL = 1 - np.sqrt(0.5)
vectors = arrays(np.float64, 8, elements=st.floats(-1, 1)).filter(
    lambda vector: float(np.linalg.norm(vector)) > 0.1
)


@given(vectors, vectors)
def test_distance_is_symmetric_bounded_and_zero_for_the_same(
    first: np.ndarray, second: np.ndarray
) -> None:
    assert 0.0 <= distance(first, second) <= 2.0
    assert distance(first, second) == pytest.approx(distance(second, first))
    assert distance(first, first * 3) == pytest.approx(0.0, abs=1e-12)
    assert distance(first, -first) == pytest.approx(2.0)


def test_centroid_is_the_normalised_mean() -> None:
    assert centroid([X, Y]) == pytest.approx(np.sqrt([0.5, 0.5]))


def test_take_against_set_reports_centroid_nearest_and_k_nearest() -> None:
    measured = take_distance(X, [X, Y, Y], k=2)
    assert measured.centroid == pytest.approx(1 - 1 / np.sqrt(5))
    assert measured.nearest == pytest.approx(0.0)
    assert measured.k_nearest == pytest.approx(0.5)


def test_set_measures_each_against_the_centroid_of_the_others_only() -> None:
    measured = set_distances([X, X, Y])
    assert measured.each == pytest.approx((DIAGONAL, DIAGONAL, 1.0))
    assert measured.worst == pytest.approx(1.0)
    assert measured.mean == pytest.approx((2 * DIAGONAL + 1) / 3)


def test_sequence_has_the_mean_over_pairs_and_the_end_drift() -> None:
    measured = sequence_distances([[X], [X, Y], [Y]])
    assert measured.end_drift == pytest.approx(1.0)
    assert measured.mean == pytest.approx((2 * DIAGONAL + 1) / 3)


def test_embedders_are_joined_by_their_share_of_the_threshold() -> None:
    ratio = combined_ratio({"Dlib": 0.05, "Facenet": 0.6}, {"Dlib": 0.1, "Facenet": 0.4})
    assert ratio == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("ratio", "outcome"),
    [(1.0, Outcome.PASS), (1.01, Outcome.REVIEW), (1.15, Outcome.REVIEW), (1.16, Outcome.REJECT)],
)
def test_ratio_bands(ratio: float, outcome: Outcome) -> None:
    assert outcome_of_ratio(ratio) is outcome


def test_errors_say_what_is_missing() -> None:
    with pytest.raises(BadInput, match="at least two readable faces"):
        set_distances([X])
    with pytest.raises(BadInput, match="at least one readable face"):
        centroid([])
    with pytest.raises(BadInput, match="at least two scenes"):
        sequence_distances([[X]])
    with pytest.raises(BadInput, match="no threshold for embedder Facenet"):
        combined_ratio({"Facenet": 0.1}, {"Dlib": 0.1})
    with pytest.raises(BadInput, match="length zero"):
        distance((0.0, 0.0), X)
