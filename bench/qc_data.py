"""Build the data that `tools/qc` ships: thresholds, strangers and the light classifier.

Run as `python -m bench.qc_data PICTURES CAST`: two folders with `metadata.jsonl` (person, light),
the first of many people to calibrate on, the second of the people shipped as strangers.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.contracts.faces import Face
from tools.contracts.verdicts import Calibration
from tools.imaging.pictures import load_picture, write_atomically, write_json
from tools.qc.calibration import COPY_DISTANCE, calibrate
from tools.qc.faces import DeepFaceEmbedder
from tools.qc.light import FEATURES, light_features
from tools.qc.readable import Readability, reading_of
from tools.qc.strangers import strangers_from
from tools.textfiles import lines_of, read_text_file

DATA = Path(__file__).parents[1] / "tools" / "qc" / "data"
RIDGE = 0.02
PUBLISHED = Calibration(
    name="photo",
    embedder="Dlib",
    detector="any",
    threshold=0.07,
    origin="published: DeepFace 0.0.103, verification threshold for Dlib, cosine distance",
    copy_distance=COPY_DISTANCE,
)


@dataclass(frozen=True)
class Labelled:
    """A picture of one person with its labels and the one face found in it."""

    path: Path
    person: str
    light: str
    face: Face


def read_labelled(
    folder: Path, embedder: DeepFaceEmbedder, *, thorough: bool, prefix: str
) -> list[Labelled]:
    """Detect the faces of a labelled folder; pictures without exactly one face are left out."""
    found = []
    for _, line in lines_of(read_text_file(folder / "metadata.jsonl")):
        row = json.loads(line)
        if row.get("kind", "single") != "single":
            continue
        path = folder / row["file_name"]
        faces = embedder.faces([load_picture(path)], thorough=thorough)[0]
        if len(faces) == 1:
            found.append(Labelled(path, f"{prefix}{row['person']}", row["light"], faces[0]))
    return found


def well_read(rows: Iterable[Labelled]) -> Mapping[str, Sequence[tuple[float, ...]]]:
    """Embeddings by person, of the faces that the gate would count."""
    people = defaultdict(list)
    for row in rows:
        if reading_of(row.face) is Readability.GOOD:
            people[row.person].append(row.face.embedding)
    return people


def light_classifier(rows: Sequence[Labelled]) -> dict[str, list[str] | list[float] | object]:
    """Fit a linear discriminant of the light phrases on measured light."""
    features = np.asarray([light_features(load_picture(row.path), row.face.box) for row in rows])
    phrases = sorted({row.light for row in rows})
    labels = np.asarray([phrases.index(row.light) for row in rows])
    mean, scale = features.mean(axis=0), features.std(axis=0)
    weights, bias = _discriminant((features - mean) / scale, labels, len(phrases))
    return {
        "features": list(FEATURES),
        "phrases": phrases,
        "mean": mean.round(5).tolist(),
        "scale": scale.round(5).tolist(),
        "weights": weights.round(4).tolist(),
        "bias": bias.round(4).tolist(),
    }


def _discriminant(
    features: NDArray[np.float64], labels: NDArray[np.int64], classes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    centres = np.asarray([features[labels == index].mean(axis=0) for index in range(classes)])
    rest = features - centres[labels]
    spread = rest.T @ rest / len(features) + RIDGE * np.eye(features.shape[1])
    weights = np.linalg.solve(spread, centres.T)
    return weights, -0.5 * np.sum(centres.T * weights, axis=0)


def write_data(many: Sequence[Labelled], cast: Sequence[Labelled], data: str) -> None:
    """Write the three files."""
    maquette = calibrate(well_read(many), name="maquette", data=data)
    rows = [maquette.model_dump(mode="json"), PUBLISHED.model_dump(mode="json")]
    write_json(DATA / "calibrations.json", rows)
    strangers = strangers_from("Dlib", well_read(cast))
    centroids = {name: vector.round(6).tolist() for name, vector in strangers.centroids.items()}
    packed = json.dumps({"embedder": strangers.embedder, "centroids": centroids})
    write_atomically(DATA / "strangers.json", (packed + "\n").encode())
    packed = json.dumps(light_classifier(many))
    write_atomically(DATA / "lights.json", (packed + "\n").encode())


def main() -> None:
    """Detect, calibrate, write."""
    pictures, cast = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as home:
        embedder = DeepFaceEmbedder(weights_home=Path(home))
        many = read_labelled(pictures, embedder, thorough=False, prefix="person-")
        people = read_labelled(cast, embedder, thorough=True, prefix="cast-")
    write_data(many, people, f"{len({row.person for row in many})} drawn people, {pictures.name}")


if __name__ == "__main__":
    main()
