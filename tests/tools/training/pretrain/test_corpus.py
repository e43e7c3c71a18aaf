"""Pictures by size, with the boxes that were given, found, or kept from before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tools.contracts.progress import ignore_progress
from tools.errors import BadInput
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.corpus import Corpus, load_corpus
from tools.training.pretrain.parts import Base

CONFIG = PretrainConfig(steps=1)


def load(base: Base, folder: Path, out: Path, faces: Path | None = None, **more: object) -> Corpus:
    return load_corpus(base, folder, out, CONFIG, faces, None, None, ignore_progress, **more)


def test_sheets_are_kept_apart_from_whole_pictures(
    base: Base, pictures: Path, tmp_path: Path
) -> None:
    corpus = load(base, pictures, tmp_path, pictures / "faces.json")
    assert corpus.sheets is not None
    assert len(corpus.whole) == 10
    assert len(corpus.sheets) == 2
    assert corpus.unseen is None


def without(folder: Path, pictures: Path, kind: str) -> Path:
    """The pictures less those of a kind."""
    shutil.copytree(pictures, folder)
    rows = [json.loads(line) for line in (pictures / "metadata.jsonl").read_text().splitlines()]
    kept = [json.dumps(row) for row in rows if (row["kind"] == "sheet") != (kind == "sheet")]
    (folder / "metadata.jsonl").write_text("\n".join(kept) + "\n")
    return folder


def test_a_folder_without_sheets_has_none(base: Base, pictures: Path, tmp_path: Path) -> None:
    folder = without(tmp_path / "p", pictures, "sheet")
    assert load(base, folder, tmp_path / "out").sheets is None


def test_a_folder_of_sheets_only_is_refused(base: Base, pictures: Path, tmp_path: Path) -> None:
    folder = without(tmp_path / "p", pictures, "single")
    with pytest.raises(BadInput, match="holds sheets only; whole pictures are needed too"):
        load(base, folder, tmp_path / "out")


def test_a_file_of_boxes_that_is_given_must_be_there(
    base: Base, pictures: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.json"):
        load(base, pictures, tmp_path, tmp_path / "nowhere.json")
