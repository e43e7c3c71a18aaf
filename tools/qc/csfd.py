"""Cross-Scene Face Distance (DreamFactory, arXiv:2408.11788; docs/architecture.md, Distances). Pure numpy.

All distances are `1 - cos` of unit embeddings, 0 = same, 2 = opposite. Knows vectors only: no
pictures, no thresholds of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tools.contracts.verdicts import Outcome
from tools.errors import BadInput

Vector = Sequence[float] | NDArray[np.float64]
REVIEW_RATIO = 1.15
"""Up to this multiple of the threshold a person decides; above is a reject."""


@dataclass(frozen=True)
class TakeDistance:
    """How far one face is from a set, in three ways."""

    centroid: float
    nearest: float
    k_nearest: float
    """Mean distance to the k nearest references."""


@dataclass(frozen=True)
class SetDistances:
    """Each face of a set against the centroid of the others."""

    each: tuple[float, ...]
    mean: float
    worst: float


@dataclass(frozen=True)
class SequenceDistances:
    """How a character holds over scenes in story order."""

    mean: float
    """Mean over all pairs of scenes."""
    end_drift: float
    """Last scene against first."""


def unit(vector: Vector) -> NDArray[np.float64]:
    """Scale to length one, shape (d,).

    Raises:
        BadInput: a zero vector, which has no direction.
    """
    array = np.asarray(vector, dtype=np.float64)
    length = float(np.linalg.norm(array))
    if length == 0:
        raise BadInput("an embedding of length zero has no direction; detect the face again")
    return array / length


def centroid(embeddings: Sequence[Vector]) -> NDArray[np.float64]:
    """Return the normalised mean of unit embeddings, shape (d,).

    Raises:
        BadInput: no embeddings.
    """
    if not len(embeddings):
        raise BadInput("a centroid needs at least one readable face")
    return unit(np.mean(np.asarray(embeddings, dtype=np.float64), axis=0))


def distance(first: Vector, second: Vector) -> float:
    """Return `1 - cos`, 0 to 2."""
    return float(np.clip(1.0 - np.dot(unit(first), unit(second)), 0.0, 2.0))


def take_distance(embedding: Vector, references: Sequence[Vector], *, k: int = 3) -> TakeDistance:
    """Measure one face against a reference set.

    Args:
        embedding: unit vector, shape (d,).
        references: at least one unit vector.
        k: how many nearest references the third figure averages.
    """
    singles = sorted(distance(embedding, reference) for reference in references)
    return TakeDistance(
        centroid=distance(embedding, centroid(references)),
        nearest=singles[0],
        k_nearest=float(np.mean(singles[:k])),
    )


def set_distances(embeddings: Sequence[Vector]) -> SetDistances:
    """Measure each face against the centroid of the others.

    Raises:
        BadInput: fewer than two faces.
    """
    if len(embeddings) < 2:
        raise BadInput("a set distance needs at least two readable faces")
    array = np.asarray([unit(each) for each in embeddings])
    total = array.sum(axis=0)
    each = tuple(distance(vector, total - vector) for vector in array)
    return SetDistances(each=each, mean=float(np.mean(each)), worst=max(each))


def sequence_distances(scenes: Sequence[Sequence[Vector]]) -> SequenceDistances:
    """Measure a character over scenes, each given as the faces seen in it; for the study.

    Raises:
        BadInput: fewer than two scenes, or a scene without a readable face.
    """
    if len(scenes) < 2:
        raise BadInput("drift over scenes needs at least two scenes with a readable face")
    centroids = [centroid(scene) for scene in scenes]
    pairs = [distance(first, second) for first, second in combinations(centroids, 2)]
    return SequenceDistances(
        mean=float(np.mean(pairs)), end_drift=distance(centroids[0], centroids[-1])
    )


def combined_ratio(distances: Mapping[str, float], thresholds: Mapping[str, float]) -> float:
    """Join several embedders: each distance over its threshold, averaged; for the study.

    Raises:
        BadInput: no embedder, or one without a threshold.
    """
    missing = sorted(set(distances) - set(thresholds))
    if missing or not distances:
        raise BadInput(
            f"no threshold for embedder {', '.join(missing) or '(none given)'}; calibrate"
        )
    return float(np.mean([value / thresholds[name] for name, value in distances.items()]))


def outcome_of_ratio(ratio: float) -> Outcome:
    """Turn distance over threshold into pass (≤ 1), review (≤ 1.15) or reject."""
    if ratio <= 1.0:
        return Outcome.PASS
    return Outcome.REVIEW if ratio <= REVIEW_RATIO else Outcome.REJECT
