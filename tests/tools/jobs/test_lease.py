"""A lease: every write is refused once another execution holds the job."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tools.contracts.model import Contract
from tools.contracts.progress import Progress
from tools.errors import BadInput, StorageFailed
from tools.jobs.failure import describe
from tools.jobs.job_store import JobStore
from tools.jobs.lease import Lease
from tools.store.database import Database
from tools.store.job import Job, JobState

MINUTE = timedelta(seconds=60)
HALF = Progress(stage="draw", done=1, total=2, note="12A")


class Work(Contract):
    """A payload."""

    name: str = "fog"


@dataclass
class Desk:
    """A job that was asked for, and a clock that stands until it is moved."""

    database: Database
    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def __post_init__(self) -> None:
        self.store = JobStore(self.database, clock=lambda: self.moment, lease=MINUTE)
        self.job_id = self.store.enqueue(kind="toy", payload=Work())

    def lease(self) -> Lease:
        """Claim the job."""
        claim = self.store.claim(self.job_id)
        assert claim is not None
        return Lease(
            self.database, claim, clock=lambda: self.moment, duration=MINUTE, max_attempts=2
        )

    @property
    def job(self) -> Job:
        return self.store.jobs([self.job_id])[0]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.fixture
def taken_over(desk: Desk) -> Lease:
    """A lease whose worker was thought dead, so that another one holds the job."""
    lost = desk.lease()
    lost.release()
    desk.lease()
    return lost


def test_a_heartbeat_prolongs_the_lease(desk: Desk) -> None:
    lease = desk.lease()
    desk.moment += timedelta(seconds=30)
    assert lease.heartbeat()
    assert desk.job.lease_until == desk.moment + MINUTE


def test_progress_is_shown_and_prolongs_too(desk: Desk) -> None:
    lease = desk.lease()
    desk.moment += timedelta(seconds=50)
    lease.write_progress(HALF)
    job = desk.job
    assert (job.stage, job.done, job.total, job.note) == ("draw", 1, 2, "12A")
    assert job.lease_until == desk.moment + MINUTE


def test_a_finished_job_is_let_go_with_its_result(desk: Desk) -> None:
    assert desk.lease().finish('{"a": 1}', HALF)
    job = desk.job
    assert (job.state, job.result, job.stage) == (JobState.DONE, '{"a": 1}', "draw")
    assert (job.execution_id, job.owner, job.lease_until) == (None, None, None)
    assert job.finished_at == desk.moment


def test_a_failure_is_tried_again_as_often_as_allowed(desk: Desk) -> None:
    failure = describe(StorageFailed("full"))
    assert desk.lease().fail(failure, retry=True)
    assert (desk.job.state, desk.job.finished_at) == (JobState.APPROVED, None)
    assert not desk.lease().fail(failure, retry=True)
    job = desk.job
    assert (job.state, job.error, job.message) == (JobState.FAILED, "StorageFailed", "full")


def test_without_retry_the_first_failure_is_the_last(desk: Desk) -> None:
    assert not desk.lease().fail(describe(BadInput("no")), retry=False)
    assert (desk.job.state, desk.job.exit_code) == (JobState.FAILED, 2)


def test_a_call_that_may_have_been_paid_waits_for_a_person(desk: Desk) -> None:
    lease = desk.lease()
    assert lease.intend()
    assert not lease.fail(describe(StorageFailed("lost")), retry=True)
    assert desk.job.state is JobState.UNKNOWN


def test_a_call_that_was_refused_or_is_known_to_the_provider_does_not(desk: Desk) -> None:
    lease = desk.lease()
    lease.intend()
    assert not lease.fail(describe(BadInput("no")), retry=False)
    assert desk.job.state is JobState.FAILED
    desk.store.enqueue(kind="toy", payload=Work())
    known = desk.lease()
    known.intend()
    assert known.submitted("p-1")
    assert known.fail(describe(StorageFailed("lost")), retry=True)
    assert (desk.job.state, desk.job.provider_id) == (JobState.APPROVED, "p-1")
    assert desk.lease().claim.provider_id == "p-1"


def test_why_the_work_must_stop(desk: Desk) -> None:
    lease = desk.lease()
    assert lease.must_stop() is None
    desk.store.request_cancel(desk.job_id)
    assert lease.must_stop() == "cancelled; what was done is kept"
    lease.cancel()
    assert desk.job.state is JobState.CANCELLED
    assert lease.must_stop() == "another worker has taken this job over"


def test_a_worker_that_was_thought_dead_writes_nothing_more(desk: Desk, taken_over: Lease) -> None:
    before = desk.job.model_dump()
    assert taken_over.must_stop() == "another worker has taken this job over"
    assert not taken_over.heartbeat()
    assert not taken_over.intend()
    assert not taken_over.submitted("p")
    assert not taken_over.finish("{}", HALF)
    assert not taken_over.fail(describe(BadInput("no")), retry=False)
    taken_over.write_progress(HALF)
    taken_over.cancel()
    taken_over.release()
    assert desk.job.model_dump() == before
