from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import (
    BadInput,
    Cancelled,
    FailedError,
    Refused,
    SamecastError,
    StorageFailed,
    TrainingFailed,
    UnknownName,
)
from tools.jobs.handler import Handler
from tools.jobs.job_store import ChainLink
from tools.jobs.keys import job_key
from tools.jobs.local_worker import LocalWorker, read_result
from tools.jobs.progress import JobProgress
from tools.store.database import Database
from tools.store.job import ExecutionEnd, JobState, list_executions


class Draw(Contract):
    words: str = "fog"


class Drawn(Contract):
    text: str


Work = Callable[[Draw, JobProgress], Drawn]


def shout(payload: Draw, progress: ProgressSink) -> Drawn:
    progress(Progress(stage="shout", done=1, total=1))
    return Drawn(text=payload.words.upper())


def worker_of(database: Database, work: Work, **kinds: Work) -> LocalWorker:
    works = {"draw": work, **kinds}
    handlers = {
        kind: Handler(payload=Draw, result=Drawn, work=each, retry_on=(StorageFailed,))
        for kind, each in works.items()
    }
    return LocalWorker(database, handlers)


def ends(database: Database, job_id: str) -> list[ExecutionEnd | None]:
    with database.reading() as session:
        return [row.end for row in list_executions(session=session, job_id=job_id)]


def raising(error: BaseException) -> Work:
    def work(payload: Draw, progress: JobProgress) -> Drawn:
        raise error

    return work


def test_a_call_is_typed_in_and_out_and_run_once(database: Database) -> None:
    worker = worker_of(database, shout)
    for _ in range(3):
        assert worker.call("draw", Draw(), Drawn) == Drawn(text="FOG")
    assert ends(database, worker.store.enqueue(kind="draw", payload=Draw())) == [ExecutionEnd.DONE]


def test_a_job_is_done_only_once_its_result_is_there(database: Database) -> None:
    worker, key = worker_of(database, shout), job_key("draw", Draw())
    assert not worker.is_done(key)
    worker.store.enqueue(kind="draw", payload=Draw())
    assert not worker.is_done(key)
    worker.call("draw", Draw(), Drawn)
    assert worker.is_done(key)


def test_a_chain_is_run_in_order_and_needs_are_run_too(database: Database) -> None:
    order: list[str] = []

    def note(payload: Draw, progress: JobProgress) -> Drawn:
        order.append(payload.words)
        return Drawn(text=payload.words)

    worker = worker_of(database, note)
    chain = worker.store.enqueue_chain([ChainLink("draw", Draw(words=words)) for words in "abc"])
    done = worker.run_until_done(chain[-1:])
    assert order == ["a", "b", "c"]
    assert read_result(done[0], Drawn) == Drawn(text="c")


def test_progress_reaches_the_row_and_the_watcher(database: Database) -> None:
    seen: list[Progress] = []
    worker = worker_of(database, shout)
    worker.call("draw", Draw(), Drawn, watch=seen.append)
    job = worker.store.jobs([worker.store.enqueue(kind="draw", payload=Draw())])[0]
    assert seen == [Progress(stage="shout", done=1, total=1)]
    assert (job.stage, job.done, job.total) == ("shout", 1, 1)


@pytest.mark.parametrize(
    "error", [Refused("2 images are too far apart"), BadInput("empty"), TrainingFailed("NaN")]
)
def test_an_error_is_kept_and_raised_as_the_same_class(
    database: Database, error: SamecastError
) -> None:
    worker = worker_of(database, raising(error))
    with pytest.raises(type(error), match=str(error)):
        worker.call("draw", Draw(), Drawn)
    job_id = worker.store.enqueue(kind="draw", payload=Draw(), approved=False)
    job = worker.store.jobs([job_id])[0]
    assert (job.state, job.exit_code) == (JobState.FAILED, error.exit_code)
    with pytest.raises(type(error), match=str(error)):
        LocalWorker(database, {}).run_until_done([job_id])
    assert ends(database, job_id) == [ExecutionEnd.FAILED]


def test_a_bug_is_kept_with_its_traceback_and_propagates(database: Database) -> None:
    worker = worker_of(database, raising(ZeroDivisionError("by zero")))
    with pytest.raises(ZeroDivisionError, match="by zero"):
        worker.call("draw", Draw(), Drawn)
    job_id = worker.store.enqueue(kind="draw", payload=Draw(), approved=False)
    job = worker.store.jobs([job_id])[0]
    assert job.state is JobState.FAILED
    assert "in work" in str(job.traceback)
    with pytest.raises(FailedError, match=r"draw failed with ZeroDivisionError: by zero \(a bug"):
        worker.run_until_done([job_id])


def test_what_is_worth_another_try_gets_it(database: Database) -> None:
    calls: list[int] = []

    def flaky(payload: Draw, progress: JobProgress) -> Drawn:
        calls.append(1)
        if len(calls) < 3:
            raise StorageFailed("busy")
        return Drawn(text="at last")

    worker = worker_of(database, flaky)
    assert worker.call("draw", Draw(), Drawn).text == "at last"
    failed, done = ExecutionEnd.FAILED, ExecutionEnd.DONE
    job_id = worker.store.enqueue(kind="draw", payload=Draw())
    assert ends(database, job_id) == [failed, failed, done]


def test_a_failed_stage_stops_the_chain_which_goes_on_when_asked_again(
    database: Database,
) -> None:
    broken = [True]

    def train(payload: Draw, progress: JobProgress) -> Drawn:
        if broken:
            raise TrainingFailed("diverged")
        return Drawn(text="adapter")

    worker = worker_of(database, shout, train=train)
    stages = [
        ChainLink("draw", Draw()),
        ChainLink("train", Draw()),
        ChainLink("draw", Draw(words="sun")),
    ]
    chain = worker.store.enqueue_chain(stages)
    with pytest.raises(TrainingFailed, match="diverged"):
        worker.run_until_done(chain)
    states = [job.state for job in worker.store.jobs(chain)]
    assert states == [JobState.DONE, JobState.FAILED, JobState.APPROVED]
    broken.clear()
    worker.run_until_done(worker.store.enqueue_chain(stages))
    assert [len(ends(database, job_id)) for job_id in chain] == [1, 2, 1]


def test_cancelling_stops_the_work_within_one_progress_call(database: Database) -> None:
    units: list[int] = []

    def slow(payload: Draw, progress: JobProgress) -> Drawn:
        for unit in range(100):
            units.append(unit)
            progress(Progress(stage="draw", done=unit, total=100))
            if unit == 5:
                worker.store.request_cancel(progress.job_id)
        return Drawn(text="too late")

    worker = worker_of(database, slow)
    job_id = worker.store.enqueue(kind="draw", payload=Draw())
    with pytest.raises(Cancelled, match="what was done is kept"):
        worker.run_until_done([job_id])
    assert units == list(range(7))
    assert worker.store.jobs([job_id])[0].state is JobState.CANCELLED
    with pytest.raises(Cancelled, match="ask for it again"):
        worker.run_until_done([job_id])


def test_a_watcher_may_cancel(database: Database) -> None:
    def refuse(progress: Progress) -> None:
        raise Cancelled("the bar was closed")

    worker = worker_of(database, shout)
    with pytest.raises(Cancelled, match="the bar was closed"):
        worker.call("draw", Draw(), Drawn, watch=refuse)
    assert worker.call("draw", Draw(), Drawn).text == "FOG"


def test_stopping_the_program_gives_the_job_back(database: Database) -> None:
    worker = worker_of(database, raising(KeyboardInterrupt()))
    job_id = worker.store.enqueue(kind="draw", payload=Draw())
    with pytest.raises(KeyboardInterrupt):
        worker.run_until_done([job_id])
    assert worker.store.jobs([job_id])[0].state is JobState.APPROVED
    assert ends(database, job_id) == [ExecutionEnd.INTERRUPTED]


def test_a_job_that_is_not_done_has_no_result(database: Database) -> None:
    worker = worker_of(database, shout)
    job_id = worker.store.enqueue(kind="draw", payload=Draw())
    with pytest.raises(BadInput, match="is approved, not done"):
        read_result(worker.store.jobs([job_id])[0], Drawn)


def test_what_cannot_run_is_said(database: Database) -> None:
    worker = worker_of(database, shout)
    proposed = worker.store.enqueue(kind="draw", payload=Draw(), approved=False)
    with pytest.raises(BadInput, match="waits for approval"):
        worker.run_until_done([proposed])
    with pytest.raises(UnknownName, match="kind 'film'"):
        worker.call("film", Draw(), Drawn)
    claim = worker.store.claim(worker.store.enqueue(kind="draw", payload=Draw()))
    assert claim is not None
    lease = worker.store.lease(claim)
    lease.intend()
    lease.release()
    with pytest.raises(FailedError, match="may have been paid"):
        worker.call("draw", Draw(), Drawn)


def test_two_workers_share_the_jobs_and_wait_for_each_other(database: Database) -> None:
    ran: list[str] = []

    def note(payload: Draw, progress: JobProgress) -> Drawn:
        ran.append(payload.words)
        return shout(payload, progress)

    workers = [worker_of(database, note) for _ in range(2)]
    chain = workers[0].store.enqueue_chain(
        [ChainLink("draw", Draw(words=str(n))) for n in range(6)]
    )
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda worker: worker.run_until_done(chain), workers))
    assert ran == [str(n) for n in range(6)]
    assert [[job.result for job in jobs] for jobs in done] == [[job.result for job in done[0]]] * 2


def test_the_worker_process_goes_on_after_failures_and_bugs(database: Database) -> None:
    stop = threading.Event()

    def last(payload: Draw, progress: JobProgress) -> Drawn:
        stop.set()
        return Drawn(text="last")

    works = {
        "bug": raising(ZeroDivisionError()),
        "refuse": raising(Refused("no")),
        "last": last,
    }
    worker = worker_of(database, shout, **works)
    ids = [
        worker.store.enqueue(kind=kind, payload=Draw())
        for kind in ("bug", "draw", "refuse", "last")
    ]
    worker.run_forever(stop, poll_s=0.01)
    states = [job.state for job in worker.store.jobs(ids)]
    assert states == [JobState.FAILED, JobState.DONE, JobState.FAILED, JobState.DONE]


def test_the_lease_outlives_work_that_reports_nothing(database: Database) -> None:
    freed: list[list[str]] = []

    def busy(payload: Draw, progress: JobProgress) -> Drawn:
        first = worker.store.jobs([progress.job_id])[0].lease_until
        assert first is not None
        while (worker.store.jobs([progress.job_id])[0].lease_until or first) <= first + timedelta(
            seconds=1
        ):
            freed.append(worker.store.reclaim())
        return Drawn(text="still mine")

    handler = Handler(payload=Draw, result=Drawn, work=busy)
    worker = LocalWorker(database, {"draw": handler}, lease=timedelta(seconds=1))
    assert worker.call("draw", Draw(), Drawn).text == "still mine"
    assert freed
    assert not any(freed)
