"""`cancel`: only what is meant, and only of this production."""

from __future__ import annotations

from agent.context import ChatContext
from agent.toolkit.cancel import Cancel, cancel
from tests.agent.toolkit.conftest import started
from tools.compose import Studio
from tools.contracts.progress import ignore_progress
from tools.contracts.sets import GateRequest
from tools.services import Services
from tools.store.job import JobState, get_job
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind


def state(services: Services, job_id: str) -> JobState:
    with services.database.reading() as session:
        return get_job(session=session, job_id=job_id).state


def test_cancel_takes_only_what_is_meant(context: ChatContext, daro: str) -> None:
    cast, train, gate = started(context, Kind.CAST, Kind.TRAIN, Kind.GATE)
    answer = cancel(Cancel(what="references"), context, ignore_progress)
    assert answer.text == "Cancelled: gate. What was finished is kept."
    assert state(context.services, gate) is JobState.CANCELLED
    assert state(context.services, train) is state(context.services, cast) is JobState.APPROVED
    answer = cancel(Cancel(what="train"), context, ignore_progress)
    assert answer.text == "Cancelled: train of Daro. What was finished is kept."
    answer = cancel(Cancel(), context, ignore_progress)
    assert answer.text == "Cancelled: cast of Daro. What was finished is kept."
    assert cancel(Cancel(), context, ignore_progress).text == (
        "Nothing is running or waiting; there is nothing to cancel."
    )
    assert "(shoot)" in cancel(Cancel(what="shoot"), context, ignore_progress).text


def test_a_running_job_is_asked_to_stop(context: ChatContext, studio: Studio, daro: str) -> None:
    (job_id,) = started(context, Kind.CAST)
    assert studio.worker.store.claim(job_id) is not None
    answer = cancel(Cancel(), context, ignore_progress)
    assert answer.text == (
        "Asked to stop: cast of Daro; it ends after the step it is in. What was finished is kept."
    )
    with context.services.database.reading() as session:
        assert get_job(session=session, job_id=job_id).cancel_requested


def test_another_production_s_work_goes_on(context: ChatContext, daro: str) -> None:
    elsewhere = production_row(context.services, "Salt").id
    other = context.jobs.enqueue(
        kind=Kind.GATE, payload=GateRequest(reference_set_id="b"), production_id=elsewhere
    )
    assert cancel(Cancel(), context, ignore_progress).text.startswith("Nothing is running")
    assert state(context.services, other) is JobState.APPROVED
