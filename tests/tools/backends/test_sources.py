from __future__ import annotations

from pathlib import Path

import pytest

from tools.backends.sources import BaseSources
from tools.errors import BadInput


def test_a_folder_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()

    fetched = BaseSources().fetch(str(tmp_path / "model"), tmp_path / "place", half=True)

    assert fetched.folder == (tmp_path / "model").resolve()
    assert fetched.revision == ""
    assert not (tmp_path / "place").exists()


@pytest.mark.parametrize("source", ["nowhere", "/no/such.safetensors", "a/b/c"])
def test_what_is_no_source_says_what_is_one(tmp_path: Path, source: str) -> None:
    with pytest.raises(BadInput, match=r"neither a folder nor a \.safetensors file nor a hub id"):
        BaseSources().fetch(source, tmp_path / "place", half=True)
