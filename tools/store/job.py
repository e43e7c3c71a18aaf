"""The job table: everything that costs time or money, its state, lease, progress and outcome.

Knows columns only; `tools.jobs` knows which state may follow which.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, col, select

from tools.errors import UnknownName
from tools.store.model import StoreModel, enum_type, new_id, now


class JobState(StrEnum):
    """Where a job stands (docs/architecture.md, Jobs)."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    CLAIMED = "claimed"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class ExecutionEnd(StrEnum):
    """How an execution of a job ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Its process ended, or its lease ran out, before it could say how it went."""


class Job(StoreModel, table=True):
    """One piece of work; its key makes it the same work when it is asked for again."""

    __tablename__ = "job"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    key: str = Field(unique=True, max_length=64)
    kind: str = Field(max_length=80, index=True)
    payload: str
    """JSON of the handler's payload model."""
    state: JobState = Field(sa_type=enum_type(JobState), nullable=False, index=True)
    production_id: str | None = Field(default=None, foreign_key="production.id", index=True)
    attempts: int = 0
    """Executions since the last approval."""
    execution_id: str | None = Field(default=None, max_length=32)
    """The execution that holds the job; a write with another one is refused."""
    owner: str | None = Field(default=None, max_length=200)
    """Process that holds the job, as host:pid:start-time."""
    lease_until: datetime | None = None
    cancel_requested: bool = False
    provider_id: str | None = Field(default=None, max_length=200)
    """Id under which a provider knows the paid call."""
    stage: str = ""
    done: int = 0
    total: int = 0
    """0 when unknown."""
    note: str = ""
    result: str | None = None
    """JSON of the handler's result model, once done."""
    error: str | None = None
    """Class name of what made it fail."""
    message: str | None = None
    exit_code: int | None = None
    traceback: str | None = None
    """Only for bugs."""
    created_at: datetime = Field(default_factory=now)
    approved_at: datetime | None = None
    finished_at: datetime | None = None


class JobNeed(StoreModel, table=True):
    """A job that must be done before another may start."""

    __tablename__ = "job_need"

    job_id: str = Field(primary_key=True, foreign_key="job.id", max_length=32)
    needs_id: str = Field(primary_key=True, foreign_key="job.id", max_length=32)


class Execution(StoreModel, table=True):
    """One started execution of a job."""

    __tablename__ = "execution"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    job_id: str = Field(foreign_key="job.id", index=True)
    owner: str = Field(max_length=200)
    started_at: datetime = Field(default_factory=now)
    ended_at: datetime | None = None
    end: ExecutionEnd | None = Field(default=None, sa_type=enum_type(ExecutionEnd), nullable=True)
    """None while it runs."""


def find_job(*, session: Session, key: str) -> Job | None:
    """Return the job of this key, if any."""
    return session.exec(select(Job).where(Job.key == key)).first()


def get_job(*, session: Session, job_id: str) -> Job:
    """Return a job by its id.

    Raises:
        UnknownName: there is none.
    """
    job = session.get(Job, job_id)
    if job is None:
        raise UnknownName(f"no job {job_id}")
    return job


def list_executions(*, session: Session, job_id: str) -> list[Execution]:
    """Return a job's executions, first first."""
    return list(
        session.exec(
            select(Execution).where(Execution.job_id == job_id).order_by(col(Execution.started_at))
        )
    )
