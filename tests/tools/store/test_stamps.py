from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from sqlmodel import Session

from tests.tools.store.store_rows import StoredRows, add_drawn_take, add_rows
from tools.store.conversation import MessageCreate, MessageRole, add_message
from tools.store.review import Choice, CommentCreate, add_comment, set_vote
from tools.store.shot import Shot
from tools.store.stamps import chat_stamp, takes_stamp
from tools.store.take import pick_take, reject_take, unpick


@pytest.fixture
def rows(session: Session) -> StoredRows:
    return add_rows(session)


def test_takes_and_what_was_said_of_them_change_the_stamp(
    session: Session, rows: StoredRows
) -> None:
    comment = CommentCreate(take_id=rows.take, user_id=rows.user, author="Ida", text="warmer")
    steps: list[Callable[[], object]] = [
        lambda: pick_take(session=session, take_id=rows.take),
        lambda: reject_take(session=session, take_id=rows.take),
        lambda: pick_take(session=session, take_id=rows.take),
        lambda: unpick(session=session, take_id=rows.take),
        lambda: set_vote(session=session, take_id=rows.take, user_id=rows.user, vote=Choice.REJECT),
        lambda: add_comment(session=session, comment=comment),
        lambda: add_drawn_take(session, session.get_one(Shot, rows.shot)),
    ]
    seen = [takes_stamp(session=session, production_id=rows.production)]
    assert takes_stamp(session=session, production_id=rows.production) == seen[0]
    for step in steps:
        step()
        seen.append(takes_stamp(session=session, production_id=rows.production))
    assert all(one != next_one for one, next_one in pairwise(seen))


def test_a_message_changes_the_stamp_of_its_conversation(
    session: Session, rows: StoredRows
) -> None:
    before = chat_stamp(session=session, conversation_id=rows.conversation)
    message = MessageCreate(
        conversation_id=rows.conversation, role=MessageRole.USER, author="Ida", text="hello"
    )
    add_message(session=session, message=message)
    assert chat_stamp(session=session, conversation_id=rows.conversation) != before
