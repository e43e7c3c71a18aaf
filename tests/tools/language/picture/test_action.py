"""What the slots left: what is done, and single words that are neither done nor said anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.action import action_of
from tools.language.text import read_text


def left_of(say: str, *taken: str) -> tuple[str, list[str]]:
    """Read the words of a picture after these were taken by slots."""
    text = read_text(say, ["Mara"])
    for words in taken:
        at = text.text.index(words)
        text = text.taking((at, at + len(words)))
    return action_of(text)


@pytest.mark.parametrize(
    ("say", "taken", "done", "left"),
    [
        ("Mara smoking at dawn", ["at dawn"], "smoking", []),
        ("close-up of Mara, pouring the tea", ["close-up"], "pouring the tea", []),
        ("Mara, wide, purple", ["wide"], "", ["purple"]),
        ("Mara running, at dawn, coat open", ["at dawn"], "running, coat open", []),
        ("a shot of Mara", [], "", []),
        ("Mara 12", [], "", []),
        ("wide, her hand on the cup", ["wide"], "her hand on the cup", []),
        ("Mara dancing and by candlelight", ["by candlelight"], "dancing", []),
    ],
)
def test_what_is_left(say: str, taken: list[str], done: str, left: list[str]) -> None:
    assert left_of(say, *taken) == (done, left)


@given(st.lists(st.sampled_from(["Mara", "the", "runs", "tea", "wide", ",", "of", "hand", "."])))
def test_nothing_is_made_up(words: list[str]) -> None:
    say = " ".join(words)
    done, left = left_of(say)
    kept = [*done.split(", "), *left] if done else left
    assert [part for part in kept if part not in say] == []
    assert "Mara" not in " ".join(kept)
