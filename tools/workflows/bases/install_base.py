"""Install a base, so that it can draw: from a checkpoint, a folder or the hub.

Knows the catalogue; must not know how weights are read.
"""

from __future__ import annotations

from tools.contracts.bases import AddBaseRequest, BaseAdded
from tools.contracts.progress import ProgressSink
from tools.jobs.job_store import JobStore
from tools.jobs.keys import job_key
from tools.services import Services
from tools.workflows.kinds import Kind


def install_base(services: Services, request: AddBaseRequest, progress: ProgressSink) -> BaseAdded:
    """Fetch a base's weights and record them.

    Raises:
        BadInput: a name, source or setting that cannot be used; nothing heavy was loaded.
        UnknownName: `like` is no row.
        BaseUnavailable: the download failed.
        StorageFailed: the disk has no room for it.
        Cancelled: by the progress; what was downloaded is kept for the next time.
    """
    row = services.catalog.add(
        request.name, request.source, like=request.like, own=request.own, progress=progress
    )
    return BaseAdded(name=row.name, source=row.source, revision=row.revision)


def next_request(jobs: JobStore, request: AddBaseRequest) -> AddBaseRequest:
    """The request as another job than the finished ones; one that waits or runs is the same job."""
    while jobs.is_done(job_key(Kind.ADD_BASE, request)):
        count = request.installed_before + 1
        request = request.model_copy(update={"installed_before": count})
    return request
