"""Run jobs on this machine, one at a time, in the foreground or as a worker process.

Knows handlers and the queue; must not know what any job does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from pydantic import BaseModel

from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.errors import BadInput, Cancelled, FailedError, SamecastError, UnknownName
from tools.jobs.failure import describe, stored_error
from tools.jobs.handler import AnyHandler, Result
from tools.jobs.heartbeat import beating
from tools.jobs.job_store import LEASE, MAX_ATTEMPTS, JobStore
from tools.jobs.lease import Claim
from tools.jobs.pace import no_reason
from tools.jobs.progress import JobProgress
from tools.store.database import Database
from tools.store.job import Job, JobState
from tools.store.job_queue import HELD

POLL_S = 0.2

logger = logging.getLogger(__name__)


class LocalWorker:
    """Claims jobs of the kinds it has handlers for and runs them."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, AnyHandler],
        *,
        lease: timedelta = LEASE,
        max_attempts: int = MAX_ATTEMPTS,
        why_slow: Callable[[], str] = no_reason,
    ) -> None:
        """Use a database and a table of handlers by kind.

        `why_slow` is asked where a stage takes long: what would be faster on this machine.
        """
        self.store = JobStore(database, lease=lease, max_attempts=max_attempts)
        self._handlers, self._why_slow = handlers, why_slow

    def call(
        self,
        kind: str,
        payload: BaseModel,
        result: type[Result],
        *,
        needs: Sequence[str] = (),
        production_id: str | None = None,
        watch: ProgressSink = ignore_progress,
    ) -> Result:
        """Do one piece of work as a job and return its typed result; a done one is not run again.

        Raises:
            SamecastError: what the handler raised, here or in another worker.
        """
        job_id = self.store.enqueue(
            kind=kind, payload=payload, needs=needs, production_id=production_id
        )
        return read_result(self.run_until_done([job_id], watch=watch)[0], result)

    def is_done(self, key: str) -> bool:
        """Say whether the job of this key has its result."""
        return self.store.is_done(key)

    def run_until_done(
        self, job_ids: Sequence[str], *, watch: ProgressSink = ignore_progress
    ) -> list[Job]:
        """Run jobs and all that they need; return them done, in the order given.

        Jobs that another live worker holds are waited for. The first failure is raised and leaves
        what depends on it approved, so that asking again goes on from there.

        Raises:
            UnknownName: a job or the handler of one does not exist.
            BadInput: a job waits for a person's approval.
            Cancelled: a job was cancelled.
            SamecastError: what a handler raised.
        """
        wanted = self.store.with_needs(job_ids)
        while True:
            self.store.reclaim()
            jobs = self.store.jobs(wanted)
            for job in jobs:
                self._require_runnable(job)
            if all(job.state is JobState.DONE for job in jobs):
                return self.store.jobs(job_ids)
            if not self.run_next(only=wanted, watch=watch):
                _show_held(jobs, watch)
                threading.Event().wait(POLL_S)

    def run_forever(
        self,
        stop: threading.Event,
        *,
        watch: ProgressSink = ignore_progress,
        poll_s: float = POLL_S,
    ) -> None:
        """Run whatever is approved until `stop` is set; failures are kept in the job's row.

        A `watch` that raises something outside `Exception` gives the running job back, approved.
        """
        while not stop.is_set():
            try:
                self.store.reclaim()
                idle = not self.run_next(watch=watch)
            except SamecastError as error:
                logger.warning("%s: %s", type(error).__name__, error)
                idle = True
            except Exception:
                # The job is marked failed with its traceback; a bug in one must not end all others.
                logger.exception("a job ended with a bug")
                idle = False
            if idle:
                stop.wait(poll_s)

    def run_next(
        self, *, only: Collection[str] | None = None, watch: ProgressSink = ignore_progress
    ) -> bool:
        """Run one job if any is ready; say whether one was run.

        Raises:
            SamecastError: what the handler raised, unless the job will be tried again.
        """
        claim = self.store.claim_next(self._handlers.keys(), only=only)
        if claim is None:
            return False
        self._execute(claim, watch)
        return True

    def _execute(self, claim: Claim, watch: ProgressSink) -> None:
        handler = self._handlers[claim.kind]
        lease = self.store.lease(claim)
        progress = JobProgress(lease, watch=watch, why_slow=self._why_slow)
        try:
            with beating(lease):
                result = handler.run(claim.payload, progress)
        except Cancelled:
            lease.cancel()
            raise
        except Exception as error:
            if not lease.fail(describe(error), retry=isinstance(error, handler.retry_on)):
                raise
        except BaseException:
            lease.release()
            raise
        else:
            lease.finish(result, progress.last)

    def _require_runnable(self, job: Job) -> None:
        match job.state:
            case JobState.FAILED:
                raise stored_error(job)
            case JobState.CANCELLED:
                raise Cancelled(f"{job.kind} was cancelled; ask for it again to go on")
            case JobState.UNKNOWN:
                raise FailedError(
                    f"{job.kind} may have been paid without an answer; look at the provider's "
                    f"page, then approve or cancel job {job.id}"
                )
            case JobState.PROPOSED:
                raise BadInput(f"{job.kind} waits for approval; approve job {job.id} first")
            case _ if job.state is not JobState.DONE and job.kind not in self._handlers:
                raise UnknownName(f"nothing here can do a job of kind {job.kind!r}")


def read_result(job: Job, result: type[Result]) -> Result:
    """Return the typed result of a done job.

    Raises:
        BadInput: the job is not done.
    """
    if job.result is None:
        raise BadInput(f"{job.kind} is {job.state}, not done; it has no result yet")
    return result.model_validate_json(job.result)


def _show_held(jobs: Sequence[Job], watch: ProgressSink) -> None:
    for job in jobs:
        if job.state in HELD and job.stage:
            watch(Progress(stage=job.stage, done=job.done, total=job.total, note=job.note))
