from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.endpoint_table import LOCAL
from tests.support.hub import Hub, served
from tests.support.micro_studio import run_cli


@pytest.fixture
def folder(micro_folder: Path, tmp_path: Path) -> Path:
    """A copy of a base that a test may break."""
    return Path(shutil.copytree(micro_folder, tmp_path / "base"))


def test_the_table_says_which_bases_can_be_used(tmp_path: Path) -> None:
    run = run_cli("base", "list", "--json", home=tmp_path)
    assert run.code == 0
    status = {base["name"]: base for base in run.json}
    assert tuple(status) == LOCAL
    assert status["maquette"]["usable"]
    assert not status["sdxl"]["usable"]
    assert "samecast base add sdxl" in status["sdxl"]["how_to"]
    told = run_cli("base", "list", home=tmp_path)
    assert "not installed" in told.out


def test_a_folder_becomes_a_base(tmp_path: Path, micro_folder: Path) -> None:
    added = run_cli(
        "base", "add", "micro", micro_folder, "--like", "maquette", "--json", home=tmp_path
    )
    assert added.code == 0
    assert (added.json["name"], added.json["architecture"]) == ("micro", "sdxl")
    listed = run_cli("base", "list", "--json", home=tmp_path).json
    assert [base["name"] for base in listed if base["usable"]] == ["maquette", "micro"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sdxl", "/nowhere/at/all"], "nor a hub id of the form owner/name"),
        (["Bad Name", "{folder}"], "'Bad Name' cannot name a base"),
        (["mine", "{folder}", "--like", "sdxxl"], "no row named 'sdxxl'; known: maquette, sdxl"),
        (
            ["mine", "{folder}", "--like", "flux-schnell"],
            "is of the sdxl architecture, but flux-schnell",
        ),
        (["mine", "{folder}/model_index.json"], "not a whole safetensors file"),
        (["mine", "{folder}/unet"], "no model_index.json; give a diffusers folder"),
    ],
)
def test_what_cannot_be_a_base_is_bad_input(
    tmp_path: Path, folder: Path, words: list[str], said: str
) -> None:
    filled = [word.format(folder=folder) for word in words]
    run = run_cli("base", "add", *filled, home=tmp_path / "home")
    assert run.code == 2
    assert said in run.error
    assert not (tmp_path / "home" / "bases").exists()


def test_what_is_set_otherwise_is_kept_and_the_terms_are_said(
    tmp_path: Path, micro_folder: Path
) -> None:
    words = ("base", "add", "mine", micro_folder, "--like", "maquette")
    own = ("--steps", "7", "--guidance", "2.5", "--sampler", "dpm++ sde Karras")
    added = run_cli(*words, *own, home=tmp_path)
    assert added.out.splitlines()[-2:] == [
        "mine: mine (as maquette); not known here; see its model card; ask before commercial use",
        "Draws in 7 steps at guidance 2.5 by dpm++ sde Karras.",
    ]
    unknown = run_cli(*words, "--sampler", "magic", home=tmp_path)
    assert unknown.code == 2
    assert "no sampler 'magic'; known: dpmsolver++ 2M Karras, dpm++ sde Karras" in unknown.error


def test_the_list_says_the_licences(tmp_path: Path) -> None:
    told = {each["name"]: each for each in run_cli("base", "list", "--json", home=tmp_path).json}
    assert told["maquette"]["licence"] == "CC0-1.0; commercial use allowed"
    assert "ask before commercial use" in told["sdxl"]["licence"]


def test_a_hub_that_does_not_have_it_fails_in_one_line(tmp_path: Path) -> None:
    with served(Hub({"model_index.json": b"{}"})) as hub:
        failed = run_cli("base", "add", "mine", "owner/x", home=tmp_path, SAMECAST_HUB=hub.address)
    assert failed.code == 1
    assert "owner/x could not be downloaded" in failed.error


def test_pickled_weights_are_never_a_base(tmp_path: Path, folder: Path) -> None:
    weights = next((folder / "unet").glob("*.safetensors"))
    weights.rename(weights.with_name("diffusion_pytorch_model.bin"))
    run = run_cli("base", "add", "mine", folder, home=tmp_path / "home")
    assert run.code == 2
    assert "unet: only pickled weights (diffusion_pytorch_model.bin)" in run.error


def test_the_maquette_is_replaced_by_its_own_architecture_only(
    tmp_path: Path, folder: Path
) -> None:
    from tools.backends.shipped import shipped_folder

    before = sorted(path.stat().st_mtime_ns for path in shipped_folder().rglob("*"))
    run = run_cli("base", "maquette", "--from", folder, home=tmp_path / "home")
    assert run.code == 2
    assert "is of another architecture than the maquette" in run.error
    nowhere = run_cli("base", "maquette", "--from", tmp_path / "nowhere", home=tmp_path / "home")
    assert nowhere.code == 2
    assert sorted(path.stat().st_mtime_ns for path in shipped_folder().rglob("*")) == before


def test_a_plan_is_said_with_its_arithmetic_for_a_card_that_is_not_here(tmp_path: Path) -> None:
    told = run_cli("base", "plan", "sdxl", "--card", "12", home=tmp_path)
    assert told.code == 0
    assert "sdxl, train: 10.4 of 11.5 GB free; 2 at a time, checkpointing" in told.out
    assert "  denoiser " in told.out
    listed = run_cli("base", "plan", "flux-schnell", "--card", "12", "--json", home=tmp_path).json
    assert [each["task"] for each in listed] == ["draw", "train"]
    assert listed[1]["plan"] is None
    assert "flux-schnell needs 14.8 GB to train" in listed[1]["refusal"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["flux-schnell"], 1, "base flux-schnell is not installed; run `samecast base add flux"),
        (["maquette"], 2, "maquette is trained without another adapter"),
        (["dalle"], 2, "no base named 'dalle'"),
    ],
)
def test_a_training_adapter_is_of_an_installed_base_that_has_one(
    tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    run = run_cli("base", "adapter", *words, home=tmp_path)
    assert run.code == code
    assert said in run.error
