from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from tools.contracts.model import Box
from tools.contracts.progress import Progress, ignore_progress
from tools.errors import BadInput
from tools.training.pretrain.faces import face_boxes, find_missing, read_boxes
from tools.training.pretrain.rows import PictureRow, read_rows


def row(
    name: str, framing: str = "close-up", view: str = "frontal", kind: str = "single"
) -> PictureRow:
    return PictureRow(file_name=name, text="photo", kind=kind, framing=framing, view=view)


def test_boxes_of_whole_numbers_are_detections_and_fractions_guesses() -> None:
    seen, guessed = face_boxes(
        [row("a"), row("b")], {"a": [[10, 20, 30, 40]], "b": [[10.5, 20.0, 30.0, 40.0]]}
    )
    assert seen.found
    assert not guessed.found
    assert guessed.boxes[0].left == 10.5


def test_a_picture_without_a_detection_gets_the_mean_of_its_framing_and_view() -> None:
    rows = [row(str(index)) for index in range(6)]
    raw = {str(index): [[10 + index, 20, 30 + index, 40]] for index in range(5)}
    result = face_boxes(rows, {**raw, "5": []})[5]
    assert not result.found
    assert result.boxes == (Box(left=12, top=20, right=32, bottom=40),)


def test_a_rare_view_falls_back_on_its_framing_and_a_rare_framing_on_nothing() -> None:
    rows = [row(str(index)) for index in range(5)]
    rows += [row("profile", view="left profile"), row("far", framing="full-body shot")]
    raw = {str(index): [[10, 20, 30, 40]] for index in range(5)}
    *_, profile, far = face_boxes(rows, raw)
    assert profile.boxes == (Box(left=10, top=20, right=30, bottom=40),)
    assert far.boxes == ()


def test_pairs_and_sheets_get_no_mean_box_and_at_most_two_boxes() -> None:
    rows = [row(str(index)) for index in range(5)]
    rows += [row("pair", kind="pair"), row("sheet", kind="sheet")]
    raw = {str(index): [[10, 20, 30, 40]] for index in range(5)}
    *_, pair, sheet = face_boxes(rows, {**raw, "sheet": [[1, 2, 3, 4]] * 6})
    assert pair.boxes == ()
    assert len(sheet.boxes) == 2


def test_missing_boxes_are_found_kept_and_not_looked_for_again(
    pictures: Path, tmp_path: Path
) -> None:
    asked: list[int] = []

    def find(images: Sequence[Image.Image]) -> list[list[Box]]:
        asked.append(len(images))
        return [[Box(left=1.4, top=2, right=30.6, bottom=40)] for _ in images]

    rows, path, told = read_rows(pictures), tmp_path / "faces.json", list[Progress]()
    found = find_missing(rows, pictures, path, find, told.append)
    assert found["single_0.png"] == [(1, 2, 31, 40)]
    assert read_boxes(path) == found
    assert told[-1].done == told[-1].total == 12
    find_missing(rows, pictures, path, find, ignore_progress)
    assert asked == [12]


@pytest.mark.parametrize("content", ["no json", "[]", json.dumps({"a": [[1, 2, 3]]})])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "faces.json"
    path.write_text(content)
    with pytest.raises(
        BadInput, match=r"faces.json: expected JSON with \[left, top, right, bottom\]"
    ):
        read_boxes(path)
