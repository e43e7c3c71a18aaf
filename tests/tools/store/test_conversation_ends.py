from __future__ import annotations

from sqlmodel import Session

from tests.tools.store.store_rows import add_job
from tools.store.conversation import (
    Conversation,
    MessageCreate,
    MessageRole,
    add_message,
    mark_reported,
    unreported_jobs,
)
from tools.store.conversation_ends import expect_report, last_messages
from tools.store.job import JobState

USER, REPORT = MessageRole.USER, MessageRole.REPORT


def test_the_newest_messages_of_some_roles_come_first_first(
    session: Session, conversation: Conversation
) -> None:
    for number, role in enumerate([USER, REPORT, USER, REPORT, USER]):
        message = MessageCreate.of(
            conversation_id=conversation.id, role=role, author="Ida", text=str(number)
        )
        add_message(session=session, message=message)

    def texts(*roles: MessageRole, limit: int) -> list[str]:
        rows = last_messages(
            session=session, conversation_id=conversation.id, roles=roles, limit=limit
        )
        return [row.text for row in rows]

    assert texts(USER, limit=2) == ["2", "4"]
    assert texts(USER, REPORT, limit=3) == ["2", "3", "4"]
    assert texts(REPORT, limit=9) == ["1", "3"]
    assert texts(MessageRole.ASSISTANT, limit=1) == []


def test_a_job_that_was_told_is_told_again_when_it_is_asked_for_again(
    session: Session, conversation: Conversation
) -> None:
    job = add_job(session, state=JobState.DONE)

    def open_reports() -> int:
        return len(unreported_jobs(session=session, conversation_id=conversation.id))

    for _ in range(2):
        expect_report(session=session, conversation_id=conversation.id, job_id=job.id)
        assert open_reports() == 1
        assert mark_reported(session=session, conversation_id=conversation.id, job_id=job.id)
        assert open_reports() == 0
