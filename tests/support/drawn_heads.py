"""160 heads that the maquette drew, with the labels of two readers (`tests/data/drawn_faces`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tools.contracts.photography import Framing
from tools.imaging.pictures import load_picture

FOLDER = Path(__file__).parents[1] / "data" / "drawn_faces"


@dataclass(frozen=True)
class DrawnHead:
    """One drawing, what was asked for, and what each reader called it."""

    picture: Image.Image
    framing: Framing
    readers: tuple[str, str]

    @property
    def broken(self) -> bool | None:
        """Whether both readers call it broken; None where one does."""
        said = {reader == "broken" for reader in self.readers}
        return said.pop() if len(said) == 1 else None


def drawn_heads() -> list[DrawnHead]:
    """Load them all."""
    lines = (FOLDER / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        DrawnHead(
            load_picture(FOLDER / row["file_name"]),
            Framing(row["shot"]),
            tuple(row["readers"]),
        )
        for row in rows
    ]
