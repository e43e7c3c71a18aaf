"""Work that was asked for or done: jobs of a kind, and ended executions with their jobs.

Knows the job and execution tables; must not know what a kind of job makes.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from tools.store.job import Execution, ExecutionEnd, Job, JobState


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


def asked_work(*, session: Session, kind: str) -> list[tuple[JobState, str]]:
    """Return state and payload JSON of all jobs of a kind, oldest first; results are not read."""
    query = (
        select(Job.state, Job.payload)
        .where(Job.kind == kind)
        .order_by(col(Job.created_at), col(Job.id))
    )
    return [(JobState(state), payload) for state, payload in session.exec(query)]


def job_by_key_start(*, session: Session, start: str) -> Job | None:
    """Return the job whose key begins with these hexadecimal digits, if any."""
    return session.exec(select(Job).where(col(Job.key).startswith(start))).first()
