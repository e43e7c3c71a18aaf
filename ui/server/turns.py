"""Turns that run on after the request that began them, so that a reload loses nothing.

Knows events; must not know who speaks or how they are drawn. What is lasting is in the database
(messages, proposals, jobs); here is only what a screen shows until it is written there. A process
that ends in the middle of a turn goes on with it when it is started again (`agent.conversation.turns`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Condition

from agent.answer import Answer
from agent.events import Event, Token, ToolEnded, ToolProgress, ToolStarted, TurnEnded, TurnFailed
from tools.contracts.progress import Progress
from tools.errors import SamecastError

AT_ONCE = 8
BUG = "Something went wrong in the program; its log says what. The conversation is kept."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunningTool:
    """A tool that has begun in a turn."""

    call_id: str
    tool: str
    progress: Progress | None = None
    ended: bool = False
    answer: Answer | None = None
    """What it gave; None while it runs, and when it could not."""


@dataclass(frozen=True)
class LiveTurn:
    """A turn as far as it has come."""

    text: str = ""
    """The assistant's words so far."""
    tools: tuple[RunningTool, ...] = field(default=())
    running: bool = True
    error: str = ""
    """One sentence when the turn failed."""


_OVER = LiveTurn(running=False)


class LiveTurns:
    """Runs turns in threads of its own, one at a time a conversation."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        """Run as many turns at once; further ones wait."""
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="turn")
        self._turns: dict[str, LiveTurn] = {}
        self._changed = Condition()

    def start(self, conversation_id: str, begin: Callable[[], Iterator[Event]]) -> bool:
        """Begin a turn and return at once; False when one is running in this conversation."""
        with self._changed:
            known = self._turns.get(conversation_id)
            if known is not None and known.running:
                return False
            self._turns[conversation_id] = LiveTurn()
            self._changed.notify_all()
        self._pool.submit(self._run, conversation_id, begin)
        return True

    def live(self, conversation_id: str) -> LiveTurn | None:
        """Return the turn that runs, or the last one that ran; None when there was none."""
        with self._changed:
            return self._turns.get(conversation_id)

    def follow(self, conversation_id: str) -> Iterator[LiveTurn]:
        """Yield a turn as it is now and after every change, until it has ended.

        What changes while the last state is being shown comes as one change.
        """
        turn = self._next(conversation_id, None)
        yield turn
        while turn.running:
            turn = self._next(conversation_id, turn)
            yield turn

    def _next(self, conversation_id: str, seen: LiveTurn | None) -> LiveTurn:
        """Wait until a turn is no longer as it was seen; each change makes another value."""
        with self._changed:
            self._changed.wait_for(lambda: self._turns.get(conversation_id, _OVER) is not seen)
            return self._turns.get(conversation_id, _OVER)

    def close(self) -> None:
        """Begin no further turns, and wait for those that run to reach their end."""
        self._pool.shutdown(cancel_futures=True)

    def _run(self, conversation_id: str, begin: Callable[[], Iterator[Event]]) -> None:
        error = ""
        try:
            for event in begin():
                self._change(conversation_id, partial(after, event))
        except SamecastError as failed:
            error = str(failed)
        except Exception:
            # A thread's end: nobody above could tell the person.
            logger.exception("a turn ended with a bug")
            error = BUG
        self._change(
            conversation_id,
            lambda turn: replace(turn, running=False, error=error or turn.error),
        )

    def _change(self, conversation_id: str, change: Callable[[LiveTurn], LiveTurn]) -> None:
        with self._changed:
            self._turns[conversation_id] = change(self._turns[conversation_id])
            self._changed.notify_all()


def after(event: Event, turn: LiveTurn) -> LiveTurn:
    """Return a turn as it is once an event has happened in it."""
    match event:
        case Token():
            return replace(turn, text=turn.text + event.text)
        case ToolStarted():
            return replace(turn, tools=(*turn.tools, RunningTool(event.call_id, event.tool)))
        case ToolProgress():
            return _with_tool(turn, event.call_id, progress=event.progress)
        case ToolEnded():
            return _with_tool(turn, event.call_id, ended=True, answer=event.answer)
        case TurnFailed():
            return replace(turn, text=event.reply, error=event.error)
        case TurnEnded():
            return replace(turn, text=event.reply)
        case _:
            return turn


def _with_tool(
    turn: LiveTurn,
    call_id: str,
    *,
    progress: Progress | None = None,
    ended: bool = False,
    answer: Answer | None = None,
) -> LiveTurn:
    tools = tuple(
        replace(tool, progress=progress or tool.progress, ended=ended or tool.ended, answer=answer)
        if tool.call_id == call_id
        else tool
        for tool in turn.tools
    )
    return replace(turn, tools=tools)
