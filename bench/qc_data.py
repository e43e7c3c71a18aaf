"""Build the data that `tools/qc` ships: thresholds, strangers and the light classifier.

Run as `python -m bench.qc_data NAME PICTURES CAST`: a row of the embedder table and two folders with
`metadata.jsonl` (person, light), the first of many people to calibrate on, the second of the people shipped
as strangers. `photo` makes the threshold `maquette` and the light classifier. `drawn` was trained on all
people of PICTURES but the last hundred; the first fifty of those calibrate, the others test
(bench/embedders.py).
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
from tools.contracts.parts import FaceEmbedder
from tools.contracts.verdicts import Calibration
from tools.embedders.table import DRAWN, PHOTO, open_embedder
from tools.imaging.pictures import load_picture, write_atomically, write_json
from tools.qc.calibration import COPY_DISTANCE, calibrate, shipped_calibrations
from tools.qc.light import FEATURES, light_features
from tools.qc.readable import Readability, reading_of
from tools.qc.strangers import strangers_from
from tools.settings import Settings
from tools.textfiles import lines_of, read_text_file

DATA = Path(__file__).parents[1] / "tools" / "qc" / "data"
RIDGE = 0.02
EVERYBODY, CALIBRATED_DRAWN = slice(None), slice(-100, -50)
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
    folder: Path,
    embedder: FaceEmbedder,
    *,
    thorough: bool,
    prefix: str,
    people: slice = EVERYBODY,
) -> list[Labelled]:
    """Detect the faces of a labelled folder; pictures without exactly one face are left out."""
    rows = [json.loads(line) for _, line in lines_of(read_text_file(folder / "metadata.jsonl"))]
    rows = [row for row in rows if row.get("kind", "single") == "single"]
    chosen = set(list(dict.fromkeys(row["person"] for row in rows))[people])
    found = []
    for row in rows:
        if row["person"] not in chosen:
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


def keep_calibration(made: Calibration) -> None:
    """Put a threshold in the place of the one of its name."""
    rows = shipped_calibrations() | {made.name: made}
    write_json(DATA / "calibrations.json", [row.model_dump(mode="json") for row in rows.values()])


def keep_strangers(embedder: str, cast: Sequence[Labelled]) -> None:
    """Put the cast as an embedder sees it in the place of what it was."""
    path = DATA / "strangers.json"
    rows = {row["embedder"]: row for row in json.loads(read_text_file(path))}
    strangers = strangers_from(embedder, well_read(cast))
    centroids = {name: vector.round(6).tolist() for name, vector in strangers.centroids.items()}
    rows[embedder] = {"embedder": embedder, "centroids": centroids}
    write_atomically(path, (json.dumps(list(rows.values())) + "\n").encode())


def write_photo_data(embedder: FaceEmbedder, pictures: Path, cast: Path) -> None:
    """Write what Dlib's distances of drawn people are held to, and the light classifier."""
    many = read_labelled(pictures, embedder, thorough=False, prefix="person-")
    data = f"{len({row.person for row in many})} drawn people, {pictures.name}"
    keep_calibration(calibrate(well_read(many), name="maquette", data=data))
    keep_calibration(PUBLISHED)
    keep_strangers("Dlib", read_labelled(cast, embedder, thorough=True, prefix="cast-"))
    packed = json.dumps(light_classifier(many))
    write_atomically(DATA / "lights.json", (packed + "\n").encode())


def write_drawn_data(embedder: FaceEmbedder, pictures: Path, cast: Path) -> None:
    """Write what the drawn embedder's distances are held to."""
    many = read_labelled(
        pictures, embedder, thorough=True, prefix="person-", people=CALIBRATED_DRAWN
    )
    labelled = well_read(many)
    data = f"{len(labelled)} drawn people who are in no training picture of the embedder"
    keep_calibration(
        calibrate(labelled, name="drawn", data=data, embedder="drawn", detector="drawn")
    )
    keep_strangers("drawn", read_labelled(cast, embedder, thorough=True, prefix="cast-"))


def main() -> None:
    """Detect, calibrate, write."""
    name, pictures, cast = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    write = {PHOTO: write_photo_data, DRAWN: write_drawn_data}[name]
    with tempfile.TemporaryDirectory() as home:
        write(open_embedder(name, Settings(home=Path(home)), None), pictures, cast)


if __name__ == "__main__":
    main()
