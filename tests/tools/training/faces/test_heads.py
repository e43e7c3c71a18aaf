from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.training.faces.conftest import face_at
from tools.contracts.progress import Progress
from tools.errors import BadInput
from tools.training.faces.heads import Head, find_heads, heads_of
from tools.training.pretrain.rows import PictureRow, read_rows


def row(
    name: str, view: str = "frontal", framing: str = "close-up", kind: str = "single"
) -> PictureRow:
    return PictureRow(name, "a man", kind=kind, framing=framing, view=view, person="1")


def test_a_profile_is_guessed_on_the_side_to_which_it_looks() -> None:
    rows = [row(f"{n}") for n in range(5)] + [row("l", "left profile"), row("r", "right profile")]
    found = {f"{n}": [face_at(118 + 5 * n, 130, 100)] for n in range(5)}
    *seen, (left,), (right,) = heads_of(rows, found)
    assert all(heads[0].sure and len(heads[0].points) == 5 for heads in seen)
    assert left.x == pytest.approx(140)
    assert right.x == pytest.approx(116)
    assert left.y == right.y == pytest.approx(126)
    assert left.sure, "a steady camera's guess teaches as a find does"
    assert left.side == pytest.approx(100)


def test_nothing_is_guessed_from_too_few_nor_for_two_people() -> None:
    rows = [row(f"{n}") for n in range(4)] + [row("l", "left profile"), row("p", kind="pair")]
    found = {f"{n}": [face_at(128, 130, 100)] for n in range(4)}
    assert heads_of(rows, found)[-2:] == [(), ()]


def test_a_lone_person_has_one_head_whatever_was_found() -> None:
    found = {"0": [face_at(100, 100, 50), face_at(30, 30, 50)]}
    assert len(heads_of([row("0")], found)[0]) == 1
    assert len(heads_of([row("0", kind="pair")], found)[0]) == 2


def test_a_mirrored_face_has_its_eyes_in_the_same_order() -> None:
    head = Head(0, 0, 1, sure=True, points=((1, 0), (2, 0), (3, 0), (4, 0), (5, 0)))
    assert head.mirrored_points == ((3, 0), (4, 0), (1, 0), (2, 0), (5, 0))
    assert Head(0, 0, 1, sure=False).mirrored_points == ()


def test_what_was_found_is_kept_and_not_looked_for_again(folder: Path, tmp_path: Path) -> None:
    rows, told, looked = read_rows(folder), list[Progress](), list[object]()

    def read(picture: object, boxes: object) -> list[object]:
        looked.append((picture, boxes))
        return [face_at(100, 110, 80)]

    path = tmp_path / "heads.json"
    first = find_heads(rows, folder, path, read, None, told.append)  # type: ignore[arg-type]
    assert len(looked) == len(rows)
    assert told[-1].done == told[-1].total == len(rows)
    assert find_heads(rows, folder, path, read, None, told.append) == first  # type: ignore[arg-type]
    assert len(looked) == len(rows)


def test_a_fractional_box_is_a_guess_and_does_not_count(folder: Path, tmp_path: Path) -> None:
    rows, asked = read_rows(folder)[:2], list[int]()

    def read(picture: object, boxes: list[object] | None) -> list[object]:
        assert boxes is not None
        asked.append(len(boxes))
        return [face_at(100, 110, 80)]

    given = {
        rows[0].file_name: [(60, 70, 140, 150)],
        rows[1].file_name: [(60.5, 70.0, 140.0, 150.0)],
    }
    found = find_heads(rows, folder, tmp_path / "heads.json", read, given, lambda _: None)  # type: ignore[arg-type]
    assert asked == [1]
    assert found[rows[1].file_name] == ()


def test_a_file_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "heads.json").write_text('{"a.png": [[1, 2]]}')
    with pytest.raises(BadInput, match="not a file of found heads"):
        find_heads(
            read_rows(folder), folder, tmp_path / "heads.json", lambda *_: [], None, lambda _: None
        )
