"""QC of N takes against M references, ours against N × M calls of `DeepFace.verify`.

Run as `python -m bench.qc`. Both sides use dlib's HOG, the five-point predictor and the Dlib
embedder; verify's cost is measured on a sample of the pairs and scaled to all of them.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

from tools.contracts.photography import Framing
from tools.embedders.photo.faces import DeepFaceEmbedder
from tools.embedders.photo.weights import LANDMARKS_FILE, deepface_environment, models_folder
from tools.imaging.pictures import load_picture
from tools.qc.calibration import load_calibration
from tools.qc.copies import fingerprint
from tools.qc.strangers import load_strangers
from tools.qc.verdict import AskedFraming, KnownPerson, SeenTake, judge_take

CAST = Path(__file__).parents[1] / "tests" / "data" / "cast"
TAKES, REFERENCES = 18, 20
"""Six shots with up to three tries each, against a set of twenty."""
SAMPLE = 5
"""Verify calls measured per side: SAMPLE takes times SAMPLE references."""


@dataclass(frozen=True)
class QcRatio:
    """Seconds of both ways for all takes, in one run on this machine."""

    ours_s: float
    verify_s: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.verify_s / self.ours_s


def measure() -> QcRatio:
    """Time both ways; models are loaded and warm before."""
    takes = [load_picture(path) for path in sorted(CAST.glob("*.webp"))[20 : 20 + TAKES]]
    references = [load_picture(path) for path in sorted(CAST.glob("*.webp"))[:REFERENCES]]
    with tempfile.TemporaryDirectory() as home:
        embedder = DeepFaceEmbedder(weights_home=Path(home))
        embedder.faces(references[:1], thorough=False)
        start = time.perf_counter()
        _ours(embedder, takes, references)
        ours = time.perf_counter() - start
        verify = _verify_seconds(Path(home), takes[:SAMPLE], references[:SAMPLE])
    return QcRatio(ours, verify * TAKES * REFERENCES)


def _ours(
    embedder: DeepFaceEmbedder, takes: list[Image.Image], references: list[Image.Image]
) -> None:
    found = embedder.faces(references, thorough=False)
    embeddings = [faces[0].embedding for faces in found if faces]
    prints = {str(index): fingerprint(image) for index, image in enumerate(references)}
    strangers = load_strangers("Dlib").without("cast-0")
    person = KnownPerson(embeddings, strangers, load_calibration("maquette"), prints)
    for take, faces in zip(takes, embedder.faces(takes, thorough=False), strict=True):
        judge_take(SeenTake(take, faces), person, AskedFraming(Framing.MEDIUM))


def _verify_seconds(home: Path, takes: list[Image.Image], references: list[Image.Image]) -> float:
    """Return the mean seconds of one verify call."""
    weights = home / ".deepface" / "weights"
    (weights / LANDMARKS_FILE).write_bytes((models_folder() / LANDMARKS_FILE).read_bytes())
    pairs = [
        (np.asarray(take)[:, :, ::-1], np.asarray(reference)[:, :, ::-1])
        for take, reference in product(takes, references)
    ]
    with deepface_environment(home):
        _verify(pairs[:1])
        start = time.perf_counter()
        _verify(pairs)
        return (time.perf_counter() - start) / len(pairs)


def _verify(pairs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    from deepface import DeepFace

    for take, reference in pairs:
        DeepFace.verify(
            take,
            reference,
            model_name="Dlib",
            detector_backend="dlib",
            enforce_detection=False,
            silent=True,
        )


if __name__ == "__main__":
    result = measure()
    print(f"{TAKES} takes × {REFERENCES} references")
    print(f"ours {result.ours_s:.1f} s, verify {result.verify_s:.1f} s: {result.ratio:.1f}×")
