"""What is answered to a message: calls or words, never half of one."""

from __future__ import annotations

from tests.support.director_says import answer


def test_a_message_that_is_too_long_is_not_read_in_part() -> None:
    reply = answer("pair", "Scene 3: " + "Daro waits. " * 400)
    assert reply.tool_calls == []
    assert "up to 4000" in str(reply.text)


def test_a_value_that_a_tool_refuses_is_said_and_not_called() -> None:
    reply = answer("pair", "Cast Lirien with 40 faces")
    assert reply.tool_calls == []
    assert "candidates" in str(reply.text)
