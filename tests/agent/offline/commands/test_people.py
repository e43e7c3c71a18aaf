"""Characters, looks, faces, references, training: what sentences of a director's kind mean."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.support.director_says import answer, calls


@pytest.mark.parametrize(
    ("studio", "say", "tool", "args"),
    [
        ("empty", "Create a character: Mara, a wiry nurse, short grey hair", "create_character",
         {"brief": "Mara, a wiry nurse, short grey hair", "name": "Mara"}),
        ("empty", "A boy of ten with curly black hair and brown eyes, his name is Pip", "create_character",
         {"brief": "A boy of ten with curly black hair and brown eyes, his name is Pip", "name": "Pip"}),
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
        ("pair", "give me six candidates for Lirien", "cast", {"character": "Lirien", "candidates": 6}),
        ("faces", "Not these. New faces.", "cast", {"character": "Lirien", "others": True}),
        ("faces", "she's the one on the left", "choose_face", {"character": "Lirien", "face": 1}),
        ("faces", "the last one please", "choose_face", {"character": "Lirien", "face": 4}),
        ("pair", "use the character sheet sheets/lirien.png for Lirien", "add_photos",
         {"character": "Lirien", "kind": "sheet", "folder": "sheets/lirien.png"}),
        ("attached", "use these photos for Daro", "add_photos", {"character": "Daro"}),
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


def test_a_pronoun_is_the_one_named_last_whom_it_fits() -> None:
    earlier = [HumanMessage("What about Daro?"), AIMessage("Daro has no face yet.")]
    assert calls("ready", "cast him", earlier) == [("cast", {"character": "Daro"})]
    assert calls("pair", "cast her", earlier) == [("cast", {"character": "Lirien"})]


def test_everybody_is_a_call_for_each() -> None:
    expected = [("cast", {"character": "Lirien"}), ("cast", {"character": "Daro"})]
    assert calls("pair", "Cast Lirien and Daro") == expected
    assert calls("pair", "cast both of them") == expected


def test_what_follows_a_brief_is_about_the_new_person() -> None:
    say = "Create Juno, a girl of twelve with red braids, and cast her with six faces"
    assert calls("pair", say) == [
        ("create_character", {"brief": "Juno, a girl of twelve with red braids", "name": "Juno"}),
        ("cast", {"character": "Juno", "candidates": 6}),
    ]


def test_a_stranger_is_asked_about() -> None:
    reply = answer("pair", "Train Roderick")
    assert reply.tool_calls == []
    assert str(reply.text) == "Roderick is not in the cast. Whom shall I train: Lirien or Daro?"
