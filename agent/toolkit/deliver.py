"""`deliver`: the picked takes as checked files with report and manifest, in a folder and a zip."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from agent.answer import Answer, AnswerPicture
from agent.context import ChatContext
from agent.toolkit.common import (
    badly_ended,
    listed,
)
from agent.toolkit.tool import ChatTool
from tools.contracts.delivery import DeliverRequest, DeliveryMade
from tools.contracts.digest import Slate
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.jobs.local_worker import read_result
from tools.language.text import plural
from tools.store.job import Job
from tools.workflows.delivery.delivery_plan import plan_delivery
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind

FEW = 12
"""Takes that are waited for; more are reported when they are done."""


class Deliver(Contract):
    """Write the picked takes as checked files with report and manifest; no slates takes all picks."""

    slates: tuple[Slate, ...] = Field(default=(), max_length=200)


def deliver(arguments: Deliver, context: ChatContext, watch: ProgressSink) -> Answer:
    """Write the picks of some shots, or of all; few are waited for.

    Raises:
        UnknownName: a slate that no shot has.
        Refused: nothing is picked, or a named shot has no pick.
        StorageFailed: a stored picture is damaged, or the disk is full.
    """
    today = datetime.now(UTC).date()
    request = plan_delivery(context.services, context.production, arguments.slates, today)
    owner = production_row(context.services, context.production)
    job_id = context.jobs.enqueue(kind=Kind.DELIVER, payload=request, production_id=owner.id)
    if len(request.takes) <= FEW:
        return _answer(context.settle(job_id, watch))
    context.started(job_id)
    count = plural(len(request.takes), "take")
    return Answer(
        text=f"Delivery of {count} was started; it is told here when it is done.", jobs=(job_id,)
    )


def deliver_report(_context: ChatContext, job: Job) -> Answer:
    """Say what came of a delivery that was not waited for."""
    request = DeliverRequest.model_validate_json(job.payload)
    what = f"Delivery {request.stamp} of {plural(len(request.takes), 'take')}"
    return badly_ended(job, what) or _answer(job)


def _answer(job: Job) -> Answer:
    made = read_result(job, DeliveryMade)
    count = plural(len(made.takes), "take")
    lines = [
        f"Delivered {count}: {_takes(made)}.",
        f"Folder: {made.folder}",
        f"Zip: {made.zip}",
        "With it: a report (HTML and JSON), a contact sheet, and a manifest with the SHA-256 of "
        "every file. Every picture says in its metadata that it is AI-generated.",
    ]
    if made.not_passed:
        lines.append(f"Picked although QC does not pass: {listed(list(made.not_passed))}.")
    if made.changed:
        lines.append(f"QC says otherwise than when drawn: {listed(list(made.changed))}.")
    sheet = AnswerPicture(
        digest=made.contact_sheet, label=f"Contact sheet of the delivery: {count}"
    )
    return Answer(text="\n".join(lines), pictures=(sheet,))


def _takes(made: DeliveryMade) -> str:
    takes = list(made.takes)
    return listed(takes) if len(takes) <= FEW else f"{takes[0]} to {takes[-1]}"


TOOL = ChatTool("deliver", Deliver, deliver, reports={Kind.DELIVER: deliver_report})
