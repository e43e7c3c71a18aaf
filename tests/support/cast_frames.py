"""The labelled people of the cast, with their faces as detected once (bench/qc_data.py)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.photography import Framing, View
from tools.qc.readable import Readability, reading_of

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Frame:
    file: str
    person: int
    framing: Framing
    view: View
    light: str
    faces: tuple[Face, ...]

    @property
    def image(self) -> Image.Image:
        return Image.open(DATA / "cast" / self.file).convert("RGB")

    @property
    def well_read(self) -> bool:
        return len(self.faces) == 1 and reading_of(self.faces[0]) is Readability.GOOD


@pytest.fixture(scope="session")
def cast() -> dict[str, Frame]:
    """All 160 frames by file name."""
    found = json.loads((DATA / "cast_faces.json").read_text(encoding="utf-8"))
    frames = {}
    for line in (DATA / "cast" / "metadata.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name = row["file_name"]
        frames[name] = Frame(
            name,
            row["person"],
            Framing(row["shot"]),
            View(f"{row['view']} view"),
            row["light"],
            tuple(Face.model_validate(face) for face in found[name]),
        )
    return frames


@pytest.fixture(scope="session")
def people(cast: dict[str, Frame]) -> dict[str, list[tuple[float, ...]]]:
    """Well-read embeddings by person."""
    grouped: dict[str, list[tuple[float, ...]]] = {}
    for frame in cast.values():
        if frame.well_read:
            grouped.setdefault(f"cast-{frame.person}", []).append(frame.faces[0].embedding)
    return grouped
