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


ProgressSink = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """A sink for callers that show nothing."""
