from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread

import pytest

from agent.answer import Answer
from agent.events import Event, Token, ToolEnded, ToolProgress, ToolStarted, TurnEnded, TurnFailed
from tools.contracts.progress import Progress
from tools.errors import BadInput
from ui.server.turns import BUG, LiveTurn, LiveTurns, after

HALF = Progress(stage="cast", done=2, total=4)


@pytest.fixture
def turns() -> Iterator[LiveTurns]:
    opened = LiveTurns()
    yield opened
    opened.close()


def ended(turns: LiveTurns, conversation_id: str) -> LiveTurn:
    return list(turns.follow(conversation_id))[-1]


def test_a_turn_grows_with_its_events() -> None:
    turn = LiveTurn()
    answer = Answer(text="four faces")
    happened: list[Event] = [
        Token(text="Cas"),
        Token(text="ting."),
        ToolStarted(call_id="1", tool="cast", arguments={}),
        ToolProgress(call_id="1", tool="cast", progress=HALF),
        ToolProgress(call_id="9", tool="gate", progress=HALF),
        ToolEnded(call_id="1", tool="cast", answer=answer),
    ]
    for event in happened:
        turn = after(event, turn)
    assert turn.text == "Casting."
    assert [(tool.tool, tool.progress, tool.ended, tool.answer) for tool in turn.tools] == [
        ("cast", HALF, True, answer)
    ]
    assert after(TurnEnded(reply="Four faces."), turn).text == "Four faces."
    failed = after(TurnFailed(reply="No answer.", error="no answer"), turn)
    assert (failed.text, failed.error) == ("No answer.", "no answer")


def test_a_turn_runs_on_without_anybody_who_looks_and_one_at_a_time(turns: LiveTurns) -> None:
    go_on = Signal()

    def begin() -> Iterator[Event]:
        go_on.wait()
        yield TurnEnded(reply="done")

    assert turns.live("a") is None
    assert turns.start("a", begin)
    assert not turns.start("a", begin)
    assert turns.start("b", begin), "another conversation has its own"
    running = turns.live("a")
    assert running is not None
    assert running.running
    go_on.set()
    assert ended(turns, "a") == LiveTurn(text="done", running=False)
    assert turns.start("a", begin)
    assert ended(turns, "a").text == "done"


def test_a_turn_that_fails_says_so_and_a_bug_says_no_more_than_that(turns: LiveTurns) -> None:
    def refused() -> Iterator[Event]:
        raise BadInput("nothing was said")
        yield

    def broken() -> Iterator[Event]:
        yield Token(text="Cas")
        raise RuntimeError("the inside")

    turns.start("a", refused)
    turns.start("b", broken)
    assert ended(turns, "a") == LiveTurn(running=False, error="nothing was said")
    assert ended(turns, "b") == LiveTurn(text="Cas", running=False, error=BUG)


def test_nobody_waits_for_a_turn_that_never_was(turns: LiveTurns) -> None:
    assert list(turns.follow("nowhere")) == [LiveTurn(running=False)]


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
