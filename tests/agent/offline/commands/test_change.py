"""A person changes: the identity itself, or a look that is named, dated or worn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("studio", "say", "tool", "args"),
    [
        ("pair", "Give Lirien shorter hair", "change_character",
         {"character": "Lirien", "change": "shorter hair"}),
        ("pair", "Ten years later, Daro has a grey beard", "change_character",
         {"character": "Daro", "change": "a grey beard", "look": "ten years later"}),
        ("pair", "put Daro in a black suit for the funeral", "change_character",
         {"character": "Daro", "change": "a black suit", "look": "for the funeral"}),
        ("pair", "Add a look for Lirien called gala: red dress, hair up", "change_character",
         {"character": "Lirien", "change": "red dress, hair up", "look": "gala"}),
        ("alone", "without the scarf", "change_character",
         {"character": "Lirien", "change": "without the scarf", "look": "without the scarf"}),
        ("ready", "In the gala look she should wear earrings", "change_character",
         {"character": "Lirien", "change": "earrings", "look": "gala"}),
        ("pair", "remove Daro's beard", "change_character",
         {"character": "Daro", "change": "remove beard"}),
    ],
)  # fmt: skip
def test_a_change(studio: str, say: str, tool: str, args: dict[str, Any]) -> None:
    assert calls(studio, say) == [(tool, args)]


@pytest.mark.parametrize(
    "say", ["put him in a long black coat from now on", "From now on, put him in a long black coat"]
)
def test_from_now_on_is_no_part_of_a_change(say: str) -> None:
    assert calls("pair", say) == [
        ("change_character", {"character": "Daro", "change": "a long black coat"})
    ]


@pytest.mark.parametrize("age", ["in her forties", "in her late thirties", "in her teens"])
def test_a_change_of_age_keeps_the_words_that_say_it(age: str) -> None:
    expected = {"character": "Lirien", "change": age}
    assert calls("ready", f"lirien is {age} now") == [("change_character", expected)]
