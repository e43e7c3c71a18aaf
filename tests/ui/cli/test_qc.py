"""What QC is asked against."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.micro_studio import copy_frames, run_cli


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A studio in which Daro has a brief and no set."""
    run_cli("create", "Daro is a man", home=tmp_path / "home")
    return tmp_path / "home"


def test_qc_against_nobody_is_bad_input(home: Path, tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "own", 2, (0,))
    run = run_cli("qc", folder, "--against", "Nobody", home=home)
    assert run.code == 2
    assert "no character named 'Nobody'; there are: Daro" in run.error


def test_qc_against_somebody_without_a_set_says_how_to_make_one(home: Path, tmp_path: Path) -> None:
    run = run_cli("qc", tmp_path, "--against", "Daro", home=home)
    assert run.code == 2
    assert "Daro has no reference set yet; run `samecast references Daro`" in run.error
