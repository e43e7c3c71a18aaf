from __future__ import annotations

import json

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tests.tools.store.store_rows import StoredRows, at_once
from tools.contracts.model import Size
from tools.store.conversation import Conversation
from tools.store.database import Database
from tools.store.decision import (
    Answered,
    Decision,
    DecisionCreate,
    find_decision,
    record_decision,
)


def of_conversation(session: Session, conversation_id: str) -> list[Decision]:
    """First first."""
    query = select(Decision).where(Decision.conversation_id == conversation_id)
    return list(session.exec(query.order_by(col(Decision.decided_at))))


def create(conversation_id: str, interrupt_id: str, decision: Answered, by: str) -> DecisionCreate:
    return DecisionCreate.of(
        interrupt_id=interrupt_id,
        conversation_id=conversation_id,
        tool="train",
        arguments=Size(width=64, height=128),
        decision=decision,
        by=by,
    )


def test_the_first_answer_counts(session: Session, conversation: Conversation) -> None:
    first = create(conversation.id, "a", Answered.APPROVE, "Ida")
    second = create(conversation.id, "a", Answered.REJECT, "Otto")
    assert record_decision(session=session, decision=first)
    assert not record_decision(session=session, decision=second)
    stored = find_decision(session=session, interrupt_id="a")
    assert stored is not None
    assert (stored.decision, stored.by, stored.tool) == (Answered.APPROVE, "Ida", "train")
    assert json.loads(stored.arguments) == {"width": 64, "height": 128}
    assert stored.decided_at.utcoffset() is not None
    assert find_decision(session=session, interrupt_id="b") is None


def test_decisions_are_listed_in_the_order_they_were_made(
    session: Session, conversation: Conversation
) -> None:
    for interrupt_id in "cab":
        decision = create(conversation.id, interrupt_id, Answered.SUPERSEDED, "Ida")
        record_decision(session=session, decision=decision)
    rows = of_conversation(session, conversation.id)
    assert "".join(row.interrupt_id for row in rows) == "cab"


def test_a_decision_belongs_to_a_conversation(database: Database) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), database.session() as session:
        record_decision(session=session, decision=create("none", "a", Answered.REJECT, "Ida"))


@pytest.mark.parametrize("interrupt_id", ["", "x" * 121])
def test_an_id_that_is_none_is_refused(interrupt_id: str) -> None:
    with pytest.raises(ValidationError, match="interrupt_id"):
        create("a", interrupt_id, Answered.REJECT, "Ida")


def test_of_many_clicks_one_wins(database: Database, stored: StoredRows) -> None:
    def click(index: int) -> bool:
        answer = Answered.APPROVE if index % 2 else Answered.REJECT
        decision = create(stored.conversation, "a", answer, f"user {index}")
        with database.session() as session:
            return record_decision(session=session, decision=decision)

    won = at_once(click)
    assert sum(won) == 1
    with database.reading() as session:
        (row,) = of_conversation(session, stored.conversation)
    assert row.by == f"user {won.index(True)}"
