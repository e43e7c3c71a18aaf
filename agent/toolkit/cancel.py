"""`cancel`: stop running or waiting work; what was finished is kept."""

from __future__ import annotations

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.store.job import Job, JobState
from tools.workflows.cancelling import What, cancel_work
from tools.workflows.job_lines import job_subject


class Cancel(Contract):
    """Stop running or waiting work; finished work is kept."""

    what: What = "everything"


def cancel(arguments: Cancel, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Cancel a production's open jobs of the kinds meant."""
    jobs = cancel_work(context.services, context.jobs, context.production, arguments.what)
    if not jobs:
        what = "" if arguments.what == "everything" else f" ({arguments.what})"
        return Answer(text=f"Nothing is running or waiting{what}; there is nothing to cancel.")
    stopped = [_name(job) for job in jobs if job.state is JobState.CANCELLED]
    asked = [_name(job) for job in jobs if job.state is not JobState.CANCELLED]
    sentences = []
    if stopped:
        sentences.append(f"Cancelled: {'; '.join(stopped)}.")
    if asked:
        sentences.append(f"Asked to stop: {'; '.join(asked)}; it ends after the step it is in.")
    return Answer(text=" ".join([*sentences, "What was finished is kept."]))


def _name(job: Job) -> str:
    subject = job_subject(job.payload)
    return f"{job.kind} of {subject}" if subject else job.kind


TOOL = ChatTool("cancel", Cancel, cancel)
