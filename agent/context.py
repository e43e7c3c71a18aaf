"""What a tool may use while it runs: services, the queue, who speaks and where.

Travels in the run's context, never in the graph's state (docs/architecture.md, Where state lives).
Knows nothing of LangChain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tools.contracts.progress import ProgressSink
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.job import Job


@dataclass(frozen=True)
class ChatContext:
    """One conversation in one production."""

    services: Services
    jobs: JobStore
    production: str
    """Its name."""
    conversation_id: str
    speaker: str
    """Name of the person who speaks; for decisions and notes."""
    settle: Callable[[str, ProgressSink], Job]
    """Waits until a short job has ended and returns it; raises what the job raised."""
    started: Callable[[str], None]
    """Links a job to the conversation, so that its end is reported there."""
    caption: Callable[[Sequence[str]], Mapping[str, str]] | None = None
    """Describes stored pictures (by digest) in words, where the chat model can see; else None."""
    local_files: bool = False
    """Whether the speaker sits at this computer, so that folders may be named."""
