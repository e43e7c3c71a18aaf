"""What the offline director says itself, and what it leaves to the tools."""

from __future__ import annotations

import pytest

from tests.support.director_says import answer


@pytest.mark.parametrize(
    ("say", "part"),
    [
        ("make a video of 12A", "cannot make moving pictures"),
        ("compose some music for the scene", "cannot make sound"),
        ("delete Lirien", "cannot delete, rename or copy people"),
        ("upload the takes to youtube", "cannot send or publish"),
        ("the wind has seven elbows", 'did not understand "the wind has seven elbows"'),
        ("what can you do?", "cast Mara"),
        ("hello", "Hello. In the cast: Lirien, Daro."),
        ("thank you!", "You're welcome."),
    ],
)
def test_words_where_nothing_is_called(say: str, part: str) -> None:
    reply = answer("board", say)
    assert reply.tool_calls == []
    assert part in str(reply.text)


def test_what_was_not_understood_is_said_beside_the_calls() -> None:
    reply = answer("pair", "Cast Lirien. The moon hums quietly.")
    assert [call["name"] for call in reply.tool_calls] == ["cast"]
    assert str(reply.text) == 'I did not understand "The moon hums quietly", so I left that out.'
