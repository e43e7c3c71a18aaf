"""The other people that a character is compared with: the eight invented ones of the cast.

Ships their centroids and faces as data, so that own against other costs no detection. The person in
play can be left out by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tools.errors import BadInput, UnknownName
from tools.qc.csfd import Vector, centroid, distance


@dataclass(frozen=True)
class Strangers:
    """Centroids of people by name, for one embedder."""

    embedder: str
    centroids: Mapping[str, NDArray[np.float64]]

    def without(self, name: str) -> Strangers:
        """Leave one person out, who is then no stranger.

        Raises:
            UnknownName: nobody of that name.
        """
        if name not in self.centroids:
            known = ", ".join(sorted(self.centroids))
            raise UnknownName(f"no stranger named {name!r}; known: {known}")
        kept = {each: vector for each, vector in self.centroids.items() if each != name}
        return Strangers(self.embedder, kept)

    def nearest(self, embedding: Vector) -> tuple[str, float]:
        """Name the nearest stranger with the distance.

        Raises:
            BadInput: nobody is left.
        """
        distances = self._distances(embedding)
        name = min(distances, key=lambda each: distances[each])
        return name, distances[name]

    def mean_distance(self, embedding: Vector) -> float:
        """Return the mean distance to the strangers (`csfd_other`)."""
        return float(np.mean(list(self._distances(embedding).values())))

    def _distances(self, embedding: Vector) -> dict[str, float]:
        if not self.centroids:
            raise BadInput("no strangers left to compare with")
        return {name: distance(embedding, vector) for name, vector in self.centroids.items()}


def strangers_from(embedder: str, faces: Mapping[str, Sequence[Vector]]) -> Strangers:
    """Build strangers from embeddings by person."""
    return Strangers(embedder, {name: centroid(each) for name, each in faces.items()})


def load_strangers(embedder: str) -> Strangers:
    """Read the people who ship with Samecast (names `cast-0` to `cast-7`) as one embedder sees them.

    Nobody is known to an embedder that ships without strangers.
    """
    text = files("tools.qc").joinpath("data", "strangers.json").read_text(encoding="utf-8")
    rows = {row["embedder"]: row["centroids"] for row in json.loads(text)}
    return Strangers(
        embedder,
        {
            name: np.asarray(vector, dtype=np.float64)
            for name, vector in rows.get(embedder, {}).items()
        },
    )
