"""What came of a job that a conversation started, said once in that conversation.

Knows when and where it is said; the telling itself is the tool's (`ChatTool.reports`).
"""

from __future__ import annotations

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.registry import TOOLS
from agent.toolkit.tool import JobReport
from tools.contracts.model import Contract
from tools.errors import SamecastError
from tools.jobs.failure import stored_error
from tools.store.conversation import MessageCreate, MessageRole, add_message, mark_reported
from tools.store.database import Database
from tools.store.job import Job, JobState

REPORTER = "studio"
"""Author of reports."""


class WrittenReport(Contract):
    """A report that was written."""

    conversation_id: str
    position: int
    answer: Answer


def reports_by_kind() -> dict[str, JobReport]:
    """What tells of each kind of job that a chat may start."""
    return {kind: tell for tool in TOOLS for kind, tell in tool.reports.items()}


def report_answer(context: ChatContext, job: Job) -> Answer:
    """Say what came of an ended job; what cannot be told any more is said as such."""
    tell = reports_by_kind().get(job.kind)
    if tell is None:
        return Answer(text=_plain(job))
    try:
        return tell(context, job)
    except SamecastError as error:
        return Answer(text=f"{_plain(job)} What it made cannot be shown: {error}")


def write_report(
    database: Database, conversation_id: str, job_id: str, answer: Answer
) -> WrittenReport | None:
    """Store a report unless another reporter was first; both in one transaction."""
    with database.session() as session:
        if not mark_reported(session=session, conversation_id=conversation_id, job_id=job_id):
            return None
        row = add_message(
            session=session,
            message=MessageCreate.of(
                conversation_id=conversation_id,
                role=MessageRole.REPORT,
                author=REPORTER,
                text=answer.text,
                answer=answer,
            ),
        )
        return WrittenReport(conversation_id=conversation_id, position=row.position, answer=answer)


def _plain(job: Job) -> str:
    match job.state:
        case JobState.DONE:
            return f"The job {job.kind} is done."
        case JobState.FAILED:
            return f"The job {job.kind} failed: {stored_error(job)}."
        case JobState.CANCELLED:
            return f"The job {job.kind} was cancelled; what it had finished is kept."
        case _:
            return f"The job {job.kind} waits for a person to look at it ({job.state})."
