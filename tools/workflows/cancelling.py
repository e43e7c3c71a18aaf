"""Cancel a production's work by what it is for.

Knows which kinds belong together for a person; must not know how a job stops.
"""

from __future__ import annotations

from typing import Literal

from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.board import open_jobs
from tools.store.job import Job
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind

What = Literal["everything", "cast", "references", "train", "shoot"]

_KINDS: dict[str, frozenset[Kind]] = {
    "cast": frozenset({Kind.CAST, Kind.CUT_SHEET}),
    "references": frozenset({Kind.BUILD_SET, Kind.LAYER, Kind.LAYERED_SET, Kind.PHOTOS, Kind.GATE}),
    "train": frozenset({Kind.TRAIN}),
    "shoot": frozenset({Kind.SHOOT, Kind.COMPARE}),
}


def cancel_work(services: Services, jobs: JobStore, production: str, what: What) -> list[Job]:
    """Cancel what waits and ask what runs to stop; return those jobs as they are now.

    A running job ends at its next report of progress and keeps what is finished.
    """
    owner = production_row(services, production).id
    kinds = _KINDS.get(what)
    with services.database.reading() as session:
        found = open_jobs(session=session, production_id=owner)
    wanted = [job.id for job in found if kinds is None or job.kind in kinds]
    for job_id in wanted:
        jobs.request_cancel(job_id)
    return jobs.jobs(wanted)
