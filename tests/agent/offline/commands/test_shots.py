"""Pictures are asked for: slots, people with looks and lights, planned slates."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("say", "shot"),
    [
        ("Close-up of Lirien smiling in the kitchen by window light",
         {"framing": "close-up", "expression": "smiling", "light": "window light", "place": "kitchen"}),
        ("Lirien running through the forest at night, wide",
         {"framing": "wide shot", "light": "night", "place": "forest", "action": "running"}),
        ("Full body of Lirien leaning against a brick wall, hard side light, on an 85, low angle",
         {"framing": "full-body shot", "lens": "85mm", "angle": "low angle", "place": "brick wall",
          "light": "hard side light", "action": "leaning"}),
        ("shoot Lirien in left profile, looking sad, from below",
         {"view": "left profile view", "expression": "sad", "angle": "from below"}),
        ("Lirien sitting on a bench in the park, golden hour",
         {"action": "sitting on a bench", "place": "park", "light": "golden hour"}),
        ("medium shot, Lirien, ballroom, candlelight",
         {"framing": "medium shot", "place": "ballroom", "light": "candlelight"}),
    ],
)  # fmt: skip
def test_the_slots_of_a_shot(say: str, shot: dict[str, Any]) -> None:
    described = {**shot, "characters": [{"character": "Lirien"}]}
    assert calls("ready", say) == [("shoot", {"shots": [described]})]


def test_two_people_with_looks_and_lights_of_their_own() -> None:
    say = (
        "Two-shot of Lirien in the gala look and Daro in the tavern, "
        "Lirien by candlelight, Daro in moonlight"
    )
    characters = [
        {"character": "Lirien", "look": "gala", "light": "candlelight"},
        {"character": "Daro", "light": "moonlight"},
    ]
    assert calls("ready", say) == [
        ("shoot", {"shots": [{"place": "tavern", "characters": characters}]})
    ]


def test_what_is_said_before_the_colon_is_said_of_every_shot() -> None:
    (shoot,) = calls("ready", "Three shots of Lirien in the kitchen: wide, medium and a close-up")
    lirien = [{"character": "Lirien"}]
    assert shoot[1] == {
        "shots": [
            {"framing": framing, "place": "kitchen", "characters": lirien}
            for framing in ("wide shot", "medium shot", "close-up")
        ]
    }


@pytest.mark.parametrize(
    ("studio", "say", "expected"),
    [
        ("board", "Two more takes of 12A", [("shoot", {"slates": ["12A"], "takes": 2})]),
        ("board", "shoot 12A to C", [("shoot", {"slates": ["12A", "12B", "12C"]})]),
        ("board", "shoot them all, two takes each", [("shoot", {"slates": ["12B", "12C"], "takes": 2})]),
        ("board", "why does Lirien look sad", []),
        ("board", "Close-up of Daro at the gate",
         [("shoot", {"shots": [{"framing": "close-up", "place": "gate",
                                "characters": [{"character": "Daro"}]}]})]),
        ("board", "close on Daro laughing in the rain",
         [("shoot", {"shots": [{"framing": "close-up", "expression": "laughing", "light": "rain",
                                "characters": [{"character": "Daro"}]}]})]),
    ],
)  # fmt: skip
def test_calls(studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    assert calls(studio, say) == expected
