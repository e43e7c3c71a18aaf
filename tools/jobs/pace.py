"""How long a stage has left, from its own rate, and why it is slow where it is.

Knows reports and times; must not know what a stage does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tools.contracts.progress import Progress, ProgressSink

LONG_S = 600.0
"""A stage that is expected to take longer says why."""


def no_reason() -> str:
    """The reason where nobody knows one."""
    return ""


@dataclass
class _Stage:
    name: str
    done: int
    at: float


class Pace:
    """Adds the time that is left to the reports of a piece of work, stage by stage.

    The rate is that of all units since the stage's first report. A first report of one unit is timed
    from what was reported before it, so that a slow machine is seen at once; one of several units may
    be a stage that goes on where it was stopped, and waits for the next. A report that knows its own
    time keeps it.
    """

    def __init__(self, begun: float, why_slow: Callable[[], str] = no_reason) -> None:
        """Begin to count at a time of a monotonic clock; `why_slow` says what would be faster here."""
        self._why_slow, self._last_at = why_slow, begun
        self._stage: _Stage | None = None

    def timed(self, progress: Progress, now: float) -> Progress:
        """The report with the seconds that its stage has left, where they can be known."""
        if self._stage is None or self._stage.name != progress.stage:
            first = progress.done == 1
            self._stage = _Stage(
                progress.stage, 0 if first else progress.done, self._last_at if first else now
            )
        self._last_at = now
        left_s = self._left(progress, now) if progress.left_s is None else progress.left_s
        slow = left_s is not None and left_s > LONG_S
        return progress.model_copy(
            update={"left_s": left_s, "slow_because": self._why_slow() if slow else ""}
        )

    def _left(self, progress: Progress, now: float) -> float | None:
        assert self._stage is not None
        made, seconds = progress.done - self._stage.done, now - self._stage.at
        if made <= 0 or not 0 < progress.done < progress.total:
            return None
        return (progress.total - progress.done) * seconds / made


def paced(sink: ProgressSink, why_slow: Callable[[], str] = no_reason) -> ProgressSink:
    """A sink that hands every report on with the time that is left."""
    pace = Pace(time.monotonic(), why_slow)
    return lambda progress: sink(pace.timed(progress, time.monotonic()))
