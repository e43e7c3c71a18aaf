"""Which state of a job may follow which (docs/architecture.md, Jobs).

Knows the table of moves; must not know the database.
"""

from __future__ import annotations

from collections.abc import Mapping

from tools.errors import BadInput
from tools.store.job import Job, JobState

FOLLOWERS: Mapping[JobState, frozenset[JobState]] = {
    JobState.PROPOSED: frozenset({JobState.APPROVED, JobState.CANCELLED}),
    JobState.APPROVED: frozenset({JobState.CLAIMED, JobState.CANCELLED}),
    JobState.CLAIMED: frozenset(
        {
            JobState.SUBMITTED,
            JobState.DONE,
            JobState.FAILED,
            JobState.CANCELLED,
            JobState.APPROVED,
        }
    ),
    JobState.SUBMITTED: frozenset(
        {
            JobState.DONE,
            JobState.FAILED,
            JobState.CANCELLED,
            JobState.APPROVED,
            JobState.UNKNOWN,
        }
    ),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset({JobState.APPROVED}),
    JobState.CANCELLED: frozenset({JobState.APPROVED}),
    JobState.UNKNOWN: frozenset({JobState.APPROVED, JobState.CANCELLED}),
}


def move(job: Job, after: JobState) -> None:
    """Put a job into its next state.

    Raises:
        BadInput: the state cannot follow; the message says which can.
    """
    allowed = FOLLOWERS[job.state]
    if after not in allowed:
        names = ", ".join(sorted(allowed)) or "nothing"
        raise BadInput(f"job {job.id} is {job.state} and cannot become {after}, only {names}")
    job.state = after
