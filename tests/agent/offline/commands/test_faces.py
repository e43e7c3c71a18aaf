"""Whose face it is: casting, choosing, photos."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("studio", "say", "tool", "args"),
    [
        ("pair", "give me six candidates for Lirien", "cast", {"character": "Lirien", "candidates": 6}),
        ("faces", "Not these. New faces.", "cast", {"character": "Lirien", "others": True}),
        ("faces", "she's the one on the left", "choose_face", {"character": "Lirien", "face": 1}),
        ("faces", "the last one please", "choose_face", {"character": "Lirien", "face": 4}),
        ("pair", "use the character sheet sheets/lirien.png for Lirien", "add_photos",
         {"character": "Lirien", "kind": "sheet", "folder": "sheets/lirien.png"}),
        ("attached", "use these photos for Daro", "add_photos", {"character": "Daro"}),
    ],
)  # fmt: skip
def test_one_call(studio: str, say: str, tool: str, args: dict[str, Any]) -> None:
    assert calls(studio, say) == [(tool, args)]


def test_a_pronoun_is_the_one_named_last_whom_it_fits() -> None:
    earlier = [HumanMessage("What about Daro?"), AIMessage("Daro has no face yet.")]
    assert calls("ready", "cast him", earlier) == [("cast", {"character": "Daro"})]
    assert calls("pair", "cast her", earlier) == [("cast", {"character": "Lirien"})]


def test_everybody_is_a_call_for_each() -> None:
    expected = [("cast", {"character": "Lirien"}), ("cast", {"character": "Daro"})]
    assert calls("pair", "Cast Lirien and Daro") == expected
    assert calls("pair", "cast both of them") == expected
