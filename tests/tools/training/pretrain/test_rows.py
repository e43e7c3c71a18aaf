from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import BadInput
from tools.training.pretrain.rows import read_rows


def test_rows_keep_order_and_default_to_one_person(tmp_path: Path) -> None:
    for name in ("b.png", "a.png"):
        (tmp_path / name).touch()
    (tmp_path / "metadata.jsonl").write_text(
        '{"file_name": "b.png", "text": "sheet", "kind": "sheet", "person": 4}\n\n'
        '{"file_name": "a.png", "text": "photo", "shot": "close-up", "view": "frontal"}\n'
    )
    sheet, single = read_rows(tmp_path)
    assert sheet.is_sheet
    assert (single.kind, single.framing, single.view) == ("single", "close-up", "frontal")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "metadata.jsonl:1: not JSON"),
        ('{"file_name": "a.png"}', "metadata.jsonl:1: expected an object with file_name and text"),
        ("[1]", "expected an object with file_name and text"),
        ("\n", "holds no pictures"),
        ('{"file_name": "a.png", "text": "photo"}', "1 pictures are missing, first a.png"),
    ],
)
def test_bad_metadata_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "metadata.jsonl").write_text(content)
    with pytest.raises(BadInput, match=message):
        read_rows(tmp_path)


def test_a_folder_without_metadata_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"expected a metadata.jsonl with file_name and text"):
        read_rows(tmp_path)
