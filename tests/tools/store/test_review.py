from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tests.tools.store.store_rows import StoredRows, add_rows, at_once
from tools.errors import BadInput, UnknownName
from tools.store.database import Database
from tools.store.review import (
    MOST_COMMENTS,
    Choice,
    CommentCreate,
    add_comment,
    list_comments,
    list_votes,
    set_vote,
)
from tools.store.take import get_take
from tools.store.user import Role, UserCreate, add_user


@pytest.fixture
def rows(session: Session) -> StoredRows:
    return add_rows(session)


def comment(rows: StoredRows, text: str) -> CommentCreate:
    return CommentCreate(take_id=rows.take, user_id=rows.user, author="Ida", text=text)


def test_the_last_vote_of_each_user_counts(session: Session, rows: StoredRows) -> None:
    reviewer = UserCreate(
        name="Otto", role=Role.REVIEWER, password_hash="scrypt$1", production_id=rows.production
    )
    otto = add_user(session=session, user=reviewer)
    for user, vote in (
        (rows.user, Choice.PICK),
        (otto.id, Choice.PICK),
        (rows.user, Choice.REJECT),
    ):
        assert set_vote(session=session, take_id=rows.take, user_id=user, vote=vote).vote is vote
    found = list_votes(session=session, take_ids=[rows.take])
    assert [(name, vote.vote) for vote, name in found] == [
        ("Otto", Choice.PICK),
        ("Ida", Choice.REJECT),
    ]
    assert list_votes(session=session, take_ids=[]) == []
    assert get_take(session=session, take_id=rows.take).picked_at is None


def test_votes_and_comments_need_a_take(session: Session, rows: StoredRows) -> None:
    with pytest.raises(UnknownName, match="no take none"):
        set_vote(session=session, take_id="none", user_id=rows.user, vote=Choice.PICK)
    lost = comment(rows, "warmer").model_copy(update={"take_id": "none"})
    with pytest.raises(UnknownName, match="no take none"):
        add_comment(session=session, comment=lost)


def test_comments_are_kept_in_order(session: Session, rows: StoredRows) -> None:
    for text in ("warmer", "<b>no</b>", "warmer"):
        add_comment(session=session, comment=comment(rows, text))
    found = list_comments(session=session, take_ids=[rows.take])
    assert [(row.author, row.text) for row in found] == [
        ("Ida", "warmer"),
        ("Ida", "<b>no</b>"),
        ("Ida", "warmer"),
    ]
    assert list_comments(session=session, take_ids=["none"]) == []


def test_nobody_fills_a_take_with_comments(session: Session, rows: StoredRows) -> None:
    for number in range(MOST_COMMENTS):
        add_comment(session=session, comment=comment(rows, f"warmer {number}"))
    with pytest.raises(BadInput, match="100 things about this take"):
        add_comment(session=session, comment=comment(rows, "and warmer"))
    other = comment(rows, "colder").model_copy(update={"author": "Somebody else"})
    add_comment(session=session, comment=other)
    assert len(list_comments(session=session, take_ids=[rows.take])) == MOST_COMMENTS + 1


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_an_empty_or_endless_comment_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="text"):
        CommentCreate(take_id="a", user_id="b", author="Ida", text=text)


def test_votes_at_once_are_one_vote(database: Database, stored: StoredRows) -> None:
    def vote(index: int) -> bool:
        choice = list(Choice)[index % 2]
        with database.session() as session:
            row = set_vote(session=session, take_id=stored.take, user_id=stored.user, vote=choice)
        return row.vote is choice

    assert all(at_once(vote))
    with database.reading() as session:
        assert len(list_votes(session=session, take_ids=[stored.take])) == 1
