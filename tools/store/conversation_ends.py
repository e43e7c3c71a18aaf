"""The open ends of a conversation: its newest messages, and jobs whose end is still to be told.

Queries over the tables of `tools.store.conversation`; must not know what a message says.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update
from sqlmodel import Session, col, select

from tools.store.conversation import ConversationJob, Message, MessageRole, link_job


def last_messages(
    *, session: Session, conversation_id: str, roles: Collection[MessageRole], limit: int
) -> list[Message]:
    """Return the newest few messages of some roles, first first."""
    rows = session.exec(
        select(Message)
        .where(Message.conversation_id == conversation_id, col(Message.role).in_(roles))
        .order_by(col(Message.position).desc())
        .limit(limit)
    )
    return list(rows)[::-1]


def expect_report(*, session: Session, conversation_id: str, job_id: str) -> None:
    """Link a job whose end is to be told, also when an earlier end of the same job was told."""
    if link_job(session=session, conversation_id=conversation_id, job_id=job_id):
        return
    session.exec(
        update(ConversationJob)
        .where(
            col(ConversationJob.conversation_id) == conversation_id,
            col(ConversationJob.job_id) == job_id,
        )
        .values(reported_at=None)
    )
