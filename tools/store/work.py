"""Work that was asked for or done: jobs of a kind, and ended executions with their jobs.

Knows the job and execution tables; must not know what a kind of job makes.
"""

from __future__ import annotations

from sqlmodel import Session, col, or_, select

from tools.store.job import Execution, ExecutionEnd, Job, JobState

KEY_DIGITS = 64
"""Hexadecimal digits of a job's key."""


def finished_jobs(*, session: Session, kind: str, limit: int = 20) -> list[tuple[Job, Execution]]:
    """Return the done jobs of a kind with the execution that finished them, newest first."""
    query = (
        select(Job, Execution)
        .join(Execution, col(Execution.job_id) == Job.id)
        .where(
            Job.kind == kind,
            Job.state == JobState.DONE,
            Execution.end == ExecutionEnd.DONE,
        )
        .order_by(col(Execution.ended_at).desc())
        .limit(limit)
    )
    return list(session.exec(query))


def ended_executions(*, session: Session, production_id: str) -> list[tuple[str, str, Execution]]:
    """Return kind, job id and execution of everything that a production's jobs ran and ended."""
    query = (
        select(Job.kind, Job.id, Execution)
        .join(Job, col(Job.id) == Execution.job_id)
        .where(Job.production_id == production_id, col(Execution.ended_at).is_not(None))
        .order_by(col(Execution.started_at))
    )
    return list(session.exec(query))


def done_results(*, session: Session, production_id: str, kind: str) -> list[str]:
    """Return the result JSON of a production's done jobs of a kind."""
    query = select(Job.result).where(
        Job.production_id == production_id, Job.kind == kind, Job.state == JobState.DONE
    )
    return [result for result in session.exec(query) if result]


def asked_work(*, session: Session, kind: str, production_id: str) -> list[tuple[JobState, str]]:
    """Return state and payload JSON of jobs of a kind, oldest first; results are not read.

    Args:
        session: An open transaction.
        kind: Of the jobs.
        production_id: Of this production, or of none: the command line names it in the payload only.
    """
    query = (
        select(Job.state, Job.payload)
        .where(
            Job.kind == kind,
            or_(Job.production_id == production_id, col(Job.production_id).is_(None)),
        )
        .order_by(col(Job.created_at), col(Job.id))
    )
    return [(JobState(state), payload) for state, payload in session.exec(query)]


def job_by_key_start(*, session: Session, start: str) -> Job | None:
    """Return the job whose key begins with these hexadecimal digits, if any."""
    # A range, because SQLite searches no index for LIKE.
    first, last = start.ljust(KEY_DIGITS, "0"), start.ljust(KEY_DIGITS, "f")
    return session.exec(select(Job).where(col(Job.key).between(first, last))).first()
