"""Sets are written as image folders and read back; foreign folders are read leniently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tools.contracts.model import Box
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import SetImage, Tilt
from tools.errors import BadInput
from tools.imaging.pictures import picture_digest, save_picture
from tools.references.folder import METADATA, read_folder, write_folder

CAST = Path(__file__).parents[2] / "data" / "cast"


def stored(folder: Path, number: int) -> Path:
    path = folder / "store" / f"{number}.bin"
    save_picture(Image.new("RGB", (8, 8), (number, 0, 0)), path)
    return path


def reference(number: int, **fields: object) -> SetImage:
    base = SetImage(
        file=f"{number:02d}.png",
        digest=f"{number:064x}",
        layer=Layer.CLOSE_UP,
        caption=f"SAME Zoë: number {number}",
        framing=Framing.CLOSE_UP,
        view=View.THREE_QUARTER_LEFT,
        expression=Expression.FEARFUL,
        tilt=Tilt.UP,
        light="neon light",
        place="forest",
        person=Box(left=0, top=0, right=4, bottom=8),
        seed=9,
        csfd=0.04,
    )
    return base.model_copy(update=fields)


def rows(folder: Path) -> list[dict[str, object]]:
    text = (folder / METADATA).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    images = [(reference(n), stored(tmp_path, n)) for n in (1, 2)]
    images.append((reference(3, dropped="blurred"), stored(tmp_path, 3)))
    write_folder(images, tmp_path / "set")
    read = read_folder(tmp_path / "set").images
    assert [image.path.name for image in read] == ["01.png", "02.png"]
    first = read[0]
    assert first.caption == "SAME Zoë: number 1"
    assert (first.layer, first.framing, first.view) == (
        Layer.CLOSE_UP,
        Framing.CLOSE_UP,
        View.THREE_QUARTER_LEFT,
    )
    assert (first.expression, first.tilt) == (Expression.FEARFUL, Tilt.UP)
    assert (first.light, first.place) == ("neon light", "forest")
    with Image.open(first.path) as picture:
        assert picture_digest(picture) == picture_digest(Image.new("RGB", (8, 8), (1, 0, 0)))


def test_lines_carry_every_known_field_and_no_empty_one(tmp_path: Path) -> None:
    write_folder([(reference(1, view=None), stored(tmp_path, 1))], tmp_path / "set")
    (row,) = rows(tmp_path / "set")
    assert list(row)[:2] == ["file_name", "text"]
    assert "view" not in row
    assert "dropped" not in row
    assert (row["seed"], row["csfd"], row["layer"]) == (9, 0.04, "close-up")


def test_writing_again_replaces_and_strangers_are_refused(tmp_path: Path) -> None:
    images = [(reference(1), stored(tmp_path, 1))]
    write_folder(images, tmp_path / "set")
    write_folder([(reference(1, caption="new"), stored(tmp_path, 1))], tmp_path / "set")
    assert rows(tmp_path / "set")[0]["text"] == "new"
    save_picture(Image.new("RGB", (8, 8)), tmp_path / "set" / "other.png")
    with pytest.raises(BadInput, match=r"holds other pictures \(other\.png\); empty it first"):
        write_folder(images, tmp_path / "set")


def test_nothing_to_write_and_names_used_twice_are_refused(tmp_path: Path) -> None:
    dropped = [(reference(1, dropped="x"), stored(tmp_path, 1))]
    with pytest.raises(BadInput, match="no image that is not dropped"):
        write_folder(dropped, tmp_path / "set")
    twice = [(reference(1), stored(tmp_path, 1)), (reference(1), stored(tmp_path, 2))]
    with pytest.raises(BadInput, match="used twice"):
        write_folder(twice, tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("name", ["../evil.png", "a/b.png", ".hidden.png", "", "a\\b.png"])
def test_a_set_cannot_write_outside_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="file"):
        SetImage(file=name, digest="0" * 64, layer=Layer.CLOSE_UP)


def test_the_cast_is_understood(tmp_path: Path) -> None:
    read = read_folder(CAST).images
    assert len(read) == 160
    assert all(image.caption and image.framing and image.view for image in read)
    assert all(image.expression and image.light and image.place for image in read)
    assert read[1].view is View.THREE_QUARTER_LEFT
    assert read[0].expression is Expression.NEUTRAL


def test_pictures_without_metadata_have_no_caption(tmp_path: Path) -> None:
    save_picture(Image.new("RGB", (8, 8)), tmp_path / "a.png")
    save_picture(Image.new("RGB", (8, 8)), tmp_path / "b.png")
    (tmp_path / METADATA).write_text('{"file_name": "b.png", "text": " ", "view": "odd"}\n\n')
    read = read_folder(tmp_path).images
    assert [(image.caption, image.view) for image in read] == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{broken", "metadata.jsonl line 1: not a JSON object"),
        ("[1]", "line 1: expected a JSON object with file_name"),
        ('{"text": "x"}', "line 1: expected a JSON object with file_name"),
        ('{"file_name": 3}', "line 1: expected a JSON object with file_name"),
        ('{"file_name": "gone.png"}', "not in the folder: gone.png"),
        ('{"file_name": "../a.png"}', r"not in the folder: \.\./a.png"),
        ('{"file_name": "a.png"}\n{"file_name": "a.png"}', "line 2: a.png is named twice"),
        (b"\xff\xfe".decode("latin-1"), "line 1: not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_broken_metadata_is_bad_input_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    save_picture(Image.new("RGB", (8, 8)), tmp_path / "a.png")
    (tmp_path / METADATA).write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=message):
        read_folder(tmp_path)


def test_a_missing_or_empty_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        read_folder(tmp_path / "absent")
    with pytest.raises(BadInput, match=r"no PNG, JPEG, HEIC, .* picture in it"):
        read_folder(tmp_path)
    (tmp_path / "IMG_1.CR2").write_bytes(b"")
    with pytest.raises(BadInput, match=r"picture in it; it holds IMG_1\.CR2"):
        read_folder(tmp_path)


def picture(folder: Path, *names: str) -> None:
    for name in names:
        save_picture(Image.new("RGB", (8, 8)), folder / name)


def test_a_text_file_beside_a_picture_is_its_caption(tmp_path: Path) -> None:
    picture(tmp_path, "01.png", "02.png", "03.png", "04.png")
    (tmp_path / "01.txt").write_bytes("\ufeffZoë, in a hall\r\nat night\n".encode())
    (tmp_path / "02.TXT").write_text(" \n")
    (tmp_path / "03.caption").write_text("an older way")
    (tmp_path / "04.caption").write_text("old")
    (tmp_path / "04.txt").write_text("new")
    read = read_folder(tmp_path)
    assert [image.caption for image in read.images] == [
        "Zoë, in a hall at night",
        None,
        "an older way",
        "new",
    ]
    assert read.others == ("04.caption",)


def test_a_line_of_the_metadata_wins_over_a_text_file(tmp_path: Path) -> None:
    picture(tmp_path, "01.png", "02.png", "03.png")
    for name in ("01", "02", "03"):
        (tmp_path / f"{name}.txt").write_text(f"text {name}")
    lines = ['{"file_name": "01.png", "text": "line"}', '{"file_name": "02.png", "shot": "wide"}']
    (tmp_path / METADATA).write_text("\n".join(lines))
    read = read_folder(tmp_path)
    assert [image.caption for image in read.images] == ["line", "text 02", "text 03"]
    assert read.others == ()


def test_captions_that_are_no_text_are_named_together(tmp_path: Path) -> None:
    picture(tmp_path, "01.png", "02.png", "03.png")
    (tmp_path / "01.txt").write_bytes(b"caf\xe9")
    (tmp_path / "02.txt").write_text("right")
    (tmp_path / "03.txt").write_bytes(b"fine\n\xff\xfe")
    with pytest.raises(BadInput, match=r"01\.txt, line 1: not UTF-8.*; 03\.txt, line 2: not UTF-8"):
        read_folder(tmp_path)


def test_what_is_neither_picture_nor_caption_is_named_and_a_computers_own_is_not(
    tmp_path: Path,
) -> None:
    picture(tmp_path, "01.png")
    for name in ("notes.txt", "IMG_1.CR2", ".DS_Store", "Thumbs.db", "desktop.ini", "._01.png"):
        (tmp_path / name).write_bytes(b"")
    for name in ("more", "__MACOSX"):
        (tmp_path / name).mkdir()
    read = read_folder(tmp_path)
    assert [image.path.name for image in read.images] == ["01.png"]
    assert read.others == ("IMG_1.CR2", "more/", "notes.txt")
