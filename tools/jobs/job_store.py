"""The queue: ask for work, approve it, claim it, cancel it, take it back from the dead.

Knows the job table; must not know what a job does nor run anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlmodel import Session

from tools.jobs.keys import job_key
from tools.jobs.lease import Claim, Lease, end_execution
from tools.jobs.states import move
from tools.store.database import Database
from tools.store.job import ExecutionEnd, Job, JobState, find_job, get_job
from tools.store.job_queue import (
    HELD,
    held_jobs,
    lock_job,
    propose_job,
    ready_jobs,
    win_job,
    with_needs,
)
from tools.store.model import now
from tools.store.process import ProcessIdentity, this_process

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3

_RESTARTED = frozenset({JobState.PROPOSED, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True)
class ChainLink:
    """One link of a chain."""

    kind: str
    payload: BaseModel


class JobStore:
    """Every change of a job that is not made by the worker that holds it."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = now,
        lease: timedelta = LEASE,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        """Use a database.

        Args:
            database: Where the jobs are.
            clock: The present moment in UTC.
            lease: How long a silent worker keeps a job.
            max_attempts: Executions of one approval; a job that failed or ended its process so
                often is not started again until it is asked for anew.
        """
        self._database = database
        self._clock = clock
        self._lease = lease
        self._max_attempts = max_attempts

    def enqueue(
        self,
        *,
        kind: str,
        payload: BaseModel,
        needs: Sequence[str] = (),
        approved: bool = True,
        production_id: str | None = None,
    ) -> str:
        """Ask for work and return the job's id; the same kind and payload are the same job.

        A done, running or unknown job is left alone. A failed or cancelled one is approved anew
        when `approved`, with all its attempts.

        Args:
            kind: Names the handler.
            payload: The handler's typed input.
            needs: Ids of jobs that must be done before.
            approved: A command is its own approval; False leaves the job for a person to approve.
            production_id: Whose budget and board it belongs to.

        Raises:
            UnknownName: a needed job does not exist.
        """
        with self._database.session() as session:
            job = propose_job(
                session=session,
                key=job_key(kind, payload),
                kind=kind,
                payload=payload,
                needs=needs,
                production_id=production_id,
                at=self._clock(),
            )
            self._take_back(session, job)
            if approved:
                self._approve_anew(job)
            return job.id

    def enqueue_chain(
        self,
        stages: Sequence[ChainLink],
        *,
        approved: bool = True,
        production_id: str | None = None,
    ) -> list[str]:
        """Ask for stages that run one after the other, as in the study; return their ids in order."""
        ids: list[str] = []
        for stage in stages:
            ids.append(
                self.enqueue(
                    kind=stage.kind,
                    payload=stage.payload,
                    needs=ids[-1:],
                    approved=approved,
                    production_id=production_id,
                )
            )
        return ids

    def approve(self, job_id: str) -> None:
        """Let a proposed job run, or an unknown one be made again (a person has looked).

        Raises:
            UnknownName: there is no such job.
            BadInput: the job is in another state.
        """
        with self._database.session() as session:
            job = lock_job(session=session, job_id=job_id)
            move(job, JobState.APPROVED)
            self._reset(job)

    def request_cancel(self, job_id: str) -> JobState:
        """Cancel a waiting job at once, ask a running one to stop, leave an ended one alone.

        Raises:
            UnknownName: there is no such job.
        """
        with self._database.session() as session:
            job = lock_job(session=session, job_id=job_id)
            if job.state in HELD:
                job.cancel_requested = True
                self._take_back(session, job)
            elif job.state in (JobState.PROPOSED, JobState.APPROVED, JobState.UNKNOWN):
                move(job, JobState.CANCELLED)
                job.finished_at = self._clock()
            return job.state

    def claim(self, job_id: str) -> Claim | None:
        """Win an approved job for this process, or None when somebody else has.

        Of any number that try at once, one wins; its execution is counted in the same transaction.
        """
        moment = self._clock()
        with self._database.session() as session:
            execution = win_job(
                session=session,
                job_id=job_id,
                owner=str(this_process()),
                at=moment,
                lease_until=moment + self._lease,
            )
            if execution is None:
                return None
            job = get_job(session=session, job_id=job_id)
            return Claim(job_id, execution.id, job.kind, job.payload, job.provider_id)

    def claim_next(
        self, kinds: Collection[str], *, only: Collection[str] | None = None
    ) -> Claim | None:
        """Win the oldest approved job whose needs are done, of some kinds (and of some ids)."""
        with self._database.reading() as session:
            ready = ready_jobs(session=session, kinds=kinds, only=only)
        return next((claim for job_id in ready if (claim := self.claim(job_id))), None)

    def lease(self, claim: Claim) -> Lease:
        """Return the right to write a claimed job's row."""
        return Lease(
            self._database,
            claim,
            clock=self._clock,
            duration=self._lease,
            max_attempts=self._max_attempts,
        )

    def reclaim(self) -> list[str]:
        """Take jobs back from dead or silent workers; return the ids of those that were freed."""
        with self._database.reading() as session:
            lost = [job.id for job in held_jobs(session=session) if self._is_lost(job)]
        freed = []
        for job_id in lost:
            with self._database.session() as session:
                if self._take_back(session, lock_job(session=session, job_id=job_id)):
                    freed.append(job_id)
        return freed

    def is_done(self, key: str) -> bool:
        """Say whether the job of this key has its result."""
        with self._database.reading() as session:
            job = find_job(session=session, key=key)
            return job is not None and job.state is JobState.DONE

    def jobs(self, job_ids: Sequence[str]) -> list[Job]:
        """Return jobs in the order asked.

        Raises:
            UnknownName: one does not exist.
        """
        with self._database.reading() as session:
            return [get_job(session=session, job_id=job_id) for job_id in job_ids]

    def with_needs(self, job_ids: Sequence[str]) -> list[str]:
        """Return the ids given and all that they need, directly or not.

        Raises:
            UnknownName: one does not exist.
        """
        self.jobs(job_ids)
        with self._database.reading() as session:
            return with_needs(session=session, job_ids=job_ids)

    def _is_lost(self, job: Job) -> bool:
        if job.lease_until is None or job.owner is None:
            return True
        silent = job.lease_until <= self._clock()
        return silent or ProcessIdentity.parse(job.owner).is_surely_dead()

    def _take_back(self, session: Session, job: Job) -> bool:
        if job.state not in HELD or not self._is_lost(job):
            return False
        state = JobState.APPROVED
        if job.cancel_requested:
            state = JobState.CANCELLED
        elif job.attempts >= self._max_attempts:
            state = JobState.FAILED
            job.error, job.exit_code = "FailedError", 1
            job.message = (
                f"{job.kind} ended its process {job.attempts} times; look at memory and disk, "
                "then ask for it again"
            )
        end_execution(
            session=session,
            job=job,
            state=state,
            end=ExecutionEnd.INTERRUPTED,
            at=self._clock(),
        )
        return True

    def _approve_anew(self, job: Job) -> None:
        if job.state in _RESTARTED:
            move(job, JobState.APPROVED)
            self._reset(job)
        elif job.state is JobState.APPROVED:
            job.attempts = 0

    def _reset(self, job: Job) -> None:
        job.attempts, job.cancel_requested = 0, False
        job.error = job.message = job.exit_code = job.traceback = None
        job.provider_id = job.finished_at = None
        job.approved_at = self._clock()
