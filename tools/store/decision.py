"""Decisions: what a person answered to a question of the agent, each question once.

Knows the table and its queries; must not know what is asked nor how a run goes on.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel
from sqlmodel import Field, Session

from tools.store.model import StoreModel, canonical_json, enum_type, insert_or_ignore, now


class Answered(StrEnum):
    """How a question ended."""

    APPROVE = "approve"
    REJECT = "reject"
    SUPERSEDED = "superseded"
    """A new message came first."""


class DecisionBase(StoreModel):
    """What a decision is made with."""

    interrupt_id: str = Field(primary_key=True, min_length=1, max_length=120)
    """The question's id, unique per question."""
    conversation_id: str = Field(foreign_key="conversation.id", index=True, max_length=32)
    tool: str = Field(min_length=1, max_length=80)
    arguments: str
    """JSON of the arguments as they were decided on."""
    decision: Answered = Field(sa_type=enum_type(Answered), nullable=False)
    by: str = Field(min_length=1, max_length=40)
    """Name of the user."""


class DecisionCreate(DecisionBase):
    """A checked decision that is not stored yet."""

    @classmethod
    def of(
        cls,
        *,
        interrupt_id: str,
        conversation_id: str,
        tool: str,
        arguments: BaseModel,
        decision: Answered,
        by: str,
    ) -> DecisionCreate:
        """Build one from the tool's typed arguments."""
        return cls(
            interrupt_id=interrupt_id,
            conversation_id=conversation_id,
            tool=tool,
            arguments=canonical_json(arguments),
            decision=decision,
            by=by,
        )


class Decision(DecisionBase, table=True):
    """A stored decision; it is never changed."""

    __tablename__ = "decision"

    decided_at: datetime = Field(default_factory=now)


def record_decision(*, session: Session, decision: DecisionCreate) -> bool:
    """Store the answer unless the question has one; True for the one answer that counts."""
    values = {**decision.model_dump(), "decided_at": now()}
    return insert_or_ignore(session, Decision, values)


def find_decision(*, session: Session, interrupt_id: str) -> Decision | None:
    """Return what was answered to this question, if anything."""
    return session.get(Decision, interrupt_id)
