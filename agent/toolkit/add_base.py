"""`add_base`: install a base so that it can draw; the approval was asked before."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import ask_for, badly_ended
from agent.toolkit.tool import ChatTool, always
from tools.contracts.bases import AddBaseRequest, AnyBaseRow
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.store.job import Job
from tools.workflows.bases.install_base import next_request
from tools.workflows.kinds import Kind


class AddBase(Contract):
    """Install a base (a diffusion model) so that it can draw; waits for approval."""

    base: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


def add_base(arguments: AddBase, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Start the download of a base of the table, or say that it is there.

    Raises:
        UnknownName: no such base; the message lists those there are.
        BadInput: it is behind an endpoint, and nothing of it is installed.
        BaseUnavailable: the embedded base is broken.
    """
    catalog = context.services.catalog
    row = catalog.row(arguments.base)
    if catalog.status(row.name).usable:
        return Answer(text=f"{row.name} is installed already: {_terms(row)}.")
    if row.source.startswith("package:"):
        catalog.folder(row.name)
    request = AddBaseRequest(name=row.name, source=catalog.source(row.name))
    asked = ask_for(context, Kind.ADD_BASE, next_request(context.jobs, request))
    how = "goes on already" if asked.was_waiting else "is started"
    return Answer(
        text=f"The installation of {row.name} {how}; it is told here when it is done. {_terms(row)}.",
        jobs=asked.jobs,
    )


def describe_base(arguments: AddBase, context: ChatContext) -> str:
    """Render what would be installed and under which terms, for the approval card."""
    known = {row.name: row for row in context.services.catalog.rows()}
    row = known.get(arguments.base)
    terms = f": {_terms(row)}" if row else ""
    return f"Install the base {arguments.base}{terms}. Its weights are several gigabytes."


def base_report(context: ChatContext, job: Job) -> Answer:
    """Say that a base can draw now, or why not."""
    request = AddBaseRequest.model_validate_json(job.payload)
    failed = badly_ended(job, f"The installation of {request.name}")
    if failed is not None:
        return failed
    row = context.services.catalog.row(request.name)
    return Answer(
        text=f"{row.name} is installed: {_terms(row)}. Next: set it as the production's base."
    )


def _terms(row: AnyBaseRow) -> str:
    return f"{row.title}; licence: {row.licence_line}"


TOOL = ChatTool(
    "add_base",
    AddBase,
    add_base,
    card=describe_base,
    waits=always,
    reports={Kind.ADD_BASE: base_report},
)
