"""Text that people hand in as files: byte order marks, other encodings, line ends, YAML that stays text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import BadInput
from tools.textfiles import lines_of, read_text_file, text_of, yaml_of


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "script.txt"
    path.write_bytes("\ufeffMeet Ruth\r\nRuth is older\r\n".encode())
    assert read_text_file(path) == "Meet Ruth\nRuth is older\n"


def test_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(
        BadInput, match=r"script\.txt, line 2: not UTF-8 text; save the file as UTF-8"
    ):
        text_of("Meet Ruth\nat the café\n".encode("cp1252"), "script.txt")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.txt: cannot be read"):
        read_text_file(tmp_path / "none.txt")


def test_only_a_line_feed_ends_a_line() -> None:
    text = '\ufeff{"text": "a\u2028b\x85c"}\n\n{"text": "d"}\r\n'
    assert [*lines_of(text)] == [(1, '{"text": "a\u2028b\x85c"}'), (3, '{"text": "d"}')]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("012", "012"),
        ("12", 12),
        ("1:30", "1:30"),
        ("1E2", "1E2"),
        ("no", "no"),
        ("true", True),
        ("2024-05-01", "2024-05-01"),
        ("0.5", 0.5),
        ("~", None),
        ("'12'", "12"),
    ],
)
def test_scalars_that_stay_as_they_were_written(text: str, value: object) -> None:
    assert yaml_of(f"slate: {text}") == {"slate": value}
