from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tests.tools.store.store_rows import StoredRows, add_job, at_once
from tools.contracts.digest import Shown, ShownKind
from tools.errors import UnknownName
from tools.store.conversation import (
    Conversation,
    Message,
    MessageCreate,
    MessageRole,
    UploadCreate,
    add_message,
    add_upload,
    get_conversation,
    get_shown,
    link_job,
    list_conversations,
    list_jobs,
    list_messages,
    list_unused,
    mark_reported,
    mark_used,
    set_shown,
    start_conversation,
    unreported_jobs,
)
from tools.store.database import Database
from tools.store.job import JobState
from tools.store.production import Production


def say(session: Session, conversation_id: str, text: str) -> Message:
    message = MessageCreate.of(
        conversation_id=conversation_id, role=MessageRole.USER, author="Ida", text=text
    )
    return add_message(session=session, message=message)


def attach(session: Session, conversation: Conversation, digest: str) -> str:
    upload = UploadCreate(
        conversation_id=conversation.id, digest=digest * 64, file_name="../a <b>.png"
    )
    return add_upload(session=session, upload=upload).id


def test_conversations_are_listed_newest_first(
    session: Session, production: Production, conversation: Conversation
) -> None:
    later = start_conversation(session=session, production_id=production.id, title="x" * 300)
    assert len(later.title) == 120
    assert list_conversations(session=session, production_id=production.id) == [later, conversation]
    assert get_conversation(session=session, conversation_id=later.id) == later
    with pytest.raises(UnknownName, match="no conversation none; start a new one"):
        get_conversation(session=session, conversation_id="none")


def test_messages_are_numbered_within_their_conversation(
    session: Session, production: Production, conversation: Conversation
) -> None:
    other = start_conversation(session=session, production_id=production.id)
    for text in ("one", "two", "three"):
        say(session, conversation.id, text)
    assert say(session, other.id, "elsewhere").position == 1
    rows = list_messages(session=session, conversation_id=conversation.id, after=1)
    assert [(row.position, row.text, row.answer) for row in rows] == [
        (2, "two", ""),
        (3, "three", ""),
    ]
    with pytest.raises(UnknownName, match="no conversation none"):
        say(session, "none", "lost")


def test_an_answer_is_kept_as_json(session: Session, conversation: Conversation) -> None:
    shown = Shown(kind=ShownKind.TAKES, labels=("12A T1",))
    message = MessageCreate.of(
        conversation_id=conversation.id,
        role=MessageRole.REPORT,
        author="Samecast",
        text="<script>alert(1)</script>",
        answer=shown,
    )
    add_message(session=session, message=message)
    (row,) = list_messages(session=session, conversation_id=conversation.id)
    assert Shown.model_validate_json(row.answer) == shown
    assert (row.role, row.text) == (MessageRole.REPORT, "<script>alert(1)</script>")
    with pytest.raises(ValidationError, match="author"):
        MessageCreate.of(
            conversation_id=conversation.id, role=MessageRole.USER, author="x" * 41, text="a"
        )


def test_messages_written_at_once_get_different_numbers(
    database: Database, stored: StoredRows
) -> None:
    def write(index: int) -> bool:
        with database.session() as session:
            return say(session, stored.conversation, str(index)).position > 0

    at_once(write, 12)
    with database.reading() as session:
        rows = list_messages(session=session, conversation_id=stored.conversation)
    assert [row.position for row in rows] == list(range(1, 13))
    assert {row.text for row in rows} == {str(index) for index in range(12)}


def test_what_was_shown_last_is_kept(session: Session, conversation: Conversation) -> None:
    assert get_shown(session=session, conversation_id=conversation.id) == "{}"
    shown = Shown(kind=ShownKind.FACES, character="Mara", labels=("1", "2"))
    set_shown(session=session, conversation_id=conversation.id, shown=shown)
    read = get_shown(session=session, conversation_id=conversation.id)
    assert Shown.model_validate_json(read) == shown
    with pytest.raises(UnknownName, match="no conversation none"):
        set_shown(session=session, conversation_id="none", shown=shown)


def test_a_job_is_linked_once(session: Session, conversation: Conversation) -> None:
    jobs = [add_job(session) for _ in range(2)]
    linked = [
        link_job(session=session, conversation_id=conversation.id, job_id=job.id)
        for job in (*jobs, jobs[0])
    ]
    assert linked == [True, True, False]
    assert list_jobs(session=session, conversation_id=conversation.id) == jobs


def test_ended_jobs_are_told_once(
    session: Session, production: Production, conversation: Conversation
) -> None:
    jobs = {state: add_job(session, state) for state in JobState}
    for job in jobs.values():
        link_job(session=session, conversation_id=conversation.id, job_id=job.id)
    told = {JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.UNKNOWN}
    found = unreported_jobs(session=session, conversation_id=conversation.id)
    assert {job.state for _, job in found} == told
    assert {link.conversation_id for link, _ in found} == {conversation.id}
    assert mark_reported(
        session=session, conversation_id=conversation.id, job_id=jobs[JobState.DONE].id
    )
    left = unreported_jobs(session=session)
    assert {job.state for _, job in left} == told - {JobState.DONE}
    running = unreported_jobs(session=session, states={JobState.CLAIMED})
    assert [job for _, job in running] == [jobs[JobState.CLAIMED]]
    other = start_conversation(session=session, production_id=production.id)
    assert unreported_jobs(session=session, conversation_id=other.id) == []
    assert not mark_reported(
        session=session, conversation_id=other.id, job_id=jobs[JobState.FAILED].id
    )


def test_one_of_many_reporters_tells(database: Database, stored: StoredRows) -> None:
    with database.session() as session:
        link_job(session=session, conversation_id=stored.conversation, job_id=stored.job)

    def report(_: int) -> bool:
        with database.session() as session:
            return mark_reported(
                session=session, conversation_id=stored.conversation, job_id=stored.job
            )

    assert sum(at_once(report)) == 1


def test_a_link_made_at_once_is_one_link(database: Database, stored: StoredRows) -> None:
    def link(_: int) -> bool:
        with database.session() as session:
            return link_job(session=session, conversation_id=stored.conversation, job_id=stored.job)

    assert sum(at_once(link)) == 1


def test_attached_pictures_wait_until_they_are_used(
    session: Session, conversation: Conversation
) -> None:
    first, second = (attach(session, conversation, digest) for digest in "ab")
    waiting = list_unused(session=session, conversation_id=conversation.id)
    assert [row.id for row in waiting] == [first, second]
    assert waiting[0].file_name == "../a <b>.png"
    assert mark_used(session=session, upload_ids=[first]) == 1
    assert mark_used(session=session, upload_ids=[first, second]) == 1
    assert list_unused(session=session, conversation_id=conversation.id) == []


@pytest.mark.parametrize(("digest", "name"), [("g", "a.png"), ("a", ""), ("a", "x" * 256)])
def test_an_upload_without_digest_or_name_is_refused(digest: str, name: str) -> None:
    with pytest.raises(ValidationError, match=r"digest|file_name"):
        UploadCreate(conversation_id="a", digest=digest * 64, file_name=name)
