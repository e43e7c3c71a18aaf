"""A shoot that cannot be is bad input, and draws nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.micro_studio import run_cli
from tools.imaging.provenance import is_sketch


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A studio in which Daro has a brief and no adapter."""
    home = tmp_path_factory.mktemp("home")
    run_cli("create", "Daro is a man", home=home)
    return home


@pytest.mark.parametrize(
    ("words", "shots", "said"),
    [
        ([], "- {slate: 5A, framing: close-up}",
         "Daro has no LoRA for maquette yet; run `samecast train Daro`, or `samecast shoot --sketch`"),
        (["--version", "9"], "- {slate: 5A, framing: close-up}",
         "no LoRA v9 of this character; there are: none"),
        (["--sketch", "--version", "1"], "- {slate: 5A, framing: close-up}",
         "a sketch is drawn without a LoRA: leave out --version or --sketch"),
        (["--base", "sdxxl"], "- {slate: 5A, framing: close-up}", "no base named 'sdxxl'"),
    ],
)  # fmt: skip
def test_it_says_why(home: Path, tmp_path: Path, words: list[str], shots: str, said: str) -> None:
    file = tmp_path / "shots.yaml"
    file.write_text(shots)
    run = run_cli("shoot", "Daro", file, *words, "--out", tmp_path / "takes", home=home)
    assert run.code == 2
    assert said in run.error
    assert not (tmp_path / "takes").exists()


def test_nobodys_shots_are_not_drawn(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "shots.yaml"
    file.write_text("- {slate: 5A, framing: close-up}")
    run = run_cli("shoot", "Nobody", file, home=home)
    assert run.code == 2
    assert "no character named 'Nobody'; there are: Daro" in run.error


def test_a_sketch_is_drawn_and_says_what_it_is(
    tmp_path: Path, micro_folder: Path, one_thread: None
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=home)
    run_cli("create", "Daro is a man", home=home)
    file = tmp_path / "shots.yaml"
    file.write_text("- {slate: 5A, framing: close-up, light: candlelight}")
    words = ("shoot", "Daro", file, "--sketch", "--base", "micro", "--tries", "1", "--out", out)
    told = run_cli(*words, home=home)
    assert "sketches, in" in told.out
    assert "a sketch is never delivered, nor a reference" in " ".join(told.out.split())
    (taken,) = run_cli(*words, "--json", home=home).json["takes"]
    assert (taken["take"], taken["is_sketch"]) == ("5A T1", True)
    assert is_sketch((out / "5A_T1_sketch.png").read_bytes())
    assert (out / "5A_T1_sketch.json").is_file()
