"""One list says which files are pictures, and one what computers leave beside them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from PIL import Image

from tools.errors import BadPicture
from tools.imaging.files import FORMATS, is_left_by_computer, sort_folder
from tools.imaging.pictures import decode_picture, encode_png

LITTER = (".DS_Store", "Thumbs.db", "desktop.ini", "._IMG_0.HEIC", "@eaDir")


def test_tells_pictures_by_name_from_everything_else(tmp_path: Path) -> None:
    pictures = ["a.webp", "b.PNG", "c.jpeg", "d.HEIC", "e.jfif", "f.tif", "g.avif", "h.gif"]
    for name in (*pictures, ".hidden.png", "notes.txt", "raw.CR2", *LITTER):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    found = sort_folder(tmp_path)
    assert [path.name for path in found.pictures] == pictures
    assert [path.name for path in found.others] == ["folder.png", "notes.txt", "raw.CR2"]


def test_every_format_of_the_list_is_one_that_is_opened() -> None:
    decode_picture(encode_png(Image.new("RGB", (8, 8))), "teaches Pillow all of them")
    known = Image.registered_extensions()
    for form, suffixes in FORMATS.items():
        assert {known[suffix] for suffix in suffixes} == {form}


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("__MACOSX/references/._01.png", True),
        ("takes/.DS_Store", True),
        ("THUMBS.DB", True),
        ("references/._01.png", True),
        ("references/01.png", False),
        ("references/.01.png", False),
        ("my__MACOSX/01.png", False),
    ],
)
def test_what_a_computer_leaves_is_known_in_any_folder(path: str, left: bool) -> None:
    assert is_left_by_computer(PurePosixPath(path)) is left


def test_a_folder_that_cannot_be_listed_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="gone: cannot be read"):
        sort_folder(tmp_path / "gone")
