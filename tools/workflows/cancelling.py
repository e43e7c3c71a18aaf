"""Cancel a production's work by what it is for.

Must not know how a job stops, nor what the kinds are (`tools.workflows.job_kinds`).
"""

from __future__ import annotations

from typing import Literal

from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.board import open_jobs
from tools.store.job import Job
from tools.workflows.digest import production_row
from tools.workflows.job_kinds import Work, job_kinds

What = Literal["everything", Work]
"""What a person may ask to stop."""


def cancel_work(services: Services, jobs: JobStore, production: str, what: What) -> list[Job]:
    """Cancel what waits and ask what runs to stop; return those jobs as they are now.

    A running job ends at its next report of progress and keeps what is finished.
    """
    owner = production_row(services, production).id
    with services.database.reading() as session:
        found = open_jobs(session=session, production_id=owner)
    parts = {name.value: kind.part_of for name, kind in job_kinds().items()}
    wanted = [job.id for job in found if what in ("everything", parts.get(job.kind))]
    for job_id in wanted:
        jobs.request_cancel(job_id)
    return jobs.jobs(wanted)
