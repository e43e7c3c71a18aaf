"""A drawn shot once more: with a change, by slate, by scene, by framing."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from tests.support.director_says import answer, calls

LOW_ANGLE = {"takes": ["12A T3"], "note": "from a low angle", "again": True}


@pytest.mark.parametrize(
    ("studio", "say", "expected"),
    [
        ("board", "let's try the close-up again but from a low angle", [("reject", LOW_ANGLE)]),
        ("takes", "Try the close-up again, but from a low angle.", [("reject", LOW_ANGLE)]),
        ("board", "make 12A brighter",
         [("reject", {"takes": ["12A T3"], "note": "brighter", "again": True})]),
        ("board", "make 12A brighter and have her smile",
         [("reject", {"takes": ["12A T3"], "note": "brighter and have her smile", "again": True})]),
        ("board", "another take of 12A with more light",
         [("reject", {"takes": ["12A T3"], "note": "more light", "again": True})]),
        ("board", "13A again, warmer",
         [("reject", {"takes": ["13A T2"], "note": "warmer", "again": True})]),
        ("takes", "make 2 brighter", [("reject", {"takes": ["2"], "note": "brighter", "again": True})]),
        ("board", "reshoot everything in scene 12", [("shoot", {"slates": ["12A", "12B", "12C"]})]),
        ("takes", "reshoot everything in scene 12", [("shoot", {"slates": ["12A", "12B"]})]),
        ("takes", "redo scene 12", [("shoot", {"slates": ["12A", "12B"]})]),
        ("board", "redo scene 12 with more rain",
         [("reject", {"takes": ["12A T3"], "note": "more rain", "again": True})]),
        ("board", "reshoot 12A and 13A", [("shoot", {"slates": ["12A", "13A"]})]),
        ("board", "12A again", [("shoot", {"slates": ["12A"]})]),
        ("board", "another take of 12A", [("shoot", {"slates": ["12A"], "takes": 1})]),
        ("takes", "reject everything in scene 12", [("reject", {"takes": ["1", "2", "3"]})]),
        ("takes", "keep 1 and bin the other two",
         [("pick", {"takes": ["1"]}), ("reject", {"takes": ["2", "3"]})]),
    ],
)  # fmt: skip
def test_once_more(studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    assert calls(studio, say) == expected


def test_a_framing_that_several_drawn_shots_have_is_asked_about() -> None:
    say = "try the wide again but from below"
    asked = answer("two_wides", say)
    assert asked.tool_calls == []
    assert str(asked.text) == "Which shot do you mean: 12A T1 or 13A T2?"
    assert calls("two_wides", "13A", [HumanMessage(say), asked]) == [
        ("reject", {"note": "from below", "again": True, "takes": ["13A T2"]})
    ]
