"""Turns as tabs follow them."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread

from agent.answer import Answer
from agent.events import Event, Token, ToolEnded, ToolStarted, TurnEnded
from ui.server.turns import LiveTurn, LiveTurns


def followed(turns: LiveTurns, seen: list[LiveTurn]) -> Thread:
    thread = Thread(target=lambda: seen.extend(turns.follow("c")), daemon=True)
    thread.start()
    return thread


def test_every_follower_sees_the_end_and_none_is_needed() -> None:
    turns, go_on = LiveTurns(), Signal()

    def begin() -> Iterator[Event]:
        yield Token(text="one")
        go_on.wait(20)
        yield TurnEnded(reply="one two")

    assert turns.start("c", begin)
    seen: tuple[list[LiveTurn], list[LiveTurn]] = ([], [])
    threads = [followed(turns, each) for each in seen]
    go_on.set()
    for thread in threads:
        thread.join(20)
    for each in seen:
        assert each[-1].text == "one two"
        assert not each[-1].running
        assert all(turn.running for turn in each[:-1])


def test_a_finished_tools_pictures_are_in_the_turn() -> None:
    turns, answer = LiveTurns(), Answer(text="four faces")

    def begin() -> Iterator[Event]:
        yield ToolStarted(call_id="1", tool="cast", arguments={})
        yield ToolEnded(call_id="1", tool="cast", answer=answer)
        yield TurnEnded(reply="four faces")

    turns.start("c", begin)
    (tool,) = list(turns.follow("c"))[-1].tools
    assert tool.answer == answer
    assert tool.ended


def test_who_follows_nothing_is_done_at_once() -> None:
    assert [turn.running for turn in LiveTurns().follow("nobody")] == [False]
