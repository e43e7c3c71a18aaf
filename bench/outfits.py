"""What the outfit reader sees of people it was not trained on: `python -m bench.outfits PICTURES CAST`.

PICTURES is a folder with `metadata.jsonl` whose last hundred people were in no training picture: the first
fifty of them give the thresholds, the others and CAST the figures. A picture is held against the colour that
its captions name (right), and against every other colour (wrong).
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.contracts.faces import SeenColour
from tools.embedders.drawn.networks import GARMENT_COLOURS, HAIR_COLOURS
from tools.embedders.table import open_embedder
from tools.imaging.pictures import load_picture
from tools.qc.outfit import colour_distance
from tools.settings import Settings
from tools.training.faces.outfit import OutfitLabel, outfit_labels
from tools.training.pretrain.rows import PictureRow, read_rows

HELD_OUT, CALIBRATE = 100, 50
RIGHT_REFUSED = {"garment": 0.02, "hair": 0.01}
"""Share of right colours that a threshold may refuse: a refusal costs a drawing; hair is in every picture."""


@dataclass(frozen=True)
class ReadPart:
    """One part of one picture."""

    label: str
    framing: str
    colours: tuple[SeenColour, ...]

    @property
    def right(self) -> float:
        """Distance to the colour that it has."""
        return colour_distance(self.colours, self.label)

    def wrong(self, words: Sequence[str]) -> list[float]:
        """Distances to all others."""
        return [colour_distance(self.colours, word) for word in words if word != self.label]


def read_parts(
    folder: Path, rows: Sequence[PictureRow], labels: dict[str, OutfitLabel]
) -> dict[str, list[ReadPart]]:
    """Look at pictures of one person each; garments and hair are listed where they can be read."""
    with tempfile.TemporaryDirectory() as home:
        embedder = open_embedder("drawn", Settings(home=Path(home)), None)
        found = embedder.faces([load_picture(folder / row.file_name) for row in rows])
    parts: dict[str, list[ReadPart]] = {"garment": [], "hair": []}
    for row, faces in zip(rows, found, strict=True):
        if len(faces) != 1 or faces[0].outfit is None:
            continue
        label, seen = labels[row.person], faces[0].outfit
        garment, hair = GARMENT_COLOURS[label.garment], HAIR_COLOURS[label.hair]
        if seen.garment:
            parts["garment"].append(ReadPart(garment, row.framing, seen.garment))
        parts["hair"].append(ReadPart(hair, row.framing, seen.hair))
    return parts


def thresholds(parts: dict[str, list[ReadPart]]) -> dict[str, float]:
    """Distances that the given share of right colours lie above."""
    return {
        part: round(float(np.quantile([each.right for each in read], 1 - RIGHT_REFUSED[part])), 2)
        for part, read in parts.items()
    }


def report(title: str, parts: dict[str, list[ReadPart]], bars: dict[str, float]) -> None:
    """Print how often the surest colour is right, and what the thresholds do."""
    words = {"garment": GARMENT_COLOURS, "hair": HAIR_COLOURS}
    for part, read in parts.items():
        first = np.mean([each.right == 0 for each in read])
        refused = np.mean([each.right > bars[part] for each in read])
        wrong = np.concatenate([each.wrong(words[part]) for each in read])
        caught = _share_above(wrong, bars[part])
        print(
            f"{title}, {part}: {len(read)} read, {first:.3f} named rightly; at {bars[part]} "
            f"{refused:.3f} of right ones refused, {caught:.3f} of wrong ones caught"
        )
        taken = Counter(
            (each.label, each.colours[0].colour) for each in read if each.right > bars[part]
        )
        print(f"  right ones refused: {dict(taken.most_common(6))}")
        for framing in dict.fromkeys(each.framing for each in read):
            these = [each.right == 0 for each in read if each.framing == framing]
            print(f"  {framing}: {np.mean(these):.3f} of {len(these)}")


def _share_above(distances: NDArray[np.float64], bar: float) -> float:
    return float(np.mean(distances > bar))


def main() -> None:
    """Choose thresholds and measure them."""
    pictures, cast = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [row for row in read_rows(pictures) if row.kind == "single" and row.person]
    labels = outfit_labels(rows)
    held = list(dict.fromkeys(row.person for row in rows))[-HELD_OUT:]
    first = {person for person in held[:CALIBRATE] if person in labels}
    others = {person for person in held[CALIBRATE:] if person in labels}
    chosen = thresholds(read_parts(pictures, [row for row in rows if row.person in first], labels))
    print(f"thresholds: {chosen}")
    unseen = read_parts(pictures, [row for row in rows if row.person in others], labels)
    report("unseen people", unseen, chosen)
    cast_rows = read_rows(cast)
    cast_labels = outfit_labels(cast_rows)
    known = [row for row in cast_rows if row.person in cast_labels]
    report("cast", read_parts(cast, known, cast_labels), chosen)


if __name__ == "__main__":
    main()
