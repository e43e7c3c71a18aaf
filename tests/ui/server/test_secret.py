"""The studio's secret: made once, whole, readable by its owner only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools.errors import StorageFailed
from ui.server.secret import BYTES, NAME, read_secret


def test_it_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    secret = read_secret(tmp_path)
    assert len(secret) == BYTES
    assert read_secret(tmp_path) == secret
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_two_studios_have_two(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    assert read_secret(tmp_path / "a") != read_secret(tmp_path / "b")


def test_all_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(read_secret, [tmp_path] * 16))
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("content", ["", "words", "ab" * (BYTES - 1), "ab" * (BYTES + 1)])
def test_a_file_that_is_none_is_said_and_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content)
    with pytest.raises(StorageFailed, match="delete it to make a new one"):
        read_secret(tmp_path)
    assert (tmp_path / NAME).read_text() == content


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot use"):
        read_secret(tmp_path / "nowhere")
