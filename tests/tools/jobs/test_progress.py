from __future__ import annotations

import pytest
from sqlalchemy import event

from tools.contracts.model import Contract
from tools.contracts.progress import Progress
from tools.errors import Cancelled
from tools.jobs.job_store import JobStore
from tools.jobs.lease import Lease
from tools.jobs.progress import JobProgress
from tools.store.database import Database
from tools.store.job import JobState


class Draw(Contract):
    words: str = "fog"


@pytest.fixture
def store(database: Database) -> JobStore:
    return JobStore(database)


@pytest.fixture
def lease(store: JobStore) -> Lease:
    claim = store.claim(store.enqueue(kind="draw", payload=Draw()))
    assert claim is not None
    return store.lease(claim)


def test_at_most_four_calls_a_second_are_written(database: Database, lease: Lease) -> None:
    updates: list[str] = []

    def count(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE job"):
            updates.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    moments = iter(step / 100 for step in range(1002))
    sink = JobProgress(lease, clock=lambda: next(moments))
    for step in range(1001):
        sink(Progress(stage="draw", done=step, total=1001))
    assert 35 <= len(updates) <= 41


def test_the_last_report_is_there_at_the_end(store: JobStore, lease: Lease) -> None:
    sink = JobProgress(lease, clock=lambda: 0.0)
    for step in range(1, 6):
        sink(Progress(stage="draw", done=step, total=5, note=f"{step} of 5"))
    assert store.jobs([sink.job_id])[0].done == 1
    lease.finish("{}", sink.last)
    job = store.jobs([sink.job_id])[0]
    assert (job.done, job.note) == (5, "5 of 5")


def test_paying_is_committed_before_and_after(store: JobStore, lease: Lease) -> None:
    sink = JobProgress(lease)
    sink.intend()
    assert store.jobs([sink.job_id])[0].state is JobState.SUBMITTED
    sink.submitted("provider-7")
    assert store.jobs([sink.job_id])[0].provider_id == "provider-7"


def test_nothing_is_paid_after_a_cancel(store: JobStore, lease: Lease) -> None:
    sink = JobProgress(lease)
    store.request_cancel(sink.job_id)
    with pytest.raises(Cancelled, match="cancelled"):
        sink.intend()
    assert store.jobs([sink.job_id])[0].state is JobState.CLAIMED
