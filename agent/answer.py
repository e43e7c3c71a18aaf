"""What a tool gives back: words for the director, and which pictures and jobs go with them.

Pictures are named by the digest of their stored file, never held.
"""

from __future__ import annotations

from pydantic import Field

from tools.contracts.digest import TakeSlate
from tools.contracts.model import Contract, Digest

LONGEST_TEXT = 20_000
MOST_PICTURES = 500
MOST_JOBS = 60


class AnswerPicture(Contract):
    """A stored picture and how it is shown."""

    digest: Digest
    label: str = Field(max_length=200)
    """What stands under it; also its text for those who cannot see it."""
    number: int | None = Field(default=None, ge=1)
    """How the director may call it while it is what was shown last."""
    take: TakeSlate | None = None
    """Set when it can be picked or rejected."""


class Answer(Contract):
    """A tool's result."""

    text: str = Field(max_length=LONGEST_TEXT)
    """Plain sentences that hold only what the tool did or found."""
    pictures: tuple[AnswerPicture, ...] = Field(default=(), max_length=MOST_PICTURES)
    jobs: tuple[str, ...] = Field(default=(), max_length=MOST_JOBS)
    """Jobs that were started and go on after the answer."""


def storable(text: str) -> str:
    """Return a text with a question mark for every half of a letter, which no file takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
