"""Wait for a job that another process does.

Knows the queue; must not know what a job does. Where no worker is, the wait ends with a clear line.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tools.contracts.progress import Progress, ProgressSink
from tools.errors import Cancelled, FailedError
from tools.jobs.failure import stored_error
from tools.jobs.job_store import JobStore
from tools.store.job import Job, JobState
from tools.store.job_queue import HELD

POLL_S = 0.1
UNCLAIMED_S = 120.0


def settle_elsewhere(
    jobs: JobStore,
    job_id: str,
    watch: ProgressSink,
    *,
    patience_s: float = UNCLAIMED_S,
    clock: Callable[[], float] = time.monotonic,
) -> Job:
    """Wait until a worker has ended a job and return it done.

    Args:
        jobs: The queue.
        job_id: The job.
        watch: Gets the progress that the worker writes.
        patience_s: How long a job may lie in the queue, in seconds.
        clock: Seconds that only grow.

    Raises:
        SamecastError: what the job raised.
        Cancelled: it was cancelled.
        FailedError: nobody took it in time; asking again later takes its result.
    """
    deadline = clock() + patience_s
    while True:
        [job] = jobs.jobs([job_id])
        match job.state:
            case JobState.DONE:
                return job
            case JobState.FAILED:
                raise stored_error(job)
            case JobState.CANCELLED:
                raise Cancelled(f"{job.kind} was cancelled; ask for it again to go on")
        if job.state in HELD:
            deadline = clock() + patience_s
            watch(
                Progress(stage=job.stage or job.kind, done=job.done, total=job.total, note=job.note)
            )
        elif clock() > deadline:
            raise FailedError(
                f"{job.kind} waits behind other work, or no worker is running (`samecast work`); it "
                "stays in the queue, so ask for it again later"
            )
        threading.Event().wait(POLL_S)
