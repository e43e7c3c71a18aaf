"""What a progress line says beside its numbers."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tools.contracts.progress import Progress


def line(**values: object) -> str:
    return Progress.model_validate({"stage": "draw", "done": 1, "total": 2, **values}).line


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s left"),
        (99.4, "99 s left"),
        (100, "2 min left"),
        (3569, "59 min left"),
        (3599, "1 h 0 min left"),
        (4800, "1 h 20 min left"),
    ],
)
def test_how_long_it_takes_is_said_roughly(seconds: float, said: str) -> None:
    assert line(left_s=seconds) == said


def test_only_what_is_known_is_said() -> None:
    assert line() == ""
    assert line(note="12A T1") == "12A T1"
    assert line(note="12A T1", left_s=40, slow_because="a GPU is faster") == (
        "12A T1, 40 s left, a GPU is faster"
    )


@pytest.mark.parametrize("wrong", [{"done": -1}, {"total": -1}, {"left_s": -0.1}, {"more": 1}])
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        line(**wrong)
