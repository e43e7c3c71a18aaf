"""Conversations: messages, the jobs they started, the pictures attached, and what was shown last.

Knows the tables and their queries; must not know what an answer or what is shown holds: both are
JSON text here. Messages are numbered within their conversation, and numbers are never reused.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel
from sqlalchemy import UniqueConstraint, func, update
from sqlmodel import Field, Session, col, select

from tools.contracts.model import Digest
from tools.errors import UnknownName
from tools.store.job import Job, JobState
from tools.store.model import StoreModel, canonical_json, enum_type, insert_or_ignore, new_id, now

TOLD = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.UNKNOWN})
"""States in which there is something to tell about a job: it ended, or waits for a person."""


class MessageRole(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    REPORT = "report"
    """The studio says what came of a job."""


class UploadKind(StrEnum):
    """What an attached file is."""

    PHOTO = "photo"


class Conversation(StoreModel, table=True):
    """A conversation about one production."""

    __tablename__ = "conversation"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    production_id: str = Field(foreign_key="production.id", index=True, max_length=32)
    title: str = Field(default="", max_length=120)
    shown: str = "{}"
    """JSON of what the numbers that a director says stand for."""
    created_at: datetime = Field(default_factory=now)


class MessageBase(StoreModel):
    """What a message is made with."""

    conversation_id: str = Field(foreign_key="conversation.id", max_length=32)
    role: MessageRole = Field(sa_type=enum_type(MessageRole), nullable=False)
    author: str = Field(min_length=1, max_length=40)
    text: str
    answer: str = ""
    """JSON of what the agent gave back beside the text; empty when nothing."""


class MessageCreate(MessageBase):
    """A checked message that is not stored yet."""

    @classmethod
    def of(
        cls,
        *,
        conversation_id: str,
        role: MessageRole,
        author: str,
        text: str,
        answer: BaseModel | None = None,
    ) -> MessageCreate:
        """Build one from its typed answer."""
        return cls(
            conversation_id=conversation_id,
            role=role,
            author=author,
            text=text,
            answer="" if answer is None else canonical_json(answer),
        )


class Message(MessageBase, table=True):
    """A stored message; it is never changed."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    position: int = Field(ge=1)
    created_at: datetime = Field(default_factory=now)


class ConversationJob(StoreModel, table=True):
    """A job that a conversation started, and whether its end was told there."""

    __tablename__ = "conversation_job"

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id", max_length=32)
    job_id: str = Field(primary_key=True, foreign_key="job.id", max_length=32, index=True)
    reported_at: datetime | None = None


class UploadBase(StoreModel):
    """What an attached file is stored with."""

    conversation_id: str = Field(foreign_key="conversation.id", index=True, max_length=32)
    digest: Digest
    """SHA-256 of the stored file."""
    file_name: str = Field(min_length=1, max_length=255)
    """As it was called where it came from: shown, never opened."""
    kind: UploadKind = Field(
        default=UploadKind.PHOTO, sa_type=enum_type(UploadKind), nullable=False
    )


class UploadCreate(UploadBase):
    """A checked upload that is not stored yet."""


class Upload(UploadBase, table=True):
    """A stored upload."""

    __tablename__ = "upload"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    used_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)


def start_conversation(*, session: Session, production_id: str, title: str = "") -> Conversation:
    """Store a new, empty conversation."""
    row = Conversation(production_id=production_id, title=title[:120])
    session.add(row)
    session.flush()
    return row


def get_conversation(
    *, session: Session, conversation_id: str, locked: bool = False
) -> Conversation:
    """Return a conversation by its id, locked until the transaction ends if asked.

    Raises:
        UnknownName: there is none.
    """
    row = session.get(Conversation, conversation_id, with_for_update=locked or None)
    if row is None:
        raise UnknownName(f"no conversation {conversation_id}; start a new one")
    return row


def list_conversations(*, session: Session, production_id: str) -> list[Conversation]:
    """Return the production's conversations, newest first."""
    return list(
        session.exec(
            select(Conversation)
            .where(Conversation.production_id == production_id)
            .order_by(col(Conversation.created_at).desc())
        )
    )


def add_message(*, session: Session, message: MessageCreate) -> Message:
    """Store a message at the conversation's next position.

    Raises:
        UnknownName: there is no such conversation.
    """
    get_conversation(session=session, conversation_id=message.conversation_id, locked=True)
    last = session.exec(
        select(func.max(Message.position)).where(Message.conversation_id == message.conversation_id)
    ).one()
    row = Message.model_validate(message, update={"position": (last or 0) + 1})
    session.add(row)
    session.flush()
    return row


def list_messages(*, session: Session, conversation_id: str, after: int = 0) -> list[Message]:
    """Return the messages behind a position, first first; position 0 is before all."""
    return list(
        session.exec(
            select(Message)
            .where(Message.conversation_id == conversation_id, col(Message.position) > after)
            .order_by(col(Message.position))
        )
    )


def set_shown(*, session: Session, conversation_id: str, shown: BaseModel) -> None:
    """Store what was shown last.

    Raises:
        UnknownName: there is no such conversation.
    """
    row = get_conversation(session=session, conversation_id=conversation_id, locked=True)
    row.shown = canonical_json(shown)
    session.add(row)
    session.flush()


def get_shown(*, session: Session, conversation_id: str) -> str:
    """Return the JSON of what was shown last; `{}` when nothing was.

    Raises:
        UnknownName: there is no such conversation.
    """
    return get_conversation(session=session, conversation_id=conversation_id).shown


def link_job(*, session: Session, conversation_id: str, job_id: str) -> bool:
    """Note that a conversation started a job; False when that is known."""
    values = {"conversation_id": conversation_id, "job_id": job_id, "reported_at": None}
    return insert_or_ignore(session, ConversationJob, values)


def list_jobs(*, session: Session, conversation_id: str) -> list[Job]:
    """Return the jobs that a conversation started, first first."""
    return list(
        session.exec(
            select(Job)
            .join(ConversationJob, col(ConversationJob.job_id) == Job.id)
            .where(ConversationJob.conversation_id == conversation_id)
            .order_by(col(Job.created_at), col(Job.id))
        )
    )


def unreported_jobs(
    *,
    session: Session,
    conversation_id: str | None = None,
    states: Collection[JobState] = TOLD,
) -> list[tuple[ConversationJob, Job]]:
    """Return linked jobs in these states that nobody has told about, first ended first.

    Args:
        session: An open transaction.
        conversation_id: Of this conversation; None means of all.
        states: States to choose from.
    """
    query = (
        select(ConversationJob, Job)
        .join(Job, col(Job.id) == ConversationJob.job_id)
        .where(col(ConversationJob.reported_at).is_(None), col(Job.state).in_(states))
        .order_by(col(Job.finished_at), col(Job.created_at))
    )
    if conversation_id is not None:
        query = query.where(ConversationJob.conversation_id == conversation_id)
    return list(session.exec(query))


def mark_reported(*, session: Session, conversation_id: str, job_id: str) -> bool:
    """Compare and set a linked job to told; True for the one who is to tell."""
    won = session.exec(
        update(ConversationJob)
        .where(
            col(ConversationJob.conversation_id) == conversation_id,
            col(ConversationJob.job_id) == job_id,
            col(ConversationJob.reported_at).is_(None),
        )
        .values(reported_at=now())
    )
    return won.rowcount == 1


def add_upload(*, session: Session, upload: UploadCreate) -> Upload:
    """Store an attached file that waits to be used."""
    row = Upload.model_validate(upload)
    session.add(row)
    session.flush()
    return row


def list_unused(*, session: Session, conversation_id: str) -> list[Upload]:
    """Return the attached files that wait to be used, first first."""
    return list(
        session.exec(
            select(Upload)
            .where(Upload.conversation_id == conversation_id, col(Upload.used_at).is_(None))
            .order_by(col(Upload.created_at), col(Upload.id))
        )
    )


def mark_used(*, session: Session, upload_ids: Collection[str]) -> int:
    """Mark attached files as used and return how many were not before."""
    marked = session.exec(
        update(Upload)
        .where(col(Upload.id).in_(upload_ids), col(Upload.used_at).is_(None))
        .values(used_at=now())
    )
    return int(marked.rowcount)
