"""Thresholds from labelled pairs, what they cost, and the shipped ones (docs/architecture.md, Distances).

An own pair is a picture against the centroid of its person's other pictures, an impostor pair is
the same picture against another person's centroid: the very statistic that gate and verdicts use.
Knows labelled embeddings; must not know where pictures come from.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tools.contracts.verdicts import Calibration
from tools.errors import BadInput, UnknownName
from tools.qc.csfd import Vector, centroid, distance, unit

FALSE_ACCEPT_RATE = 0.05
"""Share of strangers that may pass: one in twenty, since a person looks at every pick anyway."""
MIN_FACES = 4
"""Faces a person needs to count: fewer make a centroid that says more of view than of person."""
MIN_TURNED = 50
"""Turned faces from which it is said how far one person's may lie."""
OWN_TURNED = 0.99
"""Share of people's own turned faces that stay below the threshold for turned ones."""
COPY_DISTANCE = 0.03
"""Between a re-encoded or noisy print (to 0.016) and another frame of the same person (0.039)."""


@dataclass(frozen=True)
class Accuracy:
    """What a threshold does on labelled people."""

    precision: float
    """Share of accepted pairs that are own, with own and impostor pairs weighted equally."""
    recall: float
    """Share of own pairs accepted."""
    false_accept_rate: float
    people: int
    pairs: int


@dataclass(frozen=True)
class LabelledPairs:
    """Distances of own and impostor pairs."""

    own: NDArray[np.float64]
    impostor: NDArray[np.float64]
    people: int
    concentration: float
    """Length of the mean of one person's unit embeddings, 0 to 1, without the noise of few faces: the
    root of the mean cosine of their pairs, averaged over people."""


def labelled_pairs(
    labelled: Mapping[str, Sequence[Vector]], *, min_faces: int = MIN_FACES
) -> LabelledPairs:
    """Measure every own and every impostor pair.

    Args:
        labelled: unit embeddings by person.
        min_faces: people with fewer are left out.

    Raises:
        BadInput: fewer than two people are left.
    """
    people = {name: np.asarray([unit(each) for each in faces]) for name, faces in labelled.items()}
    people = {name: faces for name, faces in people.items() if len(faces) >= min_faces}
    if len(people) < 2:
        raise BadInput(
            f"calibration needs at least two people with {min_faces} readable faces each, "
            f"found {len(people)}; add pictures, one folder a person"
        )
    centroids = np.asarray([centroid(list(faces)) for faces in people.values()])
    own, impostor = [], []
    for index, faces in enumerate(people.values()):
        others = faces.sum(axis=0) - faces
        others /= np.linalg.norm(others, axis=1, keepdims=True)
        own.append(1.0 - np.sum(faces * others, axis=1))
        impostor.append((1.0 - faces @ np.delete(centroids, index, axis=0).T).ravel())
    cosines = [_mean_cosine(faces) for faces in people.values()]
    concentration = math.sqrt(max(float(np.mean(cosines)), 0.0))
    return LabelledPairs(np.concatenate(own), np.concatenate(impostor), len(people), concentration)


def _mean_cosine(faces: NDArray[np.float64]) -> float:
    """Return the mean cosine of the pairs of one person's faces."""
    count = len(faces)
    return float((np.sum(faces @ faces.T) - count) / (count * (count - 1)))


def accuracy(pairs: LabelledPairs, threshold: float) -> Accuracy:
    """Count what a threshold accepts."""
    recall = float(np.mean(pairs.own <= threshold))
    false_accepts = float(np.mean(pairs.impostor <= threshold))
    accepted = recall + false_accepts
    return Accuracy(
        precision=recall / accepted if accepted else 0.0,
        recall=recall,
        false_accept_rate=false_accepts,
        people=pairs.people,
        pairs=len(pairs.own) + len(pairs.impostor),
    )


def calibrate(
    labelled: Mapping[str, Sequence[Vector]],
    *,
    name: str,
    data: str,
    embedder: str = "Dlib",
    detector: str = "hog",
    false_accept_rate: float = FALSE_ACCEPT_RATE,
    min_faces: int = MIN_FACES,
    turned: Mapping[str, Sequence[Vector]] | None = None,
) -> Calibration:
    """Choose the threshold at which the given share of impostor pairs would be accepted.

    The pair threshold is the same one said for pairs: the mean distance to a person's faces of one that
    lies at the threshold from their centroid.

    Args:
        labelled: unit embeddings by person.
        name: how settings name this calibration.
        data: what it was made from, in words, for `origin`.
        embedder: model of the embeddings.
        detector: what found the faces.
        false_accept_rate: 0 to 1, exclusive.
        min_faces: people with fewer faces are left out.
        turned: unit embeddings by person of turned or covered faces, where they are told apart.

    Raises:
        BadInput: too few people, or a rate outside its range.
    """
    if not 0.0 < false_accept_rate < 1.0:
        raise BadInput(f"false accept rate must lie between 0 and 1, got {false_accept_rate}")
    pairs = labelled_pairs(labelled, min_faces=min_faces)
    threshold = float(np.quantile(pairs.impostor, false_accept_rate))
    found = accuracy(pairs, threshold)
    return Calibration(
        name=name,
        embedder=embedder,
        detector=detector,
        threshold=round(threshold, 4),
        origin=f"calibrated on {data}",
        false_accept_rate=round(false_accept_rate, 4),
        precision=round(found.precision, 4),
        recall=round(found.recall, 4),
        people=found.people,
        pairs=found.pairs,
        copy_distance=COPY_DISTANCE,
        pair_threshold=round(1.0 - (1.0 - threshold) * pairs.concentration, 4),
        turned_threshold=_turned_threshold(labelled, turned or {}),
    )


def _turned_threshold(
    labelled: Mapping[str, Sequence[Vector]], turned: Mapping[str, Sequence[Vector]]
) -> float | None:
    """Return what nearly all own turned faces stay below; None where too few are known."""
    own = [
        distance(face, centroid(labelled[name]))
        for name, faces in turned.items()
        if len(labelled.get(name, ())) >= MIN_FACES
        for face in faces
    ]
    return round(float(np.quantile(own, OWN_TURNED)), 4) if len(own) >= MIN_TURNED else None


def measure(calibration: Calibration, labelled: Mapping[str, Sequence[Vector]]) -> Accuracy:
    """Test a threshold on people whom it was not calibrated on."""
    return accuracy(labelled_pairs(labelled), calibration.threshold)


def shipped_calibrations() -> dict[str, Calibration]:
    """Read the calibrations that ship with Samecast, by name."""
    text = files("tools.qc").joinpath("data", "calibrations.json").read_text(encoding="utf-8")
    rows = [Calibration.model_validate(row) for row in json.loads(text)]
    return {row.name: row for row in rows}


def load_calibration(name: str) -> Calibration:
    """Return one shipped calibration.

    Raises:
        UnknownName: no such calibration.
    """
    shipped = shipped_calibrations()
    if name not in shipped:
        raise UnknownName(f"no calibration named {name!r}; shipped: {', '.join(sorted(shipped))}")
    return shipped[name]
