"""Whatever is typed, the offline director answers, and calls only what a tool would take."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.offline.conversation import Heard, Line
from agent.offline.director import Plan, answer
from agent.toolkit.registry import check_arguments
from tests.support.director_says import studio
from tools.language.text import plain_text

STUDIOS = ["empty", "pair", "faces", "references", "ready", "board", "takes", "busy", "attached"]
WORDS = [
    *("cast", "train", "shoot", "keep", "reject", "drop", "again", "take", "takes", "show", "plan"),
    *("the", "a", "of", "in", "and", "then,", "but", "without", "after", "with", "to", "for", "no"),
    *(".", ":", ";", "\n", '"', "'", "-", "%", "/", "?", "1", "2", "3", "999999999", "two", "more"),
    *("12A", "T2", "second", "last", "all", "others", "Lirien", "Daro", "her", "him", "yes", "why"),
    *(
        "wide",
        "close-up",
        "dawn",
        "kitchen",
        "85mm",
        "smiling",
        "by",
        "candlelight",
        "face",
        "look",
    ),
    *("create", "character", "called", "scene", "version", "references", "layer", "next", "photos"),
    *("sheet", "style", "scope", "deliver", "status", "stop", "cost", "install", "sdxl", "~/x.png"),
    *("INT.", "KITCHEN", "-", "NIGHT"),
]
sentences = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


def _checked(plan: Plan) -> None:
    assert plan.calls or plan.text
    for call in plan.calls:
        check_arguments(call.tool, dict(call.args))


@settings(max_examples=150)
@given(name=st.sampled_from(STUDIOS), text=sentences, before=sentences)
def test_words_of_the_trade_in_any_order(name: str, text: str, before: str) -> None:
    earlier = (Line(True, before), Line(False, "Whom do you mean?"))
    _checked(answer(Heard(studio(name), plain_text(text), earlier)))


@settings(max_examples=100)
@given(name=st.sampled_from(STUDIOS), text=st.text(max_size=400))
def test_any_letters(name: str, text: str) -> None:
    _checked(answer(Heard(studio(name), plain_text(text))))


@pytest.mark.parametrize(
    "unit", ["a ", "1, ", "Lirien ", "and then ", "in the ", "\n", '"', "((", "soft light "]
)
def test_four_thousand_letters(unit: str) -> None:
    text = plain_text((unit * 4000)[:4000])
    _checked(answer(Heard(studio("ready"), text)))
    _checked(answer(Heard(studio("takes"), f"reject 2 {text}")))
