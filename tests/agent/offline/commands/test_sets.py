"""The reference set and what is made of it: build, review, gate, train, versions."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.support.director_says import answer, calls


@pytest.mark.parametrize(
    ("studio", "say", "tool", "args"),
    [
        ("alone", "build 30 references layer by layer", "build_references",
         {"character": "Lirien", "images": 30, "review": True}),
        ("references", "drop 3, 7 to 9 and the last one, then the next layer", "review_references",
         {"character": "Lirien", "drop": [3, 7, 8, 9, 12], "next_layer": True}),
        ("references", "4 and 6 are bad", "review_references", {"character": "Lirien", "drop": [4, 6]}),
        ("references", "Is the set good enough to train?", "gate", {"character": "Lirien"}),
        ("ready", "Start training Daro, the full length one, 1,500 steps", "train",
         {"character": "Daro", "preset": "paper", "steps": 1500}),
        ("ready", "Which versions of Lirien do we have?", "list_versions", {"character": "Lirien"}),
        ("ready", "back to the previous version for Lirien", "choose_version",
         {"character": "Lirien", "version": 2}),
    ],
)  # fmt: skip
def test_one_call(studio: str, say: str, tool: str, args: dict[str, Any]) -> None:
    assert calls(studio, say) == [(tool, args)]


def test_a_stranger_is_asked_about() -> None:
    reply = answer("pair", "Train Roderick")
    assert reply.tool_calls == []
    assert str(reply.text) == "Roderick is not in the cast. Whom shall I train: Lirien or Daro?"


def test_images_by_number_right_after_they_were_spoken_of_are_references() -> None:
    earlier = [
        HumanMessage("build Lirien's references layer by layer"),
        AIMessage("The sheet layer of Lirien is drawn, images 1 to 9."),
    ]
    expected = {"character": "Lirien", "drop": [4, 9], "next_layer": True}
    for studio in ("pair", "references", "faces"):
        assert calls(studio, "throw away images 4 and 9 and continue", earlier) == [
            ("review_references", expected)
        ]
