from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tools.contracts.bundle import MemberPath
from tools.errors import BadInput
from tools.workflows.demo.demo import bundle_name
from tools.workflows.demo.finished_run import file_stem
from tools.workflows.demo.run_folder import FOLDERS, require_own
from tools.workflows.lora.train import _sweep


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9 _'-]{0,39}", fullmatch=True))
def test_any_lawful_name_gives_a_lawful_bundle_member(name: str) -> None:
    path = f"lora/{file_stem(name)}_v1_kohya.safetensors"
    assert TypeAdapter(MemberPath).validate_python(path) == path


def test_names_stay_readable() -> None:
    assert file_stem("Daro") == "daro"
    assert file_stem("Mara O'Brien") == "mara_o_brien"
    assert bundle_name("Mara Vale") == "mara_vale.samecast.zip"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_no_run_began_is_not_written_over(tmp_path: Path, name: str) -> None:
    studio = tmp_path / "studio"
    require_own(tmp_path, studio)
    (tmp_path / name).mkdir()
    with pytest.raises(BadInput, match="is not of a demo and would be overwritten; give another"):
        require_own(tmp_path, studio)
    studio.mkdir()
    require_own(tmp_path, studio)


def test_what_a_killed_training_left_half_written_is_swept(tmp_path: Path) -> None:
    kept, left = tmp_path / "regularisation" / "000.png", tmp_path / "run" / ".ab12.part"
    for path in (kept, left):
        path.parent.mkdir()
        path.write_bytes(b"x")
    _sweep(tmp_path)
    assert kept.exists()
    assert not left.exists()
