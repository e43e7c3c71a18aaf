"""The sink that a running job reports to.

Knows the lease and how often to write; must not know what the job does.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.errors import Cancelled
from tools.jobs.lease import Lease
from tools.jobs.pace import Pace, no_reason

WRITE_EVERY_S = 0.25


class JobProgress:
    """A `ProgressSink` that shows progress in the job's row and stops the work when asked to."""

    def __init__(
        self,
        lease: Lease,
        *,
        watch: ProgressSink = ignore_progress,
        why_slow: Callable[[], str] = no_reason,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Report to a lease and, at every call, to `watch` (the progress bar in front).

        Both are told the time that is left; `why_slow` says what would be faster where that is much.
        """
        self._lease = lease
        self._watch = watch
        self._clock = clock
        self._pace = Pace(clock(), why_slow)
        self._written_at: float | None = None
        self.last: Progress | None = None

    @property
    def job_id(self) -> str:
        """The job's id: the same in every execution, fit to name its checkpoints."""
        return self._lease.claim.job_id

    @property
    def provider_id(self) -> str | None:
        """Id of a paid call that an earlier execution made; wait for that one, don't pay again."""
        return self._lease.claim.provider_id

    def __call__(self, progress: Progress) -> None:
        """Report one unit of work; at most four calls a second are written.

        Raises:
            Cancelled: a person cancelled the job, or another worker has taken it over.
        """
        moment = self._clock()
        progress = self.last = self._pace.timed(progress, moment)
        self._watch(progress)
        self._stop_if_asked()
        if self._written_at is None or moment - self._written_at >= WRITE_EVERY_S:
            self._lease.write_progress(progress)
            self._written_at = moment

    def intend(self) -> None:
        """Commit that a paid call is about to be made; call it right before paying.

        Raises:
            Cancelled: as for a progress report; nothing may be paid then.
        """
        self._stop_if_asked()
        if not self._lease.intend():
            raise Cancelled("another worker has taken this job over")

    def submitted(self, provider_id: str) -> None:
        """Commit the provider's id of the paid call; call it before waiting for the result."""
        self._lease.submitted(provider_id)

    def _stop_if_asked(self) -> None:
        reason = self._lease.must_stop()
        if reason is not None:
            raise Cancelled(reason)
