"""A new person: where the brief begins and ends, and what follows it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("studio", "say", "tool", "args"),
    [
        ("empty", "Create a character: Mara, a wiry nurse, short grey hair", "create_character",
         {"brief": "Mara, a wiry nurse, short grey hair", "name": "Mara"}),
        ("empty", "A boy of ten with curly black hair and brown eyes, his name is Pip", "create_character",
         {"brief": "A boy of ten with curly black hair and brown eyes, his name is Pip", "name": "Pip"}),
    ],
)  # fmt: skip
def test_one_call(studio: str, say: str, tool: str, args: dict[str, Any]) -> None:
    assert calls(studio, say) == [(tool, args)]


def test_what_follows_a_brief_is_about_the_new_person() -> None:
    say = "Create Juno, a girl of twelve with red braids, and cast her with six faces"
    assert calls("pair", say) == [
        ("create_character", {"brief": "Juno, a girl of twelve with red braids", "name": "Juno"}),
        ("cast", {"character": "Juno", "candidates": 6}),
    ]
