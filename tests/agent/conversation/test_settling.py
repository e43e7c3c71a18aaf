"""Short jobs waited for, here and elsewhere."""

from __future__ import annotations

import threading

import pytest

from agent.conversation.settling import settle_elsewhere
from tests.agent.conversation.conftest import TOY, Toy
from tests.support.chat import Chat
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, Cancelled, FailedError
from tools.store.job import JobState


def test_a_short_job_is_done_before_the_answer(talk: Chat) -> None:
    assert talk.ask("gate Lirien").reply == "The toy works."
    assert talk.runner.report_ended_jobs() == []


def test_the_failure_of_a_short_job_is_the_tool_s(talk: Chat) -> None:
    assert talk.ask("gate Broken").reply == "short is broken; bring another"


def test_a_job_of_another_worker_is_waited_for(talk: Chat) -> None:
    jobs = talk.studio.worker.store
    job_id = jobs.enqueue(kind=TOY, payload=Toy(name="elsewhere"))
    worker = threading.Thread(target=talk.studio.worker.run_next)
    worker.start()

    assert settle_elsewhere(jobs, job_id, ignore_progress).state is JobState.DONE
    worker.join()


def test_what_ends_a_job_elsewhere_is_raised_here(talk: Chat) -> None:
    jobs = talk.studio.worker.store
    broken = jobs.enqueue(kind=TOY, payload=Toy(name="x", fails=True))
    with pytest.raises(BadInput, match="x is broken"):
        talk.studio.worker.run_next()
    with pytest.raises(BadInput, match="x is broken"):
        settle_elsewhere(jobs, broken, ignore_progress)
    cancelled = jobs.enqueue(kind=TOY, payload=Toy(name="y"))
    jobs.request_cancel(cancelled)
    with pytest.raises(Cancelled, match="toy was cancelled"):
        settle_elsewhere(jobs, cancelled, ignore_progress)


def test_a_job_that_nobody_takes_is_not_waited_for_for_ever(talk: Chat) -> None:
    jobs = talk.studio.worker.store
    job_id = jobs.enqueue(kind=TOY, payload=Toy(name="alone"))
    seconds = iter(range(0, 1000, 100))

    with pytest.raises(FailedError, match=r"no worker is running \(`samecast work`\)"):
        settle_elsewhere(jobs, job_id, ignore_progress, clock=lambda: float(next(seconds)))

    assert jobs.jobs([job_id])[0].state is JobState.APPROVED
