"""Events of work in a thread, read or not."""

from __future__ import annotations

import logging
from threading import Event as Signal

import pytest

from agent.conversation.background import Emit, in_background
from agent.events import Token
from tools.errors import BadInput


def test_events_come_in_order_and_the_work_starts_at_once() -> None:
    begun = Signal()

    def work(emit: Emit) -> None:
        begun.set()
        for word in ["one", "two", "three"]:
            emit(Token(text=word))

    events = in_background(work, "turn")
    assert begun.wait(30), "nobody has read yet"
    assert [event.text for event in events if isinstance(event, Token)] == ["one", "two", "three"]


def test_a_reader_that_goes_away_does_not_end_the_work() -> None:
    read, done = Signal(), Signal()

    def work(emit: Emit) -> None:
        emit(Token(text="one"))
        assert read.wait(30)
        emit(Token(text="two"))
        done.set()

    events = in_background(work, "turn")
    next(events)
    del events
    read.set()
    assert done.wait(30)


@pytest.mark.parametrize(("error", "logged"), [(BadInput("too long"), 0), (KeyError("bug"), 1)])
def test_what_the_work_raises_is_raised_to_the_reader_and_a_bug_is_logged(
    error: Exception, logged: int, caplog: pytest.LogCaptureFixture
) -> None:
    def work(emit: Emit) -> None:
        emit(Token(text="one"))
        raise error

    with caplog.at_level(logging.ERROR):
        events = in_background(work, "turn 7")
        assert next(events) == Token(text="one")
        with pytest.raises(type(error)) as caught:
            next(events)

    assert caught.value is error
    assert [record.message for record in caplog.records] == ["turn 7 ended with a fault"] * logged
