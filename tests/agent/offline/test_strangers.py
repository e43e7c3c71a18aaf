"""Names that are not in the cast: asked about, never drawn, never words of an action."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import BaseMessage, HumanMessage

from tests.support.director_says import answer, calls

BAR = "shoot Lirien and Petra at a bar"


def _asked(say: str, name: str) -> list[BaseMessage]:
    reply = answer("pair", say)
    assert reply.tool_calls == []
    assert str(reply.text) == (
        f"{name} is not in the cast; who is {name}: "
        "Lirien, Daro, nobody, or a new character to describe first?"
    )
    return [HumanMessage(say), reply]


@pytest.mark.parametrize(
    ("say", "name"),
    [
        (BAR, "Petra"),
        ("over-the-shoulder shot of Zoran and Lirien", "Zoran"),
        ("close-up of Lirien hugging Zoran in the kitchen", "Zoran"),
        ("Lirien standing behind Zoran, medium shot", "Zoran"),
        ("Close-up of LIRIEN with MARA in the rain", "MARA"),
        ("Petra at the bar, close-up", "Petra"),
        ("Close-up of Lirien. Petra watches her.", "Petra"),
        ("shoot Petra", "Petra"),
    ],
)
def test_a_stranger_in_a_picture_is_asked_about(say: str, name: str) -> None:
    _asked(say, name)


@pytest.mark.parametrize(
    ("then", "people"),
    [
        ("Daro", ["Lirien", "Daro"]),
        ("the second", ["Lirien", "Daro"]),
        ("nobody, leave her out", ["Lirien"]),
        ("just Lirien", ["Lirien"]),
    ],
)
def test_the_answer_says_who_is_in_frame(then: str, people: list[str]) -> None:
    shot: dict[str, Any] = {"place": "bar", "characters": [{"character": each} for each in people]}
    assert calls("pair", then, _asked(BAR, "Petra")) == [("shoot", {"shots": [shot]})]


def test_a_second_stranger_is_asked_about_after_the_first() -> None:
    earlier = _asked("shoot Lirien, Petra and Zoran at a bar", "Petra")
    reply = answer("pair", "nobody", earlier)
    assert reply.tool_calls == []
    assert str(reply.text).startswith("Zoran is not in the cast")


@pytest.mark.parametrize(
    ("say", "shot"),
    [
        ("Wide shot of Lirien in Paris at night",
         {"framing": "wide shot", "place": "Paris", "light": "night"}),
        ("Close-up of Lirien holding a Leica", {"framing": "close-up", "action": "holding a Leica"}),
        ("Close-up of Lirien. Tears on her cheeks. At dawn.",
         {"framing": "close-up", "action": "Tears on her cheeks", "light": "dawn"}),
        ("Close-up of Lirien. Wind in her hair.",
         {"framing": "close-up", "action": "Wind in her hair"}),
    ],
)  # fmt: skip
def test_places_things_and_sentence_starts_are_nobody(say: str, shot: dict[str, Any]) -> None:
    described = {**shot, "characters": [{"character": "Lirien"}]}
    assert calls("pair", say) == [("shoot", {"shots": [described]})]


def test_a_stranger_listed_with_the_cast_is_asked_about() -> None:
    reply = answer("pair", "train Lirien and Petra")
    assert reply.tool_calls == []
    assert str(reply.text) == "Petra is not in the cast. Who is that: Lirien or Daro?"
