"""How a set falls into groups: two people in equal parts meet at their common centroid, groups do not.

Knows vectors and how far apart one person's faces may lie; must not know pictures or verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.contracts.verdicts import Calibration
from tools.qc.csfd import Vector, unit

PAIR_SPREAD = 1.5
"""Pair threshold over threshold where a record has none: a face at the threshold from another
person's centroid is as much further from that person's faces as those lie around it, half of it."""


def pair_threshold(calibration: Calibration) -> float:
    """Return the mean distance of pairs above which two groups of faces are two people."""
    return calibration.pair_threshold or PAIR_SPREAD * calibration.threshold


def face_groups(embeddings: Sequence[Vector], apart: float) -> tuple[tuple[int, ...], ...]:
    """Group faces by average linkage (UPGMA, Sokal and Michener 1958) of `1 - cos`, cut at `apart`.

    The mean distance of pairs between two groups is above `apart`, within a group at most that: groups
    are further apart than they are wide.

    Args:
        embeddings: unit vectors, shape (n, d).
        apart: see `pair_threshold`.

    Returns:
        Indices by group, the largest group first, of equal ones the one that begins first.
    """
    if len(embeddings) < 2:
        return tuple((index,) for index in range(len(embeddings)))
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    array = np.asarray([unit(each) for each in embeddings])
    labels = fcluster(linkage(pdist(array, "cosine"), "average"), apart, "distance")
    groups = [tuple(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]
    return tuple(sorted(groups, key=lambda group: (-len(group), group[0])))
