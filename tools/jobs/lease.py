"""A claimed job in a worker's hands: heartbeat, progress, submission, end.

Knows the rows of one execution; must not know what the job does. Every write is refused once
another execution holds the job, so a worker that was thought dead cannot overwrite its successor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from tools.contracts.progress import Progress
from tools.jobs.failure import Failure
from tools.jobs.states import move
from tools.store.database import Database
from tools.store.job import Execution, ExecutionEnd, Job, JobState
from tools.store.job_queue import HELD, holder_and_cancel, lock_job


@dataclass(frozen=True)
class Claim:
    """A job that this worker has won."""

    job_id: str
    execution_id: str
    kind: str
    payload: str
    """JSON of the handler's payload model."""
    provider_id: str | None
    """Set when an earlier execution submitted the paid call: wait for it, don't pay again."""


def end_execution(
    *,
    session: Session,
    job: Job,
    state: JobState,
    end: ExecutionEnd,
    at: datetime,
    refused: bool = False,
) -> None:
    """Let go of a held job and close its execution.

    A call that was about to be paid and has no provider id yet may have been paid or not: unless it
    was `refused` or is done, the job becomes `unknown` and a person decides.
    """
    answered = refused or job.provider_id is not None or state is JobState.DONE
    if job.state is JobState.SUBMITTED and not answered:
        state = JobState.UNKNOWN
    move(job, state)
    execution = session.get(Execution, job.execution_id)
    if execution is not None:
        execution.ended_at, execution.end = at, end
    job.execution_id = job.owner = job.lease_until = None
    if state not in (JobState.APPROVED, JobState.UNKNOWN):
        job.finished_at = at
    session.add(job)


class Lease:
    """The right to write one job's row while its execution holds it."""

    def __init__(
        self,
        database: Database,
        claim: Claim,
        *,
        clock: Callable[[], datetime],
        duration: timedelta,
        max_attempts: int,
    ) -> None:
        """Hold what `JobStore.claim` gave."""
        self._database = database
        self._claim = claim
        self._clock = clock
        self._max_attempts = max_attempts
        self.duration = duration

    @property
    def claim(self) -> Claim:
        """The claim that this lease stands on."""
        return self._claim

    def heartbeat(self) -> bool:
        """Prolong the lease; False when another execution holds the job."""
        with self._held() as (_session, job):
            if job is not None:
                job.lease_until = self._clock() + self.duration
            return job is not None

    def must_stop(self) -> str | None:
        """Return why the work must stop, or None."""
        with self._database.reading() as session:
            holder, cancel = holder_and_cancel(session=session, job_id=self._claim.job_id)
        if holder != self._claim.execution_id:
            return "another worker has taken this job over"
        return "cancelled; what was done is kept" if cancel else None

    def write_progress(self, progress: Progress) -> None:
        """Show where the work stands; prolongs the lease too."""
        with self._held() as (_session, job):
            if job is not None:
                _show(job, progress)
                job.lease_until = self._clock() + self.duration

    def intend(self) -> bool:
        """Commit that a paid call is about to be made; call it right before paying."""
        with self._held() as (_session, job):
            if job is not None:
                move(job, JobState.SUBMITTED)
            return job is not None

    def submitted(self, provider_id: str) -> bool:
        """Commit the provider's id of the paid call; call it before waiting for the result."""
        with self._held() as (_session, job):
            if job is not None:
                job.provider_id = provider_id
            return job is not None

    def finish(self, result: str, progress: Progress | None) -> bool:
        """Store the result; False when another execution holds the job and this one is void."""
        with self._held() as (session, job):
            if job is not None:
                job.result = result
                if progress is not None:
                    _show(job, progress)
                self._end(session, job, JobState.DONE, ExecutionEnd.DONE)
            return job is not None

    def fail(self, failure: Failure, *, retry: bool) -> bool:
        """Store what went wrong; with `retry` and attempts left, the job is approved once more.

        Returns:
            Whether the job will be tried again.
        """
        with self._held() as (session, job):
            if job is None:
                return False
            again = retry and job.attempts < self._max_attempts
            job.error, job.message = failure.error, failure.message
            job.exit_code, job.traceback = failure.exit_code, failure.traceback
            end_execution(
                session=session,
                job=job,
                state=JobState.APPROVED if again else JobState.FAILED,
                end=ExecutionEnd.FAILED,
                at=self._clock(),
                refused=failure.refused,
            )
            return job.state is JobState.APPROVED

    def cancel(self) -> None:
        """Store that the work stopped as asked."""
        with self._held() as (session, job):
            if job is not None:
                self._end(session, job, JobState.CANCELLED, ExecutionEnd.CANCELLED)

    def release(self) -> None:
        """Give the job back unfinished (the program is being stopped)."""
        with self._held() as (session, job):
            if job is not None:
                self._end(session, job, JobState.APPROVED, ExecutionEnd.INTERRUPTED)

    def _end(self, session: Session, job: Job, state: JobState, end: ExecutionEnd) -> None:
        end_execution(session=session, job=job, state=state, end=end, at=self._clock())

    @contextmanager
    def _held(self) -> Iterator[tuple[Session, Job | None]]:
        with self._database.session() as session:
            job = lock_job(session=session, job_id=self._claim.job_id)
            held = job.state in HELD and job.execution_id == self._claim.execution_id
            yield session, job if held else None


def _show(job: Job, progress: Progress) -> None:
    job.stage, job.note = progress.stage, progress.line
    job.done, job.total = progress.done, progress.total
