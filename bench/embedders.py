"""What an embedder sees of people it was not trained on: `python -m bench.embedders NAME PICTURES CAST`.

PICTURES is a folder with `metadata.jsonl` whose last 50 people are tested (the 50 before them calibrate,
bench/qc_data.py); CAST one of few people with many labelled frames. Prints heads found, the area under the
curve over all pairs and over look-alikes (the same sex, skin and hair colour), what the gate says of pure
and of mixed sets, and the seconds for twenty references and eighteen takes.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.contracts.faces import Face
from tools.contracts.parts import FaceEmbedder
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Calibration, Outcome
from tools.embedders.table import embedder_row, open_embedder
from tools.imaging.pictures import load_picture
from tools.qc.calibration import load_calibration
from tools.qc.gate import gate
from tools.qc.image_rules import GateInput
from tools.qc.readable import Readability, reading_of
from tools.settings import Settings
from tools.textfiles import lines_of, read_text_file

TESTED = 50
SET_SIZE, PLANTED, MIXTURES = 20, 4, 200
TAKES = 18
SEXES = ("woman", "man")
SKINS = tuple(f"{word} skin" for word in ("pale", "fair", "tan", "olive", "brown", "dark"))
HAIRS = ("black", "brown", "blonde", "auburn", "red", "grey", "white", "bald")


@dataclass(frozen=True)
class EmbeddedFrame:
    """A picture of one person and what was found in it."""

    file: str
    person: int
    framing: Framing
    view: View
    text: str
    faces: tuple[Face, ...]

    @property
    def gate_input(self) -> GateInput:
        """As the gate takes it."""
        return GateInput(self.file, self.faces, self.framing, self.view)


def read_frames(folder: Path, people: int | None, embedder: FaceEmbedder) -> list[EmbeddedFrame]:
    """Look at the single pictures of a folder's last people; None takes all of them."""
    rows = [json.loads(line) for _, line in lines_of(read_text_file(folder / "metadata.jsonl"))]
    rows = [row for row in rows if row.get("kind", "single") == "single"]
    known = list(dict.fromkeys(row["person"] for row in rows))
    tested = set(known if people is None else known[-people:])
    rows = [row for row in rows if row["person"] in tested]
    found = embedder.faces([load_picture(folder / row["file_name"]) for row in rows])
    return [
        EmbeddedFrame(
            row["file_name"],
            row["person"],
            Framing(row["shot"]),
            View(f"{row['view']} view"),
            row["text"],
            tuple(faces),
        )
        for row, faces in zip(rows, found, strict=True)
    ]


def looks_of(frames: Sequence[EmbeddedFrame]) -> dict[int, tuple[str, str, str]]:
    """Sex, skin and hair colour of each person, from all of their captions."""
    said: dict[int, str] = {}
    for frame in frames:
        said[frame.person] = f"{said.get(frame.person, '')}, {frame.text}"
    return {person: _look(text) for person, text in said.items()}


def _look(text: str) -> tuple[str, str, str]:
    sex = next((each for each in SEXES if f" {each}," in text), "")
    skin = next((each for each in SKINS if each in text), "")
    hair = next(
        (
            each
            for each in HAIRS
            if f"{each} hair" in text or f"{each} bob" in text or f"{each} afro" in text
        ),
        "bald" if "bald" in text else "",
    )
    return sex, skin, hair


def area_under_curve(own: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Chance that an own pair is nearer than another one, 0 to 1."""
    ranks = np.argsort(np.argsort(np.concatenate([own, other]))) + 1.0
    below = ranks[: len(own)].sum() - len(own) * (len(own) + 1) / 2
    return float(1 - below / (len(own) * len(other)))


def pair_areas(frames: Sequence[EmbeddedFrame]) -> dict[str, float]:
    """Areas under the curve over pairs of single pictures, and of picture against other pictures' mean."""
    read = [frame for frame in frames if len(frame.faces) == 1]
    vectors = np.asarray([frame.faces[0].embedding for frame in read])
    people = np.asarray([frame.person for frame in read])
    looks = looks_of(frames)
    kinds = np.asarray([hash(looks[person]) for person in people])
    distances = 1 - vectors @ vectors.T
    upper = np.triu(np.ones_like(distances, dtype=bool), 1)
    same = people[:, None] == people[None]
    alike = (kinds[:, None] == kinds[None]) & ~same
    own = distances[upper & same]
    against, impostors, alikes = _against_means(vectors, people, kinds)
    return {
        "pictures": float(len(read)),
        "pairs": area_under_curve(own, distances[upper & ~same]),
        "pairs of look-alikes": area_under_curve(own, distances[upper & alike]),
        "look-alike pairs": float((upper & alike).sum()),
        "against mean": area_under_curve(against, impostors),
        "against mean of look-alikes": area_under_curve(against, alikes),
    }


def _against_means(
    vectors: NDArray[np.float64], people: NDArray[np.int64], kinds: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Distances of pictures to their person's others, to other people, and to look-alikes."""
    names = np.unique(people)
    sums = np.asarray([vectors[people == name].sum(axis=0) for name in names])
    of_kind = np.asarray([kinds[people == name][0] for name in names])
    own, other, alike = [], [], []
    for vector, person, kind in zip(vectors, people, kinds, strict=True):
        rest = np.where((names == person)[:, None], sums - vector, sums)
        length = np.linalg.norm(rest, axis=1)
        far = 1 - rest @ vector / np.maximum(length, 1e-9)
        mine = names == person
        if length[mine][0] > 1e-6:
            own.append(far[mine][0])
        other.extend(far[~mine])
        alike.extend(far[~mine & (of_kind == kind)])
    return np.asarray(own), np.asarray(other), np.asarray(alike)


def mixed_sets(frames: Sequence[EmbeddedFrame], calibration: Calibration) -> tuple[float, float]:
    """Plant strangers in sets: share of them that the gate rejects, and of its rejects that are strangers."""
    chance = np.random.default_rng(0)
    of: Mapping[int, list[EmbeddedFrame]] = _by_person(frames)
    caught = named = planted = 0
    for _ in range(MIXTURES):
        host, guest = chance.choice(list(of), 2, replace=False)
        own = chance.permutation(len(of[host]))[: SET_SIZE - PLANTED]
        strange = chance.permutation(len(of[guest]))[:PLANTED]
        images = [of[host][at] for at in own] + [of[guest][at] for at in strange]
        report = gate([image.gate_input for image in images], calibration)
        rejected = [image.verdict is Outcome.REJECT for image in report.images]
        caught += sum(rejected[-PLANTED:])
        named += sum(rejected)
        planted += PLANTED
    return caught / planted, caught / max(1, named)


def _by_person(frames: Sequence[EmbeddedFrame]) -> dict[int, list[EmbeddedFrame]]:
    found: dict[int, list[EmbeddedFrame]] = {}
    for frame in frames:
        found.setdefault(frame.person, []).append(frame)
    return found


def report_frames(name: str, frames: Sequence[EmbeddedFrame]) -> None:
    """Print what was found, and how well it separates."""
    single = sum(len(frame.faces) == 1 for frame in frames)
    several = sum(len(frame.faces) > 1 for frame in frames)
    good = sum(
        len(frame.faces) == 1 and reading_of(frame.faces[0]) is Readability.GOOD for frame in frames
    )
    print(
        f"{name}: {len(frames)} frames, one head in {single}, several in {several}, well read {good}"
    )
    for what, value in pair_areas(frames).items():
        print(f"  {what}: {value:.4f}" if value <= 1 else f"  {what}: {value:.0f}")


def report_gate(frames: Sequence[EmbeddedFrame], calibration: Calibration) -> None:
    """Print what the gate says of pure and of mixed sets."""
    pure = [gate([f.gate_input for f in each], calibration) for each in _by_person(frames).values()]
    passed = sum(report.verdict is Outcome.PASS for report in pure)
    means = ", ".join(f"{report.csfd_mean or 0:.3f}" for report in pure)
    print(f"pure sets that pass: {passed} of {len(pure)} (means {means}, {calibration.threshold})")
    recall, precision = mixed_sets(frames, calibration)
    pairs = len(list(combinations(_by_person(frames), 2)))
    print(f"planted strangers rejected: {recall:.3f}, precision {precision:.3f} ({pairs} pairs)")


def main() -> None:
    """Measure one embedder."""
    name, pictures, cast = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as home:
        embedder = open_embedder(name, Settings(home=Path(home)), None)
        many, few = read_frames(pictures, TESTED, embedder), read_frames(cast, None, embedder)
        report_frames("unseen people", many)
        report_frames("cast", few)
        calibration = embedder_row(name).calibration
        if calibration is not None:
            report_gate(few, load_calibration(calibration))
        begun = time.monotonic()
        embedder.faces([load_picture(cast / frame.file) for frame in few[: SET_SIZE + TAKES]])
        print(f"{SET_SIZE + TAKES} pictures: {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
