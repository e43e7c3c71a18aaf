"""Training that cannot be is bad input."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--preset", "slow"], "no training preset 'slow'; there are fast and paper"),
        (["--base", "sdxxl"], "no base named 'sdxxl'"),
        (["--production", "other"], "no character named 'Daro'; there are: none yet"),
    ],
)
def test_training_that_cannot_be_is_bad_input(daro: Daro, words: list[str], said: str) -> None:
    run = daro.run("train", "Daro", *words)
    assert run.code == 2
    assert said in run.error
