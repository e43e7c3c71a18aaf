"""Jobs: what waits, what runs and how far it is, what ended and how.

Knows the store; must not know HTML nor how a job is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tools.store.board import OPEN, newest_jobs, open_jobs
from tools.store.job import Job, JobState
from tools.workflows.job_lines import job_subject

NEWEST = 60
_WAITS = frozenset({JobState.PROPOSED, JobState.UNKNOWN})
_WORDS = {
    JobState.PROPOSED: "waits for approval",
    JobState.APPROVED: "waits for its turn",
    JobState.CLAIMED: "running",
    JobState.SUBMITTED: "running at a provider",
    JobState.DONE: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
    JobState.UNKNOWN: "nobody knows how it ended",
}


@dataclass(frozen=True)
class JobView:
    """One job."""

    id: str
    kind: str
    subject: str
    state: str
    words: str
    """The state as a person says it."""
    stage: str
    done: int
    total: int
    """0 when unknown."""
    message: str
    """Why it failed, or the note of its progress while it runs."""
    is_open: bool
    waits: bool
    """Whether it goes on only when a person says so."""
    asked: str
    """When it was asked for, as hours and minutes of the day in UTC."""

    @property
    def percent(self) -> int | None:
        """Share that is done; None when unknown."""
        return round(100 * min(self.done, self.total) / self.total) if self.total else None


def open_job_views(session: Session, production_id: str) -> tuple[JobView, ...]:
    """Read the jobs that wait, run or want a person, oldest first."""
    return _views(open_jobs(session=session, production_id=production_id))


def newest_job_views(session: Session, production_id: str) -> tuple[JobView, ...]:
    """Read the newest jobs, newest first."""
    return _views(newest_jobs(session=session, production_id=production_id, limit=NEWEST))


def _views(jobs: Sequence[Job]) -> tuple[JobView, ...]:
    return tuple(_view(job) for job in jobs)


def _view(job: Job) -> JobView:
    cancelling = job.cancel_requested and job.state in OPEN
    return JobView(
        id=job.id,
        kind=job.kind.replace("-", " "),
        subject=job_subject(job.payload),
        state=job.state.value,
        words="stopping" if cancelling else _WORDS[job.state],
        stage=job.stage,
        done=job.done,
        total=job.total,
        message=job.message or (job.note if job.state in OPEN else ""),
        is_open=job.state in OPEN and not cancelling,
        waits=job.state in _WAITS,
        asked=_clock(job.created_at),
    )


def _clock(at: datetime) -> str:
    return at.strftime("%H:%M")
