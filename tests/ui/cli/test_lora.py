"""A LoRA from elsewhere: taken, listed, or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.conftest import FinishedDemo
from tests.support.micro_studio import run_cli


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A studio in which Daro has a brief and no picture."""
    home = tmp_path_factory.mktemp("home")
    run_cli("create", "Daro is a man", home=home)
    return home


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.safetensors"
    save_file({"lora_unet_middle_block_1_proj_in.lora_down.weight": torch.ones(2, 4)}, path)
    return path


def test_a_character_without_pictures_has_nothing_to_hold_takes_against(
    home: Path, theirs: Path
) -> None:
    run = run_cli("lora", "add", theirs, "Daro", home=home)
    assert run.code == 2
    assert "Daro has no reference set yet; run `samecast references Daro`" in run.error


def test_an_unknown_base_is_refused(home: Path, theirs: Path) -> None:
    run = run_cli("lora", "add", theirs, "Daro", "--base", "sdxxl", home=home)
    assert run.code == 2
    assert "no base named 'sdxxl'" in run.error


def test_a_character_without_versions_has_an_empty_list(home: Path) -> None:
    run = run_cli("lora", "list", "Daro", "--json", home=home)
    assert (run.code, json.loads(run.out)) == (0, [])


def test_a_runs_own_kohya_file_comes_back_as_another_version(
    tmp_path: Path, finished_demo: FinishedDemo, micro_folder: Path, one_thread: None
) -> None:
    run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=tmp_path)
    run_cli("create", "--from", finished_demo.bundle, home=tmp_path)
    (kohya,) = (finished_demo.out / "lora").glob("*_kohya.safetensors")
    run = run_cli("lora", "add", kohya, "Daro", "--base", "micro", "--json", home=tmp_path)
    assert run.code == 0, run.err
    added = json.loads(run.out)
    assert (added["version"], added["architecture"], added["trained_on"]) == (2, "sdxl", "micro")
    assert added["lineage"].startswith(f"brought in from {kohya.name}, sha256 ")
    listed = run_cli("lora", "list", "Daro", "--base", "micro", "--json", home=tmp_path)
    first, second = json.loads(listed.out)
    assert (first["lineage"], first["in_use"], second["in_use"]) == (None, False, True)
    assert (first["architecture"], first["trained_on"]) == ("sdxl", "micro")
    assert second["delta_rms"] == pytest.approx(first["delta_rms"], rel=1e-3)
    told = run_cli("lora", "add", kohya, "Daro", "--base", "micro", home=tmp_path)
    assert "LoRA v2 of Daro for micro (sdxl), trained on micro" in told.out
    assert "Licence: not known; ask whoever made it" in told.out
