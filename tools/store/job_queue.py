"""Queries of the job table that decide who runs what.

Knows rows and compare-and-set; must not know leases' length, handlers or which move is allowed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import update
from sqlmodel import Session, col, select

from tools.errors import UnknownName
from tools.store.job import Execution, Job, JobNeed, JobState, get_job
from tools.store.model import canonical_json, insert_or_ignore, new_id

HELD = frozenset({JobState.CLAIMED, JobState.SUBMITTED})
"""A worker has the job."""


def propose_job(
    *,
    session: Session,
    key: str,
    kind: str,
    payload: BaseModel,
    needs: Collection[str],
    production_id: str | None,
    at: datetime,
) -> Job:
    """Store a job as proposed, or return the one that has the key, locked either way.

    Raises:
        UnknownName: a needed job does not exist.
    """
    job_id = new_id()
    values = {
        "id": job_id,
        "key": key,
        "kind": kind,
        "payload": canonical_json(payload),
        "state": JobState.PROPOSED,
        "production_id": production_id,
        "attempts": 0,
        "cancel_requested": False,
        "stage": "",
        "done": 0,
        "total": 0,
        "note": "",
        "created_at": at,
    }
    if insert_or_ignore(session, Job, values):
        for need in sorted(set(needs)):
            get_job(session=session, job_id=need)
            session.add(JobNeed(job_id=job_id, needs_id=need))
    return session.exec(select(Job).where(Job.key == key).with_for_update()).one()


def lock_job(*, session: Session, job_id: str) -> Job:
    """Return a job that nobody else changes until the transaction ends.

    Raises:
        UnknownName: there is no such job.
    """
    job = session.exec(select(Job).where(Job.id == job_id).with_for_update()).first()
    if job is None:
        raise UnknownName(f"no job {job_id}")
    return job


def win_job(
    *, session: Session, job_id: str, owner: str, at: datetime, lease_until: datetime
) -> Execution | None:
    """Compare and set an approved job to claimed and count the execution; None when not won."""
    execution = Execution(job_id=job_id, owner=owner, started_at=at)
    won = session.exec(
        update(Job)
        .where(col(Job.id) == job_id, col(Job.state) == JobState.APPROVED)
        .values(
            state=JobState.CLAIMED,
            execution_id=execution.id,
            owner=owner,
            lease_until=lease_until,
            attempts=Job.attempts + 1,
        )
    )
    if won.rowcount != 1:
        return None
    session.add(execution)
    session.flush()
    return execution


def ready_jobs(
    *, session: Session, kinds: Collection[str], only: Collection[str] | None = None
) -> list[str]:
    """Return ids of approved jobs of these kinds whose needs are all done, oldest first.

    Args:
        session: An open transaction.
        kinds: Kinds to choose from.
        only: Ids to choose from; None means all.
    """
    unmet = (
        select(JobNeed.job_id)
        .join(Job, col(Job.id) == JobNeed.needs_id)
        .where(Job.state != JobState.DONE)
    )
    query = (
        select(Job.id)
        .where(Job.state == JobState.APPROVED, col(Job.kind).in_(kinds))
        .where(col(Job.id).not_in(unmet))
        .order_by(col(Job.created_at), col(Job.id))
    )
    if only is not None:
        query = query.where(col(Job.id).in_(only))
    return list(session.exec(query))


def held_jobs(*, session: Session) -> list[Job]:
    """Return the jobs that a worker has."""
    return list(session.exec(select(Job).where(col(Job.state).in_(HELD))))


def holder_and_cancel(*, session: Session, job_id: str) -> tuple[str | None, bool]:
    """Return the execution that holds a job and whether a person asked it to stop."""
    return session.exec(
        select(Job.execution_id, Job.cancel_requested).where(Job.id == job_id)
    ).one()


def with_needs(*, session: Session, job_ids: Collection[str]) -> list[str]:
    """Return the ids given and all that they need, directly or not."""
    found, new = set(job_ids), set(job_ids)
    while new:
        query = select(JobNeed.needs_id).where(col(JobNeed.job_id).in_(new))
        new = set(session.exec(query)) - found
        found |= new
    return sorted(found)
