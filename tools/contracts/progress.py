"""Progress of long work, and how it is cancelled.

Long work calls its sink after every unit. A sink that raises `tools.errors.Cancelled` cancels the work:
there is no second channel.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import Field

from tools.contracts.model import Contract


class Progress(Contract):
    """Where a stage stands."""

    stage: str
    done: int = Field(ge=0)
    total: int = Field(ge=0)
    """0 when unknown."""
    note: str = ""
    left_s: float | None = Field(default=None, ge=0)
    """Seconds that the stage has left by its own rate; None while that is not known."""
    slow_because: str = ""
    """Why it takes long and what would be faster; only where it takes more than ten minutes."""

    @property
    def line(self) -> str:
        """What a progress line says beside the numbers."""
        left = "" if self.left_s is None else f"{_roughly(self.left_s)} left"
        return ", ".join(filter(None, (self.note, left, self.slow_because)))


def _roughly(seconds: float) -> str:
    """`40 s`, `6 min`, `1 h 20 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


ProgressSink = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """A sink for callers that show nothing."""
