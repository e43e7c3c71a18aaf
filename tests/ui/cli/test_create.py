from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import FinishedDemo
from tests.support.micro_studio import BRIEF, run_cli

MARA = "Mara is a young woman with red hair and green eyes. She hums under her breath."


def test_words_become_a_character(tmp_path: Path) -> None:
    run = run_cli("create", MARA, "--json", home=tmp_path)
    assert run.code == 0
    assert run.json.keys() == {
        "character_id",
        "name",
        "trigger",
        "production",
        "identity_block",
        "subject",
        "free_words",
        "replaced",
        "left_out",
    }
    assert run.json["name"] == "Mara"
    assert run.json["production"] == "studio"
    assert run.json["identity_block"] == "red hair, green eyes"
    assert "hums" in " ".join(run.json["free_words"])


def test_what_the_base_does_not_know_is_told_to_people(tmp_path: Path) -> None:
    brief = "A wiry night-shift nurse in her fifties, salt-and-pepper crop, burn mark on the jaw"
    run = run_cli("create", brief, "--name", "Ruth", home=tmp_path)
    assert run.code == 0
    assert run.out.startswith("Ruth, ")
    assert "identity block: " in run.out
    assert "is not known to the base" in run.out or "left out of prompts" in run.out


def test_a_garment_that_the_base_draws_otherwise_is_told_in_one_line(tmp_path: Path) -> None:
    run = run_cli("create", "Bo is a young man in a brown coat", home=tmp_path)
    said = "wardrobe: “brown coat”: this base draws a jacket for it; the block says “brown sweater”"
    assert [line.strip() for line in run.out.splitlines()].count(said) == 1


def test_the_same_brief_again_is_the_same_character(tmp_path: Path) -> None:
    first, second = (run_cli("create", MARA, "--json", home=tmp_path).json for _ in range(2))
    assert first == second


def test_another_brief_of_the_same_name_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    first = run_cli("create", MARA, "--json", home=tmp_path).json
    other = run_cli("create", "Mara is an old woman with grey hair", home=tmp_path)
    assert (other.code, other.error) == (
        2,
        "a character named 'Mara' exists; choose another name",
    )
    assert run_cli("create", MARA, "--json", home=tmp_path).json == first
    in_another = run_cli(
        "create", "Mara is an old woman", "--production", "other", "--json", home=tmp_path
    )
    assert in_another.code == 0


def test_a_yaml_brief_is_read_and_may_be_renamed(tmp_path: Path) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(BRIEF)
    run = run_cli("create", "--file", brief, "--name", "Dario", "--json", home=tmp_path / "home")
    assert run.code == 0
    assert run.json["name"] == "Dario"
    assert "short black hair" in run.json["identity_block"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([""], "the brief is empty; say who the character is"),
        (["  \n "], "the brief is empty; say who the character is"),
        (["Mara is bald with long red hair"], "the brief contradicts itself: 'bald' and 'long red"),
        ([], "give the brief either in words or as --file"),
        ([MARA, "--file", "brief.yaml"], "give the brief either in words or as --file"),
        (["--file", "nothing.yaml"], "nothing.yaml: cannot be read"),
        ([MARA, "--name", "1st"], "the brief does not fit: name"),
        ([MARA, "--base", "sdxxl"], "no base named 'sdxxl'; known: maquette, sdxl, flux-schnell"),
        (["--from", "nothing.zip"], "nothing.zip: not a readable bundle"),
    ],
)
def test_a_brief_that_cannot_be_used_is_bad_input(
    tmp_path: Path, words: list[str], said: str
) -> None:
    run = run_cli("create", *words, home=tmp_path)
    assert run.code == 2
    assert said in run.error
    assert run.out == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "brief.yaml: expected 'slot: words' lines"),
        ("- one", "brief.yaml: expected 'slot: words' lines"),
        ("name: Mara\nmood: good", "brief.yaml: mood: Extra inputs are not permitted"),
        ("name: [", "brief.yaml: not YAML"),
        ("name: Mara\nwords: bald with long red hair", "contradicts itself"),
    ],
)
def test_a_yaml_brief_that_cannot_be_used_is_bad_input(
    tmp_path: Path, text: str, said: str
) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(text)
    run = run_cli("create", "--file", brief, home=tmp_path / "home")
    assert run.code == 2
    assert said in run.error


def test_a_bundle_from_another_studio_opens(tmp_path: Path, finished_demo: FinishedDemo) -> None:
    run = run_cli("create", "--from", finished_demo.bundle, "--json", home=tmp_path)
    assert run.code == 0
    assert run.json["name"] == "Daro"
    assert (run.json["references"], run.json["lora_version"], run.json["takes"]) == (6, 1, 3)
    again = run_cli("create", "--from", finished_demo.bundle, home=tmp_path)
    assert again.code == 2
    told = run_cli("create", "--from", finished_demo.bundle, "--production", "b", home=tmp_path)
    assert told.out == "Daro: 6 references, LoRA v1\n"


@pytest.mark.slow
def test_an_opened_bundle_can_be_shot_with(
    tmp_path: Path, finished_demo: FinishedDemo, micro_folder: Path, one_thread: None
) -> None:
    home, out = tmp_path / "home", tmp_path / "takes"
    run_cli("create", "--from", finished_demo.bundle, home=home)
    without_base = run_cli(
        "shoot", "Daro", finished_demo.inputs.shots, "--base", "micro", "--out", out, home=home
    )
    assert without_base.code == 2
    assert "no base named 'micro'" in without_base.error

    run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=home)
    shots = tmp_path / "shots.yaml"
    shots.write_text("- {slate: 7A, framing: full-body shot, light: moonlight}")
    run = run_cli("shoot", "Daro", shots, "--base", "micro", "--out", out, "--json", home=home)
    assert run.code == 0
    (take,) = run.json["takes"]
    assert take["take"] == "7A T1"
    assert take["prompt"].endswith("; lit by soft window light")
    assert (out / "7A_T1.png").is_file()
    assert (out / "7A_T1.json").is_file()
