from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from tools.contracts.model import Contract
from tools.contracts.progress import Progress
from tools.errors import BadInput, FailedError, Refused, StorageFailed, UnknownName
from tools.jobs.failure import describe
from tools.jobs.job_store import ChainLink, JobStore
from tools.jobs.lease import Claim
from tools.store.database import Database
from tools.store.job import Execution, ExecutionEnd, Job, JobState, list_executions
from tools.store.process import ProcessIdentity, this_process


class Draw(Contract):
    words: str = "fog"


@dataclass
class Clock:
    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> JobStore:
    return JobStore(database, clock=clock, lease=timedelta(seconds=60))


def state(store: JobStore, job_id: str) -> JobState:
    return store.jobs([job_id])[0].state


def executions(database: Database, job_id: str) -> list[Execution]:
    with database.reading() as session:
        return list_executions(session=session, job_id=job_id)


def claimed(store: JobStore, words: str = "fog") -> Claim:
    claim = store.claim(store.enqueue(kind="draw", payload=Draw(words=words)))
    assert claim is not None
    return claim


def give_to(database: Database, job_id: str, owner: ProcessIdentity) -> None:
    with database.session() as session:
        session.get_one(Job, job_id).owner = str(owner)


def dead() -> ProcessIdentity:
    return ProcessIdentity(machine=this_process().machine, pid=1, started="-1")


def test_the_same_work_is_one_job(store: JobStore) -> None:
    first = store.enqueue(kind="draw", payload=Draw())
    assert store.enqueue(kind="draw", payload=Draw()) == first
    assert store.enqueue(kind="draw", payload=Draw(words="sun")) != first
    assert store.enqueue(kind="film", payload=Draw()) != first


def test_racing_requests_make_one_job(store: JobStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: store.enqueue(kind="draw", payload=Draw()), range(16)))
    assert len(set(ids)) == 1


def test_of_sixteen_racers_one_wins(store: JobStore, database: Database) -> None:
    job_id = store.enqueue(kind="draw", payload=Draw())
    start = Barrier(16)

    def race(_: int) -> Claim | None:
        start.wait()
        return store.claim(job_id)

    with ThreadPoolExecutor(16) as pool:
        claims = [claim for claim in pool.map(race, range(16)) if claim is not None]
    assert len(claims) == 1
    assert [row.id for row in executions(database, job_id)] == [claims[0].execution_id]


def test_a_proposed_job_waits_for_approval(store: JobStore) -> None:
    job_id = store.enqueue(kind="draw", payload=Draw(), approved=False)
    assert store.claim_next(["draw"]) is None
    store.approve(job_id)
    with pytest.raises(BadInput, match="is approved and cannot become approved"):
        store.approve(job_id)
    assert store.claim_next(["draw"]) is not None


def test_a_command_approves_what_was_only_proposed(store: JobStore) -> None:
    job_id = store.enqueue(kind="draw", payload=Draw(), approved=False)
    store.enqueue(kind="draw", payload=Draw())
    assert state(store, job_id) is JobState.APPROVED


def test_a_chain_runs_in_order(store: JobStore) -> None:
    chain = store.enqueue_chain([ChainLink(kind, Draw()) for kind in ("cast", "train", "shoot")])
    kinds = ["shoot", "train", "cast"]
    for job_id in chain:
        claim = store.claim_next(kinds)
        assert claim is not None
        assert claim.job_id == job_id
        assert store.claim_next(kinds) is None
        store.lease(claim).finish("{}", None)
    assert store.with_needs(chain[-1:]) == sorted(chain)


def test_claims_keep_to_kinds_and_ids(store: JobStore) -> None:
    first, second = (store.enqueue(kind="draw", payload=Draw(words=words)) for words in "ab")
    assert store.claim_next(["film"]) is None
    claim = store.claim_next(["draw"], only=[second])
    assert claim is not None
    assert claim.job_id == second
    assert state(store, first) is JobState.APPROVED


def test_an_unknown_job_or_need_is_said(store: JobStore) -> None:
    with pytest.raises(UnknownName, match="no job nowhere"):
        store.enqueue(kind="draw", payload=Draw(), needs=["nowhere"])
    for call in (store.approve, store.request_cancel, lambda job_id: store.jobs([job_id])):
        with pytest.raises(UnknownName, match="no job nowhere"):
            call("nowhere")
    assert store.claim_next(["draw"]) is None


def test_a_done_job_is_left_alone(store: JobStore, database: Database) -> None:
    claim = claimed(store)
    assert store.lease(claim).finish('{"words":"done"}', Progress(stage="draw", done=4, total=4))
    assert store.enqueue(kind="draw", payload=Draw()) == claim.job_id
    assert store.request_cancel(claim.job_id) is JobState.DONE
    job = store.jobs([claim.job_id])[0]
    assert (job.state, job.result, job.done) == (JobState.DONE, '{"words":"done"}', 4)
    assert [row.end for row in executions(database, job.id)] == [ExecutionEnd.DONE]


def test_a_waiting_job_is_cancelled_at_once_and_may_be_asked_for_again(store: JobStore) -> None:
    job_id = store.enqueue(kind="draw", payload=Draw())
    assert store.request_cancel(job_id) is JobState.CANCELLED
    assert store.claim_next(["draw"]) is None
    store.enqueue(kind="draw", payload=Draw())
    claim = store.claim_next(["draw"])
    assert claim is not None
    assert store.lease(claim).must_stop() is None


def test_a_running_job_is_asked_to_stop(store: JobStore, database: Database) -> None:
    claim = claimed(store)
    lease = store.lease(claim)
    assert lease.must_stop() is None
    assert store.request_cancel(claim.job_id) is JobState.CLAIMED
    assert lease.must_stop() == "cancelled; what was done is kept"
    lease.cancel()
    assert state(store, claim.job_id) is JobState.CANCELLED
    assert [row.end for row in executions(database, claim.job_id)] == [ExecutionEnd.CANCELLED]


def test_a_silent_worker_loses_its_job_and_cannot_write_it_any_more(
    store: JobStore, database: Database, clock: Clock
) -> None:
    first = claimed(store)
    clock.forward(59)
    assert store.reclaim() == []
    assert store.lease(first).heartbeat()
    clock.forward(59)
    assert store.reclaim() == []
    clock.forward(1)
    assert store.reclaim() == [first.job_id]
    second = store.claim(first.job_id)
    assert second is not None
    late = store.lease(first)
    assert late.must_stop() == "another worker has taken this job over"
    assert not late.heartbeat()
    assert not late.finish('{"words":"late"}', None)
    assert not late.fail(describe(FailedError("late")), retry=True)
    late.cancel()
    late.release()
    late.write_progress(Progress(stage="late", done=1, total=1))
    job = store.jobs([first.job_id])[0]
    assert (job.state, job.result, job.stage) == (JobState.CLAIMED, None, "")
    ends = [row.end for row in executions(database, job.id)]
    assert ends == [ExecutionEnd.INTERRUPTED, None]


def test_a_dead_owner_is_noticed_before_the_lease_ends(store: JobStore, database: Database) -> None:
    claim = claimed(store)
    assert store.reclaim() == []
    give_to(database, claim.job_id, dead())
    assert store.reclaim() == [claim.job_id]
    assert state(store, claim.job_id) is JobState.APPROVED


def test_an_owner_elsewhere_is_given_its_whole_lease(
    store: JobStore, database: Database, clock: Clock
) -> None:
    claim = claimed(store)
    give_to(database, claim.job_id, ProcessIdentity("elsewhere", 1, "1"))
    assert store.reclaim() == []
    clock.forward(60)
    assert store.reclaim() == [claim.job_id]


def test_a_dead_owner_of_a_cancelled_job_leaves_it_cancelled(
    store: JobStore, database: Database
) -> None:
    claim = claimed(store)
    give_to(database, claim.job_id, dead())
    assert store.request_cancel(claim.job_id) is JobState.CANCELLED


def test_a_job_that_keeps_ending_its_process_is_given_up_until_asked_for_again(
    store: JobStore, database: Database
) -> None:
    claim = claimed(store)
    for _ in range(2):
        give_to(database, claim.job_id, dead())
        assert store.reclaim() == [claim.job_id]
        assert store.claim(claim.job_id) is not None
    give_to(database, claim.job_id, dead())
    store.reclaim()
    job = store.jobs([claim.job_id])[0]
    assert job.state is JobState.FAILED
    assert "ended its process 3 times" in str(job.message)
    store.enqueue(kind="draw", payload=Draw())
    assert store.claim(claim.job_id) is not None


def test_asking_again_counts_as_a_fresh_approval_of_a_killed_job(
    store: JobStore, database: Database
) -> None:
    claim = claimed(store)
    for _ in range(6):
        give_to(database, claim.job_id, dead())
        assert store.enqueue(kind="draw", payload=Draw()) == claim.job_id
        assert store.claim(claim.job_id) is not None
    assert len(executions(database, claim.job_id)) == 7


def test_retries_are_capped(store: JobStore) -> None:
    job_id = store.enqueue(kind="draw", payload=Draw())
    answers = []
    while (claim := store.claim(job_id)) is not None:
        failure = describe(StorageFailed("disk full"))
        answers.append(store.lease(claim).fail(failure, retry=True))
    assert answers == [True, True, False]
    job = store.jobs([job_id])[0]
    assert (job.state, job.error, job.message) == (JobState.FAILED, "StorageFailed", "disk full")


def test_a_paid_call_whose_answer_is_lost_becomes_unknown(
    store: JobStore, database: Database
) -> None:
    claim = claimed(store)
    assert store.lease(claim).intend()
    give_to(database, claim.job_id, dead())
    store.reclaim()
    assert state(store, claim.job_id) is JobState.UNKNOWN
    store.enqueue(kind="draw", payload=Draw())
    assert store.claim_next(["draw"]) is None
    store.approve(claim.job_id)
    assert store.claim_next(["draw"]) is not None


def test_a_paid_call_with_its_id_is_resumed_by_it(store: JobStore, database: Database) -> None:
    claim = claimed(store)
    lease = store.lease(claim)
    lease.intend()
    lease.submitted("provider-7")
    give_to(database, claim.job_id, dead())
    store.reclaim()
    again = store.claim(claim.job_id)
    assert again is not None
    assert again.provider_id == "provider-7"


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (FailedError("no answer"), JobState.UNKNOWN),
        (ZeroDivisionError(), JobState.UNKNOWN),
        (Refused("the provider refuses the prompt"), JobState.FAILED),
    ],
)
def test_a_failure_right_after_paying_is_unknown_unless_refused(
    store: JobStore, error: Exception, after: JobState
) -> None:
    claim = claimed(store)
    lease = store.lease(claim)
    lease.intend()
    assert not lease.fail(describe(error), retry=isinstance(error, FailedError))
    assert state(store, claim.job_id) is after
