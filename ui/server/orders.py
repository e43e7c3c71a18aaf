"""What the page's buttons send: one bounded model an action.

Knows shapes only. Who sends is never part of a body.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tools.contracts.limits import LONGEST_PHRASE, MOST_AT_ONCE
from tools.contracts.model import Contract

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""As the store gives them out."""
TakeSlate = Annotated[
    str, StringConstraints(max_length=16, pattern=r"^[0-9]{1,4}[A-Z]{0,2} T[0-9]{1,4}$")
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_PHRASE)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]


class TakesOrder(Contract):
    """Pick, reject or open takes, with what the person says about them."""

    production_id: Id
    takes: Annotated[tuple[TakeSlate, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    note: Note = ""


class VoteOrder(Contract):
    """A vote; it decides nothing."""

    production_id: Id
    take: TakeSlate
    vote: Literal["pick", "reject"]


class CommentOrder(Contract):
    """A comment on a take."""

    production_id: Id
    take: TakeSlate
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class DecideOrder(Contract):
    """The answer to a proposal of the agent."""

    conversation_id: Id
    interrupt_id: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    decision: Literal["approve", "reject"]
    note: Note = ""


class JobOrder(Contract):
    """A job."""

    job_id: Id


class UploadsOrder(Contract):
    """Attached pictures of a conversation; none named means all that were not used yet."""

    conversation_id: Id
    uploads: Annotated[tuple[Id, ...], Field(max_length=500)] = ()


class ConversationOrder(Contract):
    """A new conversation."""

    production_id: Id
    title: Title = ""


class ProductionOrder(Contract):
    """A new production."""

    name: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$"
        ),
    ]
