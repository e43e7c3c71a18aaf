"""Shots and scenes out of the film and back; what is left out of a picture or a set is not meant."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from tests.support.director_says import answer, calls


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("omit 12C", {"slates": ["12C"]}),
        ("Omit 12B and 12C, please", {"slates": ["12B", "12C"]}),
        ("omit the wide", {"slates": ["12B"]}),
        ("leave out scene 12", {"scene": 12}),
        ("leave scene 12 out", {"scene": 12}),
        ("take 12C out of the film", {"slates": ["12C"]}),
        ("cut scene 12 from the film", {"scene": 12}),
        ("bring 12C back", {"slates": ["12C"], "back": True}),
        ("put 12C back in", {"slates": ["12C"], "back": True}),
        ("restore 12C", {"slates": ["12C"], "back": True}),
        ("un-omit scene 12", {"scene": 12, "back": True}),
    ],
)
def test_calls(say: str, expected: dict[str, Any]) -> None:
    assert calls("board", say) == [("omit", expected)]


@pytest.mark.parametrize(
    "say",
    [
        "omit the scarf in 12A",
        "leave out the scarf in 12A",
        "omit Lirien from 12A",
        "omit her from 12C",
        "drop 12A T1",
        "leave 12A out of the delivery",
        "restore it",
        "cut scene 13 down to one minute",
    ],
)
def test_other_things_that_are_left_out_are_not_shots(say: str) -> None:
    assert "omit" not in [tool for tool, _ in calls("board", say)]


def test_which_shot_is_asked_and_the_answer_is_used() -> None:
    asked = answer("board", "omit it")
    assert asked.tool_calls == []
    assert str(asked.text) == "Which shot shall be left out, for instance 12A?"
    said = [HumanMessage("omit it"), asked]
    assert calls("board", "12C", said) == [("omit", {"slates": ["12C"]})]
    asked = answer("board", "un-omit that one")
    assert str(asked.text) == "Which shot shall come back, for instance 12A?"
