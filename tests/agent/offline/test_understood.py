"""One reading joins another, or stands for each person; words left over are kept."""

from __future__ import annotations

import pytest

from agent.offline.dialogue_state import DialogueState
from agent.offline.message import understand
from tests.support.director_says import studio

PAIR = DialogueState(studio("pair"))


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("Daro: six faces", [("cast", {"character": "Daro", "candidates": 6})]),
        ("cast Lirien. Six faces.", [("cast", {"character": "Lirien", "candidates": 6})]),
        ("six faces for Lirien and four for Daro",
         [("cast", {"character": "Lirien", "candidates": 6}),
          ("cast", {"character": "Daro", "candidates": 4})]),
        ("train Daro. Train him.", [("train", {"character": "Daro"})]),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_the_order_said(
    say: str, expected: list[tuple[str, dict[str, object]]]
) -> None:
    readings = understand(say, PAIR).readings
    assert [(each.call.tool, dict(each.call.args)) for each in readings] == expected


def test_words_left_over_are_no_complaint_while_something_is_missing() -> None:
    found = understand("cast Lirien with longer hair", PAIR)
    assert found.left_out == ["longer hair"]
    assert understand("train with longer hair", PAIR).left_out == []
