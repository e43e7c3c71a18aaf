from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tools.backends.room import check_room
from tools.errors import StorageFailed


def test_what_fits_passes_also_where_the_folder_is_yet_to_be_made(tmp_path: Path) -> None:
    check_room(tmp_path / "not" / "yet", 1, "a byte")

    assert not (tmp_path / "not").exists()


def test_what_does_not_fit_says_needed_and_free_gigabytes(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    needed = re.escape(f"{(free + 10**13 + 10**9) / 1e9:.1f}")

    with pytest.raises(
        StorageFailed, match=rf"the base needs {needed} GB and the disk of .* GB free"
    ):
        check_room(tmp_path / "not", free + 10**13, "the base")


def test_nothing_is_asked_for_nothing(tmp_path: Path) -> None:
    check_room(tmp_path, 0, "nothing")

    assert list(tmp_path.iterdir()) == []
