"""A LoRA from elsewhere: taken, listed, or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

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
