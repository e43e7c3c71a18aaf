from __future__ import annotations

import pytest

from tools.errors import BadInput, UnknownName
from tools.qc.csfd import distance
from tools.qc.strangers import Strangers, load_strangers, strangers_from


def test_shipped_centroids_are_those_of_the_cast(
    people: dict[str, list[tuple[float, ...]]],
) -> None:
    shipped, computed = load_strangers("Dlib"), strangers_from("Dlib", people)
    assert set(shipped.centroids) == set(computed.centroids)
    for name, vector in shipped.centroids.items():
        assert distance(vector, computed.centroids[name]) < 1e-6


def test_nearest_and_mean_over_those_left() -> None:
    strangers = strangers_from("x", {"a": [(1.0, 0.0)], "b": [(0.0, 1.0)], "c": [(-1.0, 0.0)]})
    assert strangers.nearest((1.0, 0.0)) == ("a", 0.0)
    assert strangers.mean_distance((1.0, 0.0)) == pytest.approx(1.0)
    assert strangers.without("a").nearest((1.0, 0.0)) == ("b", 1.0)


def test_unknown_and_nobody_left_are_said() -> None:
    with pytest.raises(UnknownName, match="no stranger named 'zoe'; known: cast-0, cast-1"):
        load_strangers("Dlib").without("zoe")
    with pytest.raises(BadInput, match="no strangers left"):
        Strangers("x", {}).nearest((1.0, 0.0))
