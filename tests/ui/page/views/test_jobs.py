from __future__ import annotations

from tests.ui.page.conftest import Filled
from tools.contracts.model import Contract
from tools.jobs.job_store import JobStore
from ui.page.views.jobs import newest_job_views, open_job_views


class Work(Contract):
    """A payload as the kinds have them."""

    character: str


def enqueue(filled: Filled, character: str, *, approved: bool = True) -> str:
    return JobStore(filled.studio.services.database).enqueue(
        kind="layered-set",
        payload=Work(character=character),
        approved=approved,
        production_id=filled.production_id,
    )


def test_jobs_say_what_they_wait_for(filled: Filled) -> None:
    running, asked = enqueue(filled, "Daro"), enqueue(filled, "Mara", approved=False)
    store = JobStore(filled.studio.services.database)
    with filled.studio.services.database.reading() as session:
        open_jobs = {job.id: job for job in open_job_views(session, filled.production_id)}
    assert open_jobs[running].words == "waits for its turn"
    assert open_jobs[running].kind == "layered set"
    assert open_jobs[running].percent is None
    assert open_jobs[asked].waits
    assert (open_jobs[asked].subject, open_jobs[asked].words) == ("Mara", "waits for approval")
    store.request_cancel(running)
    with filled.studio.services.database.reading() as session:
        everything = newest_job_views(session, filled.production_id)
        still = open_job_views(session, filled.production_id)
    assert {job.words for job in everything} == {"cancelled", "waits for approval"}
    assert [job.id for job in still] == [asked]
