from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.context import ChatContext
from agent.toolkit import deliver as tool
from agent.toolkit.deliver import Deliver, deliver, deliver_report
from agent.toolkit.pick import Pick, pick
from tests.agent.toolkit.conftest import Linked
from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.contracts.progress import ignore_progress
from tools.errors import Refused
from tools.services import Services
from tools.store.job import Job, JobState


@pytest.fixture
def filmed(context: ChatContext, services: Services, daro: str) -> str:
    """12A and 12B have a take each, both picked."""
    plan(services, shot("12A"), shot("12B"))
    takes(services, shot("12A"), [PASSED])
    takes(services, shot("12B"), [REJECTED])
    pick(Pick(takes=("12A T1", "12B T1")), context, ignore_progress)
    return daro


def test_few_picks_are_delivered_at_once(context: ChatContext, filmed: str, linked: Linked) -> None:
    answer = deliver(Deliver(), context, ignore_progress)
    lines = answer.text.splitlines()
    assert lines[0] == "Delivered 2 takes: 12A T1 and 12B T1."
    folder, archive = (Path(line.partition(": ")[2]) for line in lines[1:3])
    assert (folder / "manifest.json").is_file()
    assert archive.is_file()
    assert lines[-1] == "Picked although QC does not pass: 12B T1."
    assert context.services.files.path(answer.pictures[0].digest).is_file()
    assert (answer.jobs, linked.ids) == ((), [])


def test_one_shot_is_delivered_alone_and_every_delivery_is_kept(
    context: ChatContext, filmed: str
) -> None:
    first = deliver(Deliver(slates=("12A",)), context, ignore_progress).text
    second = deliver(Deliver(slates=("12A",)), context, ignore_progress).text
    assert first.splitlines()[0] == "Delivered 1 take: 12A T1."
    assert "_001" in first.splitlines()[1]
    assert "_002" in second.splitlines()[1]


def test_nothing_picked_is_refused(context: ChatContext, services: Services, daro: str) -> None:
    plan(services, shot("12A"))
    takes(services, shot("12A"), [PASSED])
    with pytest.raises(Refused, match="no take is picked yet; pick takes first, then deliver"):
        deliver(Deliver(), context, ignore_progress)


def test_many_picks_are_a_job_that_is_reported(
    context: ChatContext,
    filmed: str,
    linked: Linked,
    finish: Callable[[str], Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tool, "FEW", 1)
    answer = deliver(Deliver(), context, ignore_progress)
    (job_id,) = answer.jobs
    assert linked.ids == [job_id]
    assert answer.text == ("Delivery of 2 takes was started; it is told here when it is done.")
    report = deliver_report(context, finish(job_id))
    assert report.text.startswith("Delivered 2 takes: 12A T1 to 12B T1.")
    (job,) = context.jobs.jobs([job_id])
    job.state, job.message = JobState.FAILED, "the disk is full"
    assert deliver_report(context, job).text.endswith("of 2 takes failed: the disk is full")
