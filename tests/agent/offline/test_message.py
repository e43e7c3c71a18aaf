"""A message as a list of what it asks for."""

from __future__ import annotations

from tests.support.director_says import answer


def test_more_than_a_turn_can_do_is_said() -> None:
    reply = answer("board", " ".join(f"Install base{number}." for number in range(15)))
    assert len(reply.tool_calls) == 12
    assert "first twelve" in str(reply.text)
