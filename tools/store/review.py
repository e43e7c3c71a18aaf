"""What people say about takes: votes and comments.

Knows the two tables and their queries; must not know who may vote. A vote never picks a take.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from tools.errors import BadInput
from tools.store.model import StoreModel, enum_type, insert_or_update, new_id, now
from tools.store.take import get_take
from tools.store.user import User

MOST_COMMENTS = 100
"""Of one person on one take: every one is drawn on everybody's board."""


class Choice(StrEnum):
    """What a vote says."""

    PICK = "pick"
    REJECT = "reject"


class Vote(StoreModel, table=True):
    """What one user thinks of one take; the last word counts."""

    __tablename__ = "vote"

    take_id: str = Field(primary_key=True, foreign_key="take.id", max_length=32)
    user_id: str = Field(primary_key=True, foreign_key="user.id", max_length=32)
    vote: Choice = Field(sa_type=enum_type(Choice), nullable=False)
    at: datetime = Field(default_factory=now)


class CommentBase(StoreModel):
    """What a comment is made with."""

    take_id: str = Field(foreign_key="take.id", index=True, max_length=32)
    user_id: str | None = Field(default=None, foreign_key="user.id", max_length=32)
    """None for the one who works in a studio without accounts."""
    author: str = Field(min_length=1, max_length=40)
    """The user's name when it was written."""
    text: str = Field(min_length=1, max_length=2000)


class CommentCreate(CommentBase):
    """A checked comment that is not stored yet."""


class Comment(CommentBase, table=True):
    """A stored comment; it is never changed."""

    __tablename__ = "comment"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    at: datetime = Field(default_factory=now)


def set_vote(*, session: Session, take_id: str, user_id: str, vote: Choice) -> Vote:
    """Store a user's vote on a take in place of an earlier one.

    Raises:
        UnknownName: there is no such take.
    """
    get_take(session=session, take_id=take_id)
    insert_or_update(
        session,
        Vote,
        keys={"take_id": take_id, "user_id": user_id},
        values={"vote": Choice(vote), "at": now()},
    )
    return session.get_one(Vote, (take_id, user_id), populate_existing=True)


def list_votes(*, session: Session, take_ids: Collection[str]) -> list[tuple[Vote, str]]:
    """Return the votes on these takes with the voters' names, oldest first."""
    return list(
        session.exec(
            select(Vote, User.name)
            .join(User, col(User.id) == Vote.user_id)
            .where(col(Vote.take_id).in_(take_ids))
            .order_by(col(Vote.at))
        )
    )


def add_comment(*, session: Session, comment: CommentCreate) -> Comment:
    """Store a comment.

    Raises:
        UnknownName: there is no such take.
        BadInput: this person has said as much about it as there is room for.
    """
    get_take(session=session, take_id=comment.take_id)
    said = select(func.count()).where(
        Comment.take_id == comment.take_id, Comment.author == comment.author
    )
    if session.exec(said).one() >= MOST_COMMENTS:
        raise BadInput(
            f"{comment.author} has said {MOST_COMMENTS} things about this take, which is all there is "
            "room for; tell the director"
        )
    row = Comment.model_validate(comment)
    session.add(row)
    session.flush()
    return row


def list_comments(*, session: Session, take_ids: Collection[str]) -> list[Comment]:
    """Return the comments on these takes, oldest first."""
    return list(
        session.exec(
            select(Comment).where(col(Comment.take_id).in_(take_ids)).order_by(col(Comment.at))
        )
    )
