"""Training that cannot be is bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.micro_studio import run_cli


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A studio in which Daro has a brief and no picture."""
    home = tmp_path_factory.mktemp("home")
    run_cli("create", "Daro is a man", home=home)
    return home


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Daro has no reference set yet; run `samecast references Daro`"),
        (["--base", "sdxxl"], "no base named 'sdxxl'"),
        (["--production", "other"], "no character named 'Daro'; there are: none yet"),
    ],
)
def test_it_says_why(home: Path, words: list[str], said: str) -> None:
    run = run_cli("train", "Daro", *words, home=home)
    assert run.code == 2
    assert said in run.error


@pytest.mark.parametrize("words", [["--steps", "0"], ["--regularisation", "401"]])
def test_numbers_out_of_range_are_bad_input(home: Path, words: list[str]) -> None:
    run = run_cli("train", "Daro", *words, home=home)
    assert run.code == 2
    assert "Invalid value" in run.err
    assert words[0] in run.err
