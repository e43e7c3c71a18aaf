"""Looking at takes, and why one was judged so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("studio", "say", "expected"),
    [
        ("takes", "what's wrong with 2?", [("explain_verdict", {"take": "2"})]),
        ("board", "what did I pick?", [("show_takes", {"which": "picked"})]),
    ],
)  # fmt: skip
def test_calls(studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    assert calls(studio, say) == expected
