"""Everything a run learns from and is measured on, loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.contracts.progress import ProgressSink
from tools.errors import BadInput
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.faces import (
    FaceBoxes,
    FindFaces,
    RawBoxes,
    face_boxes,
    find_missing,
    read_boxes,
)
from tools.training.pretrain.latents import encode_pictures
from tools.training.pretrain.parts import Base
from tools.training.pretrain.pictures import PictureSet
from tools.training.pretrain.rows import PictureRow, read_rows
from tools.training.pretrain.unseen import load_unseen


@dataclass(frozen=True)
class Corpus:
    """Pictures by size, and the people to measure on."""

    whole: PictureSet
    sheets: PictureSet | None
    unseen: PictureSet | None


def load_corpus(
    base: Base,
    folder: Path,
    out: Path,
    config: PretrainConfig,
    faces: Path | None,
    find_faces: FindFaces | None,
    held_out: Path | None,
    progress: ProgressSink,
) -> Corpus:
    """Read rows, boxes and latents; see `loop.pretrain` for the arguments.

    Raises:
        BadInput: no picture folder, or one with sheets only.
    """
    rows = read_rows(folder)
    raw = _raw_boxes(rows, folder, faces, out / "faces.json", find_faces, progress)
    boxes = face_boxes(rows, raw)

    def chosen(sheets: bool) -> PictureSet | None:
        kept = [index for index, row in enumerate(rows) if row.is_sheet == sheets]
        if not kept:
            return None
        part = [rows[index] for index in kept]
        latents = encode_pictures(base, folder, part, out, progress)
        faces_of: list[FaceBoxes] = [boxes[index] for index in kept]
        return PictureSet(
            base, latents, part, faces_of, variants=config.caption_variants, seed=config.seed
        )

    whole = chosen(sheets=False)
    if whole is None:
        raise BadInput(f"{folder}: holds sheets only; whole pictures are needed too")
    unseen = load_unseen(base, held_out, out, progress) if held_out else None
    return Corpus(whole, chosen(sheets=True), unseen)


def _raw_boxes(
    rows: Sequence[PictureRow],
    folder: Path,
    given: Path | None,
    own: Path,
    find_faces: FindFaces | None,
    progress: ProgressSink,
) -> RawBoxes:
    """Read the given file, or complete the run's own one; without a detector there are no boxes."""
    if given is not None:
        return read_boxes(given)
    if find_faces is not None:
        return find_missing(rows, folder, own, find_faces, progress)
    return read_boxes(own) if own.exists() else {}
