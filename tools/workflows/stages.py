"""Run stages as jobs, remember which were asked for, and tell how long each took.

Knows the worker and the executions that the job table keeps; must not know what a stage does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel

from tools.contracts.progress import ProgressSink
from tools.contracts.report import StageTime
from tools.jobs.handler import Result
from tools.jobs.keys import job_key
from tools.jobs.local_worker import LocalWorker
from tools.store.database import Database
from tools.store.job import Execution, ExecutionEnd, find_job, list_executions
from tools.workflows.kinds import Kind


@dataclass(frozen=True)
class Stage:
    """A stage that was asked for."""

    label: str
    key: str
    """The job's key."""


@dataclass(frozen=True)
class StageRunner:
    """Runs stages one after the other through a worker."""

    worker: LocalWorker
    watch: ProgressSink
    asked: list[Stage] = field(default_factory=list)
    """In order."""

    def call(
        self, kind: Kind, payload: BaseModel, result: type[Result], label: str | None = None
    ) -> Result:
        """Do one stage as a job, or take the stored result of one that is done."""
        self.asked.append(Stage(label or kind.value, job_key(kind, payload)))
        return self.worker.call(kind, payload, result, watch=self.watch)

    def is_done(self, kind: Kind, payload: BaseModel) -> bool:
        """Say whether a stage has its result already."""
        return self.worker.is_done(job_key(kind, payload))

    def times(self, database: Database) -> tuple[StageTime, ...]:
        """Return the wall time of each stage's finished execution, in seconds."""
        with database.reading() as session:
            times = []
            for stage in self.asked:
                job = find_job(session=session, key=stage.key)
                executions = list_executions(session=session, job_id=job.id) if job else []
                times.append(StageTime(name=stage.label, seconds=_seconds(executions)))
            return tuple(times)


def _seconds(executions: list[Execution]) -> float:
    done = [
        (execution.ended_at - execution.started_at).total_seconds()
        for execution in executions
        if execution.end is ExecutionEnd.DONE and execution.ended_at is not None
    ]
    return round(done[-1], 2) if done else 0.0
